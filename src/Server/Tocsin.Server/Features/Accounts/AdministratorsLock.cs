using Microsoft.EntityFrameworkCore;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Schema;

namespace Tocsin.Server.Features.Accounts;

/// <summary>Held until commit by whatever changes who is an administrator: two of them must not take each other's role away at once, nor two first administrators appear.</summary>
/// <remarks>SQLite's single writer is the lock already.</remarks>
internal static class AdministratorsLock
{
    private const long Key = 0x544F434144; // "TOCAD"

    public static Task TakeAsync(CommandTransaction transaction, CancellationToken cancellationToken) =>
        transaction.Db.Kind == DatabaseKind.Sqlite ? Task.CompletedTask : transaction.Db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({Key})", cancellationToken);
}
