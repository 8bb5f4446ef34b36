using Microsoft.EntityFrameworkCore;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Commands;

/// <summary>Held from the numbering of events until commit, by one transaction of the whole installation at a time.</summary>
/// <remarks>A PostgreSQL sequence would number in allocation order, not commit order: a reader could pass 8 while 7 is not yet committed, and never see it. SQLite's single writer is the lock already.</remarks>
internal static class LogLock
{
    private const long Key = 0x544F43534C4F47; // "TOCSLOG"

    public static Task TakeAsync(TocsinDbContext db, CancellationToken cancellationToken) =>
        db.Kind == DatabaseKind.Sqlite
            ? Task.CompletedTask
            : db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({Key})", cancellationToken);
}
