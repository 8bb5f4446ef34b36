using Microsoft.EntityFrameworkCore;
using Npgsql;
using Tocsin.Storage.Schema;
using Tocsin.Storage.Sqlite;

namespace Tocsin.Storage.Bulk;

/// <summary>Inserts many rows fast, in the context's current transaction: prepared statements on SQLite; on PostgreSQL binary COPY, or one statement over arrays for a few.</summary>
/// <remarks>Past EF Core on purpose: its change tracker costs ten times the insert itself.</remarks>
internal sealed class BulkTable<TRow>(string name, params BulkColumn<TRow>[] columns)
{
    // COPY asks and is answered before the first row leaves; an insert goes at once. With more rows the insert's arrays cost more than that.
    private const int Few = 50;

    private readonly string columnNames = string.Join(", ", columns.Select(column => column.Name));
    private readonly string insertOverArrays =
        $"INSERT INTO {name} ({string.Join(", ", columns.Select(column => column.Name))}) SELECT * FROM unnest({string.Join(", ", columns.Select(column => "@" + column.Name))})";

    /// <returns>How many rows were inserted.</returns>
    public Task<int> InsertAsync(TocsinDbContext db, IEnumerable<TRow> rows, CancellationToken cancellationToken)
    {
        if (db.Kind == DatabaseKind.Sqlite) return Task.FromResult(InsertIntoSqlite(db, rows, cancellationToken));
        return rows is IReadOnlyList<TRow> { Count: > 0 and <= Few } few ? InsertFewAsync(db, few, cancellationToken) : CopyAsync(db, rows, cancellationToken);
    }

    private int InsertIntoSqlite(TocsinDbContext db, IEnumerable<TRow> rows, CancellationToken cancellationToken)
    {
        using var statement = new SqliteStatement(db, $"INSERT INTO {name} ({columnNames}) VALUES ({string.Join(", ", columns.Select(_ => "?"))})");
        var count = 0;
        foreach (var row in rows)
        {
            // Asking about cancellation costs more than a row: only now and then.
            if ((++count & 0x3FF) == 0) cancellationToken.ThrowIfCancellationRequested();
            for (var i = 0; i < columns.Length; i++) columns[i].Bind(statement, i + 1, row);
            statement.Execute();
        }

        return count;
    }

    private async Task<int> InsertFewAsync(TocsinDbContext db, IReadOnlyList<TRow> rows, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand(insertOverArrays);
        foreach (var column in columns) command.Parameters.Add(column.ToArray(rows));
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<int> CopyAsync(TocsinDbContext db, IEnumerable<TRow> rows, CancellationToken cancellationToken)
    {
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await using var importer = await connection.BeginBinaryImportAsync($"COPY {name} ({columnNames}) FROM STDIN (FORMAT BINARY)", cancellationToken);
        foreach (var row in rows)
        {
            await importer.StartRowAsync(cancellationToken);
            foreach (var column in columns) await column.WriteAsync(importer, row, cancellationToken);
        }

        return (int)await importer.CompleteAsync(cancellationToken);
    }
}
