using Microsoft.EntityFrameworkCore;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Identities;

/// <summary>Held by one transaction of the whole installation at a time, from the reading of the directory's head until commit: each entry hashes the one before.</summary>
/// <remarks>Taken before the lock of events, never after. SQLite's single writer is the lock already.</remarks>
public static class DirectoryLogLock
{
    private const long Key = 0x544F434449524C; // "TOCDIRL"

    public static Task TakeAsync(TocsinDbContext db, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        return db.Kind == DatabaseKind.Sqlite ? Task.CompletedTask : db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({Key})", cancellationToken);
    }
}
