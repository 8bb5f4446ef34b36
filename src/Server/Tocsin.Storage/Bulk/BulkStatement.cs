using Microsoft.EntityFrameworkCore;
using Npgsql;
using Tocsin.Storage.Schema;
using Tocsin.Storage.Sqlite;

namespace Tocsin.Storage.Bulk;

/// <summary>Runs one statement for many rows of values, in the context's current transaction.</summary>
/// <param name="sql">A constant of ours, with <c>?1</c>, <c>?2</c> ... for the values.</param>
internal sealed class BulkStatement(string sql)
{
    // PostgreSQL answers a batch in one round trip; past some hundreds nothing more is gained.
    private const int BatchSize = 500;

    /// <param name="rows">UUIDs, texts, whole numbers, booleans and nulls.</param>
    public async Task ExecuteAsync(TocsinDbContext db, IEnumerable<object?[]> rows, CancellationToken cancellationToken)
    {
        if (db.Kind == DatabaseKind.Sqlite)
        {
            ExecuteOnSqlite(db, rows, cancellationToken);
            return;
        }

        foreach (var chunk in rows.Chunk(BatchSize))
        {
            await using var batch = new NpgsqlBatch((NpgsqlConnection)db.Database.GetDbConnection());
            foreach (var row in chunk)
            {
                var command = new NpgsqlBatchCommand(sql.Replace('?', '$'));
                foreach (var value in row) command.Parameters.Add(ParameterOf(value));
                batch.BatchCommands.Add(command);
            }

            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private void ExecuteOnSqlite(TocsinDbContext db, IEnumerable<object?[]> rows, CancellationToken cancellationToken)
    {
        using var statement = new SqliteStatement(db, sql);
        foreach (var row in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var i = 0; i < row.Length; i++) Bind(statement, i + 1, row[i]);
            statement.Execute();
        }
    }

    private static void Bind(SqliteStatement statement, int parameter, object? value)
    {
        switch (value)
        {
            case null: statement.Bind(parameter, (long?)null); break;
            case Guid uuid: statement.Bind(parameter, uuid); break;
            case string text: statement.Bind(parameter, text); break;
            case bool flag: statement.Bind(parameter, flag); break;
            case long number: statement.Bind(parameter, number); break;
            default: throw new NotSupportedException(value.GetType().Name);
        }
    }

    private static NpgsqlParameter ParameterOf(object? value) => value is null ? new NpgsqlParameter { Value = DBNull.Value } : new NpgsqlParameter { Value = value };
}
