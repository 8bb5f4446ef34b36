using Microsoft.EntityFrameworkCore;
using Tocsin.Storage;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Accounts.Setup;

/// <summary>The first start: whoever can read the server's console becomes its first administrator.</summary>
internal sealed class FirstSetup(IDbContextFactory<TocsinDbContext> contexts, CommandStore store, SetupLinks links)
{
    /// <summary>The first administrator may also raise alerts, so that a small organisation is ready; roles can be parted later.</summary>
    public const Roles FirstRoles = Roles.Administrator | Roles.CrisisDirector | Roles.Staff;

    /// <summary>There is an administrator, who can sign in or was invited to.</summary>
    public static Task<bool> IsDoneAsync(TocsinDbContext db, CancellationToken cancellationToken) =>
        db.Users.AnyAsync(account => (account.Roles & Roles.Administrator) != Roles.None && account.DisabledAt == null, cancellationToken);

    /// <summary>A new link, good for an hour, at each start until the first administrator is there; then null.</summary>
    public async Task<IssuedSetupLink?> IssueLinkAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await IsDoneAsync(db, cancellationToken)) return null;
        return await store.CommitAsync((transaction, token) => links.IssueAsync(transaction, null, "system", token), cancellationToken);
    }
}
