using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting.Plans;
using Tocsin.Rehearsal;
using Tocsin.Storage;
using Tocsin.Testing;

namespace Tocsin.Scenarios.Starts;

/// <summary>The program listens before it has opened its database; a script and a person must be told all the same that it cannot.</summary>
public sealed class RefusedDatabaseTests
{
    // docs/operations/command-line.md.
    private const int DatabaseExitCode = 4;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_server_that_is_away_ends_the_start_with_a_sentence_and_the_exit_code()
    {
        var port = LoopbackPort.Free();
        var said = await RefusedAsync(string.Create(CultureInfo.InvariantCulture, $"postgres://tocsin:secret-word@127.0.0.1:{port}/tocsin"), _ => Task.CompletedTask);
        Assert.Contains(said, line => line.StartsWith("tocsin: The database cannot be used: ", StringComparison.Ordinal));
        Assert.DoesNotContain(said, line => line.Contains("secret-word", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_database_of_a_newer_version_ends_the_start_with_a_sentence_and_the_exit_code()
    {
        var said = await RefusedAsync(null, async file =>
        {
            await using var organisation = await Organisation.CreateAsync(DatabaseOptions.SqliteFile(file), 1, _ => ContactPointKind.Email, Cancellation);
            await using var db = await organisation.ContextAsync(Cancellation);
            await db.Database.ExecuteSqlRawAsync("INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (9999, 'later', '', 0)", Cancellation);
        });
        Assert.Contains(said, line => line.StartsWith("tocsin: This database was made by a newer version of Tocsin (schema 9999", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_is_no_database_ends_the_start_with_a_sentence_and_the_exit_code()
    {
        var said = await RefusedAsync(null, file => File.WriteAllTextAsync(file, new string('x', 4096), Cancellation));
        Assert.Contains(said, line => line.StartsWith("tocsin: The database cannot be used: ", StringComparison.Ordinal));
    }

    /// <returns>The lines that the program wrote.</returns>
    private static async Task<string[]> RefusedAsync(string? database, Func<string, Task> prepareFile)
    {
        using var data = new ScratchDirectory();
        await prepareFile(data.File("tocsin.db"));
        await using var server = ServerProcess.Prepare(data, database, new Dictionary<string, object>(StringComparer.Ordinal));
        await server.StartAsync();
        var exitCode = await server.WaitForExitAsync();
        Assert.True(exitCode == DatabaseExitCode, $"exit code {exitCode}:\n{server.Output}");
        Assert.DoesNotContain("Unhandled exception", server.Output, StringComparison.Ordinal);
        return server.Output.Split('\n');
    }
}
