using Npgsql;
using Tocsin.Storage.Schema;
using Tocsin.Storage.Sqlite;

namespace Tocsin.Storage.Bulk;

/// <summary>Takes numbers for many rows at once from the counter of a table's <c>id</c>, so that rows that point at each other can be written in bulk.</summary>
internal static class RowIds
{
    /// <returns>Numbers that no row of <paramref name="table"/> has or will have, in ascending order.</returns>
    public static async Task<long[]> TakeAsync(TocsinDbContext db, string table, int count, CancellationToken cancellationToken)
    {
        if (count == 0) return [];
        return db.Kind == DatabaseKind.Sqlite ? TakeFromSqlite(db, table, count) : await TakeFromPostgreSqlAsync(db, table, count, cancellationToken);
    }

    private static long[] TakeFromSqlite(TocsinDbContext db, string table, int count)
    {
        // AUTOINCREMENT keeps the highest number ever given, and an insert with a number of its own raises it.
        using var statement = new SqliteStatement(db, "SELECT seq FROM sqlite_sequence WHERE name = ?");
        var last = statement.Bind(1, table).Step() ? statement.Number(0) : 0;
        var ids = new long[count];
        for (var i = 0; i < count; i++) ids[i] = last + 1 + i;
        return ids;
    }

    private static async Task<long[]> TakeFromPostgreSqlAsync(TocsinDbContext db, string table, int count, CancellationToken cancellationToken)
    {
        // The counter's name is looked up once: for each number it costs ten times what the number does.
        await using var command = db.CreateCommand("""
            WITH counter AS MATERIALIZED (SELECT pg_get_serial_sequence(@table, 'id')::regclass AS name)
            SELECT nextval(name) FROM counter CROSS JOIN generate_series(1, @count)
            """);
        command.Parameters.Add(new NpgsqlParameter("@table", table));
        command.Parameters.Add(new NpgsqlParameter("@count", count));
        var ids = new List<long>(count);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) ids.Add(reader.GetInt64(0));
        return [.. ids];
    }
}
