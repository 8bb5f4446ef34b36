using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Tocsin.Storage.Schema;

/// <summary>Brings a database to this program's schema, and refuses one made by a newer program.</summary>
/// <remarks>Each migration is one transaction with its row in <c>schema_migrations</c>. Nodes that start together wait for each other.</remarks>
public sealed class SchemaMigrator(IDbContextFactory<TocsinDbContext> contexts, TimeProvider time)
{
    // Any number will do as long as nothing else takes it; this spells "TOCS".
    private const long MigrationLock = 0x544F4353;

    /// <returns>How many migrations were applied.</returns>
    /// <exception cref="SchemaRefusedException">The database was made by a newer program, or a released migration was edited.</exception>
    public Task<int> ApplyAsync(CancellationToken cancellationToken) => ApplyAsync(int.MaxValue, cancellationToken);

    /// <summary>As above, but no further than <paramref name="upTo"/>: a backup is restored into the schema of its own time.</summary>
    internal async Task<int> ApplyAsync(int upTo, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var connection = db.Database.GetDbConnection();
        await db.Database.OpenConnectionAsync(cancellationToken);
        await CreateBookkeepingAsync(connection, db.Kind, cancellationToken);
        var known = Migration.For(db.Kind);
        var applied = 0;
        foreach (var migration in known.Where(migration => migration.Version <= upTo))
            applied += await ApplyOneAsync(connection, db.Kind, migration, cancellationToken) ? 1 : 0;
        await RefuseNewerAsync(connection, known[^1].Version, cancellationToken);
        return applied;
    }

    /// <summary>The highest migration this program knows for <paramref name="kind"/>.</summary>
    public static int CurrentVersion(DatabaseKind kind) => Migration.For(kind)[^1].Version;

    /// <summary>The highest migration applied to <paramref name="db"/>, which has its bookkeeping table.</summary>
    internal static async Task<int> VersionAsync(TocsinDbContext db, CancellationToken cancellationToken) =>
        await db.Database.SqlQuery<int?>($"SELECT MAX(version) AS \"Value\" FROM schema_migrations").SingleAsync(cancellationToken) ?? 0;

    // Under the lock too: PostgreSQL's IF NOT EXISTS fails when two sessions create the same table at once.
    private static async Task CreateBookkeepingAsync(DbConnection connection, DatabaseKind kind, CancellationToken cancellationToken)
    {
        await using var transaction = await BeginAsync(connection, kind, cancellationToken);
        await ExecuteAsync(
            connection,
            transaction,
            "CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)",
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<DbTransaction> BeginAsync(DbConnection connection, DatabaseKind kind, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (kind == DatabaseKind.PostgreSql)
            await ExecuteAsync(connection, transaction, $"SELECT pg_advisory_xact_lock({MigrationLock})", cancellationToken);
        return transaction;
    }

    private async Task<bool> ApplyOneAsync(DbConnection connection, DatabaseKind kind, Migration migration, CancellationToken cancellationToken)
    {
        await using var transaction = await BeginAsync(connection, kind, cancellationToken);
        var present = await ScalarAsync(connection, transaction, $"SELECT checksum FROM schema_migrations WHERE version = {migration.Version}", cancellationToken);
        if (present is string checksum)
        {
            if (checksum != migration.Checksum)
                throw new SchemaRefusedException("schema-edited", $"Migration {migration.Version:0000} was changed after it was applied to this database.");
            return false;
        }

        await RefuseNewerAsync(connection, Migration.For(kind)[^1].Version, cancellationToken, transaction);
        await ExecuteAsync(connection, transaction, migration.Sql, cancellationToken);
        await ExecuteAsync(
            connection,
            transaction,
            $"INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES ({migration.Version}, '{migration.Name}', '{migration.Checksum}', {time.GetUtcNow().ToUnixTimeMilliseconds()})",
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private static async Task RefuseNewerAsync(DbConnection connection, int newestKnown, CancellationToken cancellationToken, DbTransaction? transaction = null)
    {
        var newest = await ScalarAsync(connection, transaction, "SELECT MAX(version) FROM schema_migrations", cancellationToken);
        if (newest is not (null or DBNull) && Convert.ToInt64(newest) > newestKnown)
        {
            throw new SchemaRefusedException(
                "schema-newer",
                $"This database was made by a newer version of Tocsin (schema {newest}, this program knows {newestKnown}). Start the newer program, or restore a backup made before the upgrade.");
        }
    }

    private static async Task ExecuteAsync(DbConnection connection, DbTransaction? transaction, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // The text is an embedded migration or built from numbers and hashes of our own.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<object?> ScalarAsync(DbConnection connection, DbTransaction? transaction, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // As above.
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}

/// <summary>The database cannot be used by this program. <see cref="Code"/> is stable.</summary>
public sealed class SchemaRefusedException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}
