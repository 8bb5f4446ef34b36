using Tocsin.Storage.Schema;
using Tocsin.Storage.Sqlite;

namespace Tocsin.Storage.Bulk;

/// <summary>Changes many rows fast, in the context's current transaction: a prepared statement per row on SQLite, one statement over arrays on PostgreSQL.</summary>
internal sealed class BulkChange<TRow>
{
    private readonly BulkColumn<TRow>[] columns;
    private readonly string perRow;
    private readonly string overArrays;

    private BulkChange(BulkColumn<TRow>[] columns, string perRow, string overArrays) => (this.columns, this.perRow, this.overArrays) = (columns, perRow, overArrays);

    /// <summary>Sets <paramref name="changes"/> of the rows whose <paramref name="key"/> it is.</summary>
    public static BulkChange<TRow> Update(string table, BulkColumn<TRow> key, params BulkColumn<TRow>[] changes)
    {
        BulkColumn<TRow>[] all = [.. changes, key];
        return new BulkChange<TRow>(
            all,
            $"UPDATE {table} SET {Join(changes, column => $"{column} = ?")} WHERE {key.Name} = ?",
            $"UPDATE {table} SET {Join(changes, column => $"{column} = changed.{column}")} FROM {Unnest(all)} WHERE {table}.{key.Name} = changed.{key.Name}");
    }

    /// <summary>Inserts, or adds <paramref name="sum"/> (a number) to the row that has the same <paramref name="key"/>. No key may occur twice.</summary>
    public static BulkChange<TRow> Add(string table, BulkColumn<TRow> sum, params BulkColumn<TRow>[] key)
    {
        BulkColumn<TRow>[] all = [.. key, sum];
        var insert = $"INSERT INTO {table} ({Join(all, column => column)})";
        var orAdd = $"ON CONFLICT ({Join(key, column => column)}) DO UPDATE SET {sum.Name} = {table}.{sum.Name} + excluded.{sum.Name}";
        return new BulkChange<TRow>(
            all,
            $"{insert} VALUES ({Join(all, _ => "?")}) {orAdd}",
            $"{insert} SELECT {Join(all, column => column)} FROM {Unnest(all)} {orAdd}");
    }

    public async Task RunAsync(TocsinDbContext db, IReadOnlyList<TRow> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0) return;
        if (db.Kind == DatabaseKind.Sqlite)
        {
            RunOnSqlite(db, rows);
            return;
        }

        await using var command = db.CreateCommand(overArrays);
        foreach (var column in columns) command.Parameters.Add(column.ToArray(rows));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private void RunOnSqlite(TocsinDbContext db, IReadOnlyList<TRow> rows)
    {
        using var statement = new SqliteStatement(db, perRow);
        foreach (var row in rows)
        {
            for (var i = 0; i < columns.Length; i++) columns[i].Bind(statement, i + 1, row);
            statement.Execute();
        }
    }

    private static string Join(BulkColumn<TRow>[] columns, Func<string, string> write) => string.Join(", ", columns.Select(column => write(column.Name)));

    private static string Unnest(BulkColumn<TRow>[] columns) => $"unnest({Join(columns, column => "@" + column)}) AS changed({Join(columns, column => column)})";
}
