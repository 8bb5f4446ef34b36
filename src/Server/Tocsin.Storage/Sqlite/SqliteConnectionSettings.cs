using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace Tocsin.Storage.Sqlite;

/// <summary>What each connection to the embedded database is told when it opens.</summary>
/// <remarks>
/// WAL lets readers go on beside the writer. synchronous=FULL makes a commit survive a power cut, not only a crash: an accepted alert is never lost.
/// The checkpoint comes after 16 MiB rather than 4: a large alert writes in bursts.
/// A connection may keep 32 MB of pages, and all of this process together <see cref="MostMemory"/>: past that, a connection that needs a page gives up another of its own.
/// </remarks>
internal sealed class SqliteConnectionSettings : DbConnectionInterceptor
{
    /// <summary>Octets. Without it a dozen connections come to keep 32 MB each once the database has outgrown what is mapped.</summary>
    internal const long MostMemory = 64 * 1024 * 1024;

    private static readonly string settings =
        string.Create(CultureInfo.InvariantCulture, $"PRAGMA soft_heap_limit={MostMemory}; ") +
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=4000; PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456;";

    private static readonly ConditionalWeakTable<sqlite3, object> told = [];

    public static SqliteConnectionSettings Instance { get; } = new();

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Apply(connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Apply(connection);
        return Task.CompletedTask;
    }

    private static void Apply(DbConnection connection)
    {
        // A connection of the pool keeps what it was told; telling it again would cost more than most of what is asked.
        if (((SqliteConnection)connection).Handle is not { } handle || !told.TryAdd(handle, new object())) return;
        using var command = connection.CreateCommand();
        command.CommandText = settings;
        command.ExecuteNonQuery();
    }
}
