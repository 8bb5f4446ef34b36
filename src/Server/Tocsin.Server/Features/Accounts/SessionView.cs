using Tocsin.Alerting;
using Tocsin.Alerting.Content;
using Tocsin.Server.Access;
using Tocsin.Server.Features.Demonstration;
using Tocsin.Server.Features.Settings;
using Tocsin.Storage;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Accounts;

/// <summary>Who is signed in, as pages need it.</summary>
internal sealed record SessionView(
    SessionAccount Account,
    PersonId PersonId,
    ContentLanguage Language,
    IReadOnlyList<string> Roles,
    SessionId Session,
    SignInMethod Method,
    DateTimeOffset ExpiresAt,
    string Organisation,
    bool Demonstration)
{
    public static async Task<SessionView> ReadAsync(TocsinDbContext db, AccountHolder holder, Session session, CancellationToken cancellationToken) => new(
        new SessionAccount(holder.Account.Id, holder.Name, holder.Account.UserName!),
        holder.Account.PersonId,
        holder.Language ?? await DefaultLanguage.ReadAsync(db, cancellationToken),
        RoleNames.NamesOf(holder.Account.Roles),
        session.Id,
        session.Method,
        session.ExpiresAt,
        await OrganisationName.ReadAsync(db, cancellationToken),
        await DemonstrationStart.IsOneAsync(db, cancellationToken));
}

/// <param name="Name">The person's.</param>
internal sealed record SessionAccount(Guid Id, string Name, string SignInName);
