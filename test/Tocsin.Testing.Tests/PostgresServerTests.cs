using Npgsql;

namespace Tocsin.Testing.Tests;

public sealed class PostgresServerTests
{
    [Fact]
    public async Task Two_databases_of_the_shared_server_are_apart()
    {
        var server = await PostgresServer.Shared;
        var one = await server.CreateDatabaseAsync(TestContext.Current.CancellationToken);
        var other = await server.CreateDatabaseAsync(TestContext.Current.CancellationToken);
        await ExecuteAsync(one, "CREATE TABLE only_here (id BIGINT)");
        await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(other, "SELECT * FROM only_here"));
    }

    [Fact]
    public async Task A_server_of_ones_own_can_be_killed()
    {
        var server = await PostgresServer.StartAsync();
        var database = await server.CreateDatabaseAsync(TestContext.Current.CancellationToken);
        await ExecuteAsync(database, "SELECT 1");
        server.Signal("KILL");
        await server.DisposeAsync();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ExecuteAsync(database, "SELECT 1"));
    }

    [Fact]
    public async Task A_connection_string_reads_as_the_url_that_the_command_line_takes()
    {
        var server = await PostgresServer.Shared;
        var database = await server.CreateDatabaseAsync(TestContext.Current.CancellationToken);
        Assert.Matches($"^postgres://tocsin@127\\.0\\.0\\.1:{server.Port}/test_[0-9]+\\?Connection%20Idle%20Lifetime=[0-9]+&Connection%20Pruning%20Interval=[0-9]+$", PostgresServer.AsUrl(database));
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
