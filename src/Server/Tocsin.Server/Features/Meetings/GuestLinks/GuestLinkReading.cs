using Microsoft.EntityFrameworkCore;
using Tocsin.Server.Access;
using Tocsin.Storage;
using Tocsin.Storage.Meetings;

namespace Tocsin.Server.Features.Meetings.GuestLinks;

/// <summary>Finds the meeting that a guest's link leads to.</summary>
internal sealed class GuestLinkReading(IDbContextFactory<TocsinDbContext> contexts, TimeProvider time)
{
    /// <returns>Null where the link is unknown, revoked or too old, or the meeting has ended: which of these is nobody's business.</returns>
    public async Task<FoundGuestLink?> FindAsync(string? secret, CancellationToken cancellationToken)
    {
        if (!BearerSecret.TryHash(secret, out var hash)) return null;
        var now = time.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await (
            from link in db.Set<GuestLink>().AsNoTracking()
            join meeting in db.Set<Meeting>().AsNoTracking() on link.MeetingId equals meeting.Id
            where link.TokenHash == hash && link.RevokedAt == null && link.ExpiresAt > now && meeting.EndedAt == null
            select new FoundGuestLink(link.Id, meeting)).FirstOrDefaultAsync(cancellationToken);
    }
}

internal sealed record FoundGuestLink(GuestLinkId Id, Meeting Meeting);
