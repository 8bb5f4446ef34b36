using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Tocsin.Storage;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Model;
using Tocsin.Storage.Rooms;

namespace Tocsin.Server.Access;

/// <summary>Finds what a presented token stands for.</summary>
internal sealed class AccessLookup(IDbContextFactory<TocsinDbContext> contexts, AccessCache cache, AccessUse use)
{
    /// <returns>Null when the token is unknown, revoked, expired or idle for too long, or its account is disabled.</returns>
    public Task<AccessGrant?> FindSessionAsync(string token, CancellationToken cancellationToken) => FindAsync(token, LoadSessionAsync, cancellationToken);

    /// <returns>Null when the token is unknown, revoked or expired.</returns>
    public Task<AccessGrant?> FindApiTokenAsync(string token, CancellationToken cancellationToken) => FindAsync(token, LoadApiTokenAsync, cancellationToken);

    /// <returns>Null when the token is unknown or expired, or its guest refused, gone or removed.</returns>
    public Task<AccessGrant?> FindRoomGuestAsync(string token, CancellationToken cancellationToken) => FindAsync(token, LoadRoomGuestAsync, cancellationToken);

    private async Task<AccessGrant?> FindAsync(string token, Func<byte[], CancellationToken, Task<AccessGrant?>> load, CancellationToken cancellationToken)
    {
        if (!BearerSecret.TryHash(token, out var hash)) return null;
        var grant = await cache.GetAsync(hash, load, cancellationToken);
        if (grant is not null) use.Touch(grant);
        return grant;
    }

    private async Task<AccessGrant?> LoadSessionAsync(byte[] hash, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await (
            from session in db.Set<Session>().AsNoTracking()
            join account in db.Users.AsNoTracking() on session.AccountId equals account.Id
            join person in db.Set<Person>().AsNoTracking() on account.PersonId equals person.Id
            where session.TokenHash == hash && session.RevokedAt == null && account.DisabledAt == null
            select new { session, person.DisplayName, account.PersonId, account.Roles }).FirstOrDefaultAsync(cancellationToken);
        if (found is null) return null;
        var actor = new Actor($"account:{found.session.AccountId}", found.DisplayName, found.PersonId, found.Roles, null);
        var identity = ActorClaims.ToIdentity(actor, AccessSchemes.Session, found.session.Id.ToString());
        var lifetime = SessionLifetime.Of(found.session.Method);
        return new AccessGrant(found.session.Id.Value, found.session.AccountId, new ClaimsPrincipal(identity), found.session.ExpiresAt, lifetime.Idle)
        {
            LastSeenAt = found.session.LastSeenAt,
            OpenedAt = found.session.CreatedAt,
        };
    }

    private async Task<AccessGrant?> LoadRoomGuestAsync(byte[] hash, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var guest = await db.Set<RoomGuest>().AsNoTracking().FirstOrDefaultAsync(g => g.TokenHash == hash && g.EndedAt == null, cancellationToken);
        if (guest is null) return null;

        // What guests are called, the server does not know.
        var identity = ActorClaims.ToIdentity(new Actor($"guest:{guest.Account}", "guest", guest.Account, Roles.None, null), AccessSchemes.RoomGuest);
        identity.AddClaim(new Claim(ActorClaims.RoomOfGuestClaim, guest.RoomId.ToString()));
        return new AccessGrant(guest.Account.Value, null, new ClaimsPrincipal(identity), guest.ExpiresAt, null);
    }

    private async Task<AccessGrant?> LoadApiTokenAsync(byte[] hash, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var token = await db.Set<ApiToken>().AsNoTracking().FirstOrDefaultAsync(t => t.TokenHash == hash && t.RevokedAt == null, cancellationToken);
        if (token is null) return null;
        var identity = ActorClaims.ToIdentity(new Actor($"token:{token.Id}", token.Name, null, Roles.None, null), AccessSchemes.ApiToken);
        foreach (var scope in token.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries)) identity.AddClaim(new Claim(TokenScopes.ClaimType, scope));
        return new AccessGrant(token.Id.Value, null, new ClaimsPrincipal(identity), token.ExpiresAt ?? DateTimeOffset.MaxValue, null)
        {
            LastSeenAt = token.LastUsedAt ?? DateTimeOffset.MinValue,
        };
    }
}
