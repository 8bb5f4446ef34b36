using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting.Content;
using Tocsin.Storage;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Accounts;

/// <summary>An account with what the directory says of its person.</summary>
/// <param name="Language">Null: the organisation's.</param>
internal sealed record AccountHolder(Account Account, string Name, ContentLanguage? Language)
{
    public AuditActor ActorFrom(string? address) => new($"account:{Account.Id}", Name, address);

    public string Subject => $"account:{Account.Id}";

    public static Task<AccountHolder?> FindAsync(TocsinDbContext db, Guid id, CancellationToken cancellationToken) =>
        Holders(db, db.Users.Where(account => account.Id == id)).FirstOrDefaultAsync(cancellationToken);

    /// <param name="name">As <see cref="SignInName.TryRead"/> gives it.</param>
    public static Task<AccountHolder?> FindByNameAsync(TocsinDbContext db, string name, CancellationToken cancellationToken)
    {
        var normalised = SignInName.Normalise(name);
        return Holders(db, db.Users.Where(account => account.NormalizedUserName == normalised)).FirstOrDefaultAsync(cancellationToken);
    }

    public static IQueryable<AccountHolder> Holders(TocsinDbContext db, IQueryable<Account> accounts) =>
        from account in accounts
        join person in db.Set<Person>() on account.PersonId equals person.Id
        select new AccountHolder(account, person.DisplayName, person.Language);
}
