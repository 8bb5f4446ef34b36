using Microsoft.EntityFrameworkCore;
using Npgsql;
using Tocsin.Storage.Schema;
using Tocsin.Storage.Sqlite;

namespace Tocsin.Storage.Bulk;

/// <summary>Inserts many rows fast, in the context's current transaction: prepared statements on SQLite, binary COPY on PostgreSQL.</summary>
/// <remarks>Past EF Core on purpose: its change tracker costs ten times the insert itself.</remarks>
internal sealed class BulkTable<TRow>(string name, params BulkColumn<TRow>[] columns)
{
    /// <returns>How many rows were inserted.</returns>
    public Task<int> InsertAsync(TocsinDbContext db, IEnumerable<TRow> rows, CancellationToken cancellationToken) =>
        db.Kind == DatabaseKind.Sqlite ? Task.FromResult(InsertIntoSqlite(db, rows, cancellationToken)) : CopyAsync(db, rows, cancellationToken);

    private string ColumnNames => string.Join(", ", columns.Select(column => column.Name));

    private int InsertIntoSqlite(TocsinDbContext db, IEnumerable<TRow> rows, CancellationToken cancellationToken)
    {
        using var statement = new SqliteStatement(db, $"INSERT INTO {name} ({ColumnNames}) VALUES ({string.Join(", ", columns.Select(_ => "?"))})");
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

    private async Task<int> CopyAsync(TocsinDbContext db, IEnumerable<TRow> rows, CancellationToken cancellationToken)
    {
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await using var importer = await connection.BeginBinaryImportAsync($"COPY {name} ({ColumnNames}) FROM STDIN (FORMAT BINARY)", cancellationToken);
        foreach (var row in rows)
        {
            await importer.StartRowAsync(cancellationToken);
            foreach (var column in columns) await column.WriteAsync(importer, row, cancellationToken);
        }

        return (int)await importer.CompleteAsync(cancellationToken);
    }
}
