using Microsoft.EntityFrameworkCore;
using Tocsin.Server.Access;
using Tocsin.Server.Hosting;
using Tocsin.Storage;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Accounts.Setup;

/// <summary>Issues and finds set-up links. The token stands after <c>#</c>, so that it reaches no server log and no proxy.</summary>
internal sealed class SetupLinks(ServerAddress address)
{
    // Until the next working week for somebody who is away.
    private static readonly TimeSpan invitationLifetime = TimeSpan.FromDays(7);
    private static readonly TimeSpan firstStartLifetime = TimeSpan.FromHours(1);

    /// <summary>A link for <paramref name="account"/>; earlier ones end. Null for the first administrator's.</summary>
    public async Task<IssuedSetupLink> IssueAsync(CommandTransaction transaction, Guid? account, string issuer, CancellationToken cancellationToken)
    {
        var now = transaction.Now;
        if (account is not null) await WithdrawAsync(transaction, account.Value, cancellationToken);
        var token = BearerSecret.Create();
        var link = new SetupLink
        {
            Id = new SetupLinkId(Guid.CreateVersion7(now)),
            AccountId = account,
            TokenHash = BearerSecret.HashOf(token),
            CreatedBy = issuer,
            CreatedAt = now,
            ExpiresAt = now + (account is null ? firstStartLifetime : invitationLifetime),
        };
        transaction.Db.Add(link);
        return new IssuedSetupLink(link.Id, new Uri($"{address.Public.GetLeftPart(UriPartial.Authority)}/setup#{token}"), link.ExpiresAt);
    }

    /// <summary>Ends what links of <paramref name="account"/> are still open.</summary>
    public static Task WithdrawAsync(CommandTransaction transaction, Guid account, CancellationToken cancellationToken)
    {
        var now = transaction.Now;
        return transaction.Db.Set<SetupLink>().Where(l => l.AccountId == account && l.UsedAt == null && l.RevokedAt == null)
            .ExecuteUpdateAsync(l => l.SetProperty(p => p.RevokedAt, now), cancellationToken);
    }

    /// <returns>Null when there is no such link, or it cannot be used any more.</returns>
    public static async Task<OpenSetupLink?> FindAsync(TocsinDbContext db, string? token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!BearerSecret.TryHash(token, out var hash)) return null;
        var link = await db.Set<SetupLink>().FirstOrDefaultAsync(l => l.TokenHash == hash && l.UsedAt == null && l.RevokedAt == null && l.ExpiresAt > now, cancellationToken);
        if (link is null) return null;
        if (link.AccountId is not { } account) return await FirstSetup.IsDoneAsync(db, cancellationToken) ? null : new OpenSetupLink(link, null);
        return await AccountHolder.FindAsync(db, account, cancellationToken) is { Account.DisabledAt: null } holder ? new OpenSetupLink(link, holder) : null;
    }
}

/// <param name="Address">Holds the token: shown once, logged never.</param>
internal sealed record IssuedSetupLink(SetupLinkId Id, Uri Address, DateTimeOffset ExpiresAt);

/// <param name="Holder">Null for the first administrator, who has no account yet.</param>
internal sealed record OpenSetupLink(SetupLink Link, AccountHolder? Holder);
