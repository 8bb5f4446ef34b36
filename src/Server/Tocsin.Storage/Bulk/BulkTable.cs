using System.Data.Common;
using Npgsql;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Bulk;

/// <summary>Inserts many rows fast, in the context's current transaction: prepared statements on SQLite, binary COPY on PostgreSQL.</summary>
/// <remarks>Past EF Core on purpose: its change tracker costs ten times the insert itself.</remarks>
internal sealed class BulkTable<TRow>(string name, params BulkColumn<TRow>[] columns)
{
    /// <returns>How many rows were inserted.</returns>
    public Task<int> InsertAsync(TocsinDbContext db, IEnumerable<TRow> rows, CancellationToken cancellationToken) =>
        db.Kind == DatabaseKind.Sqlite ? InsertIntoSqliteAsync(db, rows, cancellationToken) : CopyAsync(db, rows, cancellationToken);

    private string ColumnNames => string.Join(", ", columns.Select(column => column.Name));

    private async Task<int> InsertIntoSqliteAsync(TocsinDbContext db, IEnumerable<TRow> rows, CancellationToken cancellationToken)
    {
        var parameters = new DbParameter[columns.Length];
        await using var command = db.CreateCommand($"INSERT INTO {name} ({ColumnNames}) VALUES ({string.Join(", ", columns.Select((_, i) => $"@p{i}"))})");
        for (var i = 0; i < columns.Length; i++)
        {
            parameters[i] = command.CreateParameter();
            parameters[i].ParameterName = $"@p{i}";
            command.Parameters.Add(parameters[i]);
        }

        var count = 0;
        foreach (var row in rows)
        {
            // SQLite answers within the call; asking about cancellation costs more than a row, so only now and then.
            if ((++count & 0x3FF) == 0) cancellationToken.ThrowIfCancellationRequested();
            for (var i = 0; i < columns.Length; i++) parameters[i].Value = columns[i].ForSqlite(row);
#pragma warning disable CA1849, MA0042 // As above: the asynchronous form is the same call in a wrapper.
            command.ExecuteNonQuery();
#pragma warning restore CA1849, MA0042
        }

        return count;
    }

    private async Task<int> CopyAsync(TocsinDbContext db, IEnumerable<TRow> rows, CancellationToken cancellationToken)
    {
        var connection = (NpgsqlConnection)Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.GetDbConnection(db.Database);
        await using var importer = await connection.BeginBinaryImportAsync($"COPY {name} ({ColumnNames}) FROM STDIN (FORMAT BINARY)", cancellationToken);
        foreach (var row in rows)
        {
            await importer.StartRowAsync(cancellationToken);
            foreach (var column in columns) await column.WriteAsync(importer, row, cancellationToken);
        }

        return (int)await importer.CompleteAsync(cancellationToken);
    }
}
