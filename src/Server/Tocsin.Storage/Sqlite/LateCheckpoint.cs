using Microsoft.EntityFrameworkCore;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Sqlite;

/// <summary>Moves what a long transaction wrote from the write-ahead log into the database only after its turn to write has ended, so that nobody waits for that too.</summary>
/// <remarks>
/// SQLite's own checkpoint runs inside the commit that makes the log long. This one is passive: it waits for nobody, and writers go on beside it.
/// Disposed after the turn. The connection is set up anew when it is opened again.
/// </remarks>
internal sealed class LateCheckpoint : IAsyncDisposable
{
    private readonly TocsinDbContext db;

    private LateCheckpoint(TocsinDbContext db) => this.db = db;

    public static async Task<LateCheckpoint?> PrepareAsync(TocsinDbContext db, CancellationToken cancellationToken)
    {
        if (db.Kind != DatabaseKind.Sqlite) return null;
        await db.Database.OpenConnectionAsync(cancellationToken);
        await db.Database.ExecuteSqlRawAsync("PRAGMA wal_autocheckpoint=0", cancellationToken);
        return new LateCheckpoint(db);
    }

    public async ValueTask DisposeAsync()
    {
        await db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(PASSIVE)");
        await db.Database.CloseConnectionAsync();
    }
}
