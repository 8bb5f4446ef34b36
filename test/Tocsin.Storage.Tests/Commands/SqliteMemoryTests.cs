using Microsoft.EntityFrameworkCore;
using Tocsin.Storage.Sqlite;

namespace Tocsin.Storage.Tests.Commands;

public sealed class SqliteMemoryTests(SqliteStorage storage) : IClassFixture<SqliteStorage>
{
    /// <remarks>sqlite.org/pragma.html#pragma_soft_heap_limit: one limit for all connections of the process.</remarks>
    [Fact]
    public async Task The_pages_that_all_connections_keep_together_are_bounded()
    {
        await using var db = await storage.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        var limit = await db.Database.SqlQueryRaw<long>("SELECT soft_heap_limit AS Value FROM pragma_soft_heap_limit").SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal(SqliteConnectionSettings.MostMemory, limit);
    }
}
