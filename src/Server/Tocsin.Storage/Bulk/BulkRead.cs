using System.Data.Common;
using Tocsin.Storage.Schema;
using Tocsin.Storage.Sqlite;

namespace Tocsin.Storage.Bulk;

/// <summary>Reads rows by the thousand in the context's open connection: past ADO.NET on SQLite, where that costs several times what SQLite itself does.</summary>
internal static class BulkRead
{
    /// <param name="sql">A constant of ours: values go into parameters.</param>
    /// <param name="parameters">Whole numbers and texts, or what <see cref="BulkSet"/> makes.</param>
    /// <param name="take">Called for each row, which is valid only meanwhile.</param>
    public static async Task RunAsync(TocsinDbContext db, string sql, (string Name, object Value)[] parameters, Action<StoredRow> take, CancellationToken cancellationToken)
    {
        if (db.Kind == DatabaseKind.Sqlite)
        {
            ReadSqlite(db, sql, parameters, take, cancellationToken);
            return;
        }

        await using var command = db.CreateCommand(sql);
        foreach (var (name, value) in parameters) command.Add(name, value);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var row = new StoredRow(reader);
        while (await reader.ReadAsync(cancellationToken)) take(row);
    }

    private static void ReadSqlite(TocsinDbContext db, string sql, (string Name, object Value)[] parameters, Action<StoredRow> take, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var statement = new SqliteStatement(db, sql);
        foreach (var (name, value) in parameters) statement.Bind(statement.ParameterNumber(name), value);
        var row = new StoredRow(statement);
        while (statement.Step()) take(row);
    }
}

/// <summary>The row that is being read, of either database.</summary>
internal readonly struct StoredRow
{
    private readonly DbDataReader? reader;
    private readonly SqliteStatement? statement;

    public StoredRow(DbDataReader reader) => this.reader = reader;

    public StoredRow(SqliteStatement statement) => this.statement = statement;

    public bool IsNull(int column) => statement?.IsNull(column) ?? reader!.IsDBNull(column);

    public long Number(int column) => statement?.Number(column) ?? reader!.GetInt64(column);

    public int SmallNumber(int column) => statement is null ? reader!.GetInt32(column) : (int)statement.Number(column);

    public bool Flag(int column) => statement is null ? reader!.GetBoolean(column) : statement.Number(column) != 0;

    public string Text(int column) => statement?.Text(column) ?? reader!.GetString(column);

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public Guid Uuid(int column) => statement?.Uuid(column) ?? reader!.GetGuid(column);

    public DateTimeOffset Time(int column) => DateTimeOffset.FromUnixTimeMilliseconds(Number(column));

    public DateTimeOffset? TimeOrNull(int column) => IsNull(column) ? null : Time(column);
}
