using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Tocsin.Storage;
using Tocsin.Storage.Schema;
using Tocsin.Testing;

namespace Tocsin.Server.Tests;

/// <summary>New databases with this program's schema and nothing in it: copies of one that was migrated once for all tests.</summary>
/// <remarks>The server still checks each migration when it starts. That migrations make the schema, on an empty database and on older ones, is what the tests of storage and the scenarios show.</remarks>
internal static class MigratedDatabase
{
    private static readonly Lazy<Task<byte[]>> sqliteFile = new(MigrateSqliteAsync);
    private static readonly Lazy<Task<string>> postgresTemplate = new(MigratePostgresAsync);

    /// <summary>Writes the embedded database's file, closed and whole, where none is yet.</summary>
    public static async Task PutAsync(string path)
    {
        if (!File.Exists(path)) await File.WriteAllBytesAsync(path, await sqliteFile.Value);
    }

    /// <returns>The connection string of a new database of the tests' own server.</returns>
    public static async Task<string> NewPostgresAsync(CancellationToken cancellationToken)
    {
        var template = await postgresTemplate.Value;
        return await (await PostgresServer.Shared).CopyDatabaseAsync(template, cancellationToken);
    }

    private static async Task<byte[]> MigrateSqliteAsync()
    {
        using var scratch = new ScratchDirectory();
        var database = DatabaseOptions.SqliteFile(scratch.File("migrated.db"));
        await MigrateAsync(database);

        // The last connection that closes moves what the write-ahead log holds into the file.
        database.CloseIdleConnections();
        if (File.Exists(scratch.File("migrated.db-wal"))) throw new InvalidOperationException("The migrated database is still open.");
        return await File.ReadAllBytesAsync(scratch.File("migrated.db"));
    }

    private static async Task<string> MigratePostgresAsync()
    {
        var connection = new NpgsqlConnectionStringBuilder(await (await PostgresServer.Shared).CreateDatabaseAsync())
        {
            // Nobody may be connected to a database that is copied.
            Pooling = false,
        };
        await MigrateAsync(new DatabaseOptions(DatabaseKind.PostgreSql, connection.ConnectionString));
        return connection.Database!;
    }

    private static async Task MigrateAsync(DatabaseOptions database)
    {
        var services = new ServiceCollection();
        services.AddSingleton(TimeProvider.System);
        services.AddLogging();
        services.AddTocsinStorage(database);
        await using var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<SchemaMigrator>().ApplyAsync(CancellationToken.None);
    }
}
