using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Storage;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Accounts.Administration;

/// <param name="Next">To pass as <c>after</c>; null at the end.</param>
internal sealed record AccountPage(IReadOnlyList<AccountView> Items, string? Next);

/// <param name="PersonActive">False for somebody whom the directory has let go: their account is likely to be disabled too.</param>
/// <param name="Passkeys">How many.</param>
/// <param name="OpenLinkUntil">A set-up link was issued and not used yet.</param>
internal sealed record AccountView(
    Guid Id, PersonId PersonId, string Name, bool PersonActive, string SignInName, IReadOnlyList<string> Roles, DateTimeOffset CreatedAt, DateTimeOffset? DisabledAt,
    int Passkeys, bool Password, int EmergencyCards, DateTimeOffset? OpenLinkUntil, DateTimeOffset? LastSeenAt);

/// <summary>Reads accounts as administrators see them.</summary>
internal static class AccountViews
{
    public const int MaximumPage = 200;

    /// <param name="search">Words of the person's name, or part of the sign-in name.</param>
    /// <param name="after">The sign-in name of the last account seen.</param>
    public static async Task<AccountPage> ListAsync(TocsinDbContext db, string? search, string? after, int limit, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var accounts = db.Users.AsNoTracking();
        if (after is not null && SignInName.TryRead(after, out var last)) accounts = After(accounts, SignInName.Normalise(last));
        var rows = await Project(db, Matching(db, accounts, search).OrderBy(account => account.NormalizedUserName).Take(limit + 1), now).ToListAsync(cancellationToken);
        rows.Sort((a, b) => string.CompareOrdinal(a.Account.NormalizedUserName, b.Account.NormalizedUserName));
        var page = rows.Take(limit).Select(View).ToList();
        return new AccountPage(page, rows.Count > limit ? page[^1].SignInName : null);
    }

    public static async Task<AccountView?> FindAsync(TocsinDbContext db, Guid id, DateTimeOffset now, CancellationToken cancellationToken) =>
        await Project(db, db.Users.AsNoTracking().Where(a => a.Id == id), now).FirstOrDefaultAsync(cancellationToken) is { } row ? View(row) : null;

#pragma warning disable CA1309 // Becomes SQL: the database compares as it sorts.
    private static IQueryable<Account> After(IQueryable<Account> accounts, string name) => accounts.Where(account => string.Compare(account.NormalizedUserName, name) > 0);
#pragma warning restore CA1309

    private static IQueryable<Account> Matching(TocsinDbContext db, IQueryable<Account> accounts, string? search)
    {
        if (string.IsNullOrWhiteSpace(search)) return accounts;
        var name = SignInName.Normalise(search.Trim());
        var people = db.Set<Person>().AsNoTracking();
        foreach (var word in SearchText.Words(search).Take(8)) people = people.Where(p => p.SearchText.Contains(" " + word));
        return accounts.Where(a => a.NormalizedUserName!.Contains(name) || people.Any(p => p.Id == a.PersonId));
    }

    private static IQueryable<Row> Project(TocsinDbContext db, IQueryable<Account> accounts, DateTimeOffset now) =>
        from account in accounts
        join person in db.Set<Person>() on account.PersonId equals person.Id
        select new Row(
            account,
            person.DisplayName,
            person.Active,
            db.Set<IdentityUserPasskey<Guid>>().Count(p => p.UserId == account.Id),
            db.Set<EmergencyCard>().Count(c => c.AccountId == account.Id && c.RevokedAt == null),
            db.Set<SetupLink>().Where(l => l.AccountId == account.Id && l.UsedAt == null && l.RevokedAt == null && l.ExpiresAt > now).Max(l => (DateTimeOffset?)l.ExpiresAt),
            db.Set<Session>().Where(s => s.AccountId == account.Id).Max(s => (DateTimeOffset?)s.LastSeenAt));

    private static AccountView View(Row row) => new(
        row.Account.Id, row.Account.PersonId, row.Name, row.Active, row.Account.UserName!, RoleNames.NamesOf(row.Account.Roles), row.Account.CreatedAt, row.Account.DisabledAt,
        row.Passkeys, row.Account.PasswordHash is not null, row.Cards, row.OpenLinkUntil, row.LastSeenAt);

    private sealed record Row(Account Account, string Name, bool Active, int Passkeys, int Cards, DateTimeOffset? OpenLinkUntil, DateTimeOffset? LastSeenAt);
}
