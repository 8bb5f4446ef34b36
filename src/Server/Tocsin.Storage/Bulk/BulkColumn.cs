using Npgsql;
using NpgsqlTypes;
using Tocsin.Storage.Sqlite;

namespace Tocsin.Storage.Bulk;

/// <summary>One column of a <see cref="BulkTable{TRow}"/>: where its value comes from and how each database takes it.</summary>
internal abstract class BulkColumn<TRow>(string name)
{
    public string Name { get; } = name;

    public abstract void Bind(SqliteStatement statement, int parameter, TRow row);

    public abstract Task WriteAsync(NpgsqlBinaryImporter importer, TRow row, CancellationToken cancellationToken);

    /// <summary>The column's values of all rows, as one PostgreSQL array.</summary>
    public abstract NpgsqlParameter ToArray(IReadOnlyList<TRow> rows);

    protected NpgsqlParameter ToArray<TValue>(IReadOnlyList<TRow> rows, NpgsqlDbType type, Func<TRow, TValue> value)
    {
        var values = new TValue[rows.Count];
        for (var i = 0; i < values.Length; i++) values[i] = value(rows[i]);
        return new NpgsqlParameter("@" + Name, NpgsqlDbType.Array | type) { Value = values };
    }
}

internal sealed class UuidBulkColumn<TRow>(string name, Func<TRow, Guid?> value) : BulkColumn<TRow>(name)
{
    public override void Bind(SqliteStatement statement, int parameter, TRow row) => statement.Bind(parameter, value(row));

    public override Task WriteAsync(NpgsqlBinaryImporter importer, TRow row, CancellationToken cancellationToken) =>
        value(row) is { } uuid ? importer.WriteAsync(uuid, NpgsqlDbType.Uuid, cancellationToken) : importer.WriteNullAsync(cancellationToken);

    public override NpgsqlParameter ToArray(IReadOnlyList<TRow> rows) => ToArray(rows, NpgsqlDbType.Uuid, value);
}

internal sealed class TextBulkColumn<TRow>(string name, Func<TRow, string?> value) : BulkColumn<TRow>(name)
{
    public override void Bind(SqliteStatement statement, int parameter, TRow row) => statement.Bind(parameter, value(row));

    public override Task WriteAsync(NpgsqlBinaryImporter importer, TRow row, CancellationToken cancellationToken) =>
        value(row) is { } text ? importer.WriteAsync(text, NpgsqlDbType.Text, cancellationToken) : importer.WriteNullAsync(cancellationToken);

    public override NpgsqlParameter ToArray(IReadOnlyList<TRow> rows) => ToArray(rows, NpgsqlDbType.Text, value);
}

internal sealed class IntegerBulkColumn<TRow>(string name, Func<TRow, int?> value) : BulkColumn<TRow>(name)
{
    public override void Bind(SqliteStatement statement, int parameter, TRow row) => statement.Bind(parameter, value(row));

    public override Task WriteAsync(NpgsqlBinaryImporter importer, TRow row, CancellationToken cancellationToken) =>
        value(row) is { } number ? importer.WriteAsync(number, NpgsqlDbType.Integer, cancellationToken) : importer.WriteNullAsync(cancellationToken);

    public override NpgsqlParameter ToArray(IReadOnlyList<TRow> rows) => ToArray(rows, NpgsqlDbType.Integer, value);
}

internal sealed class TimeBulkColumn<TRow>(string name, Func<TRow, DateTimeOffset?> value) : BulkColumn<TRow>(name)
{
    public override void Bind(SqliteStatement statement, int parameter, TRow row) => statement.Bind(parameter, value(row)?.ToUnixTimeMilliseconds());

    public override Task WriteAsync(NpgsqlBinaryImporter importer, TRow row, CancellationToken cancellationToken) =>
        value(row) is { } time ? importer.WriteAsync(time.ToUnixTimeMilliseconds(), NpgsqlDbType.Bigint, cancellationToken) : importer.WriteNullAsync(cancellationToken);

    public override NpgsqlParameter ToArray(IReadOnlyList<TRow> rows) => ToArray(rows, NpgsqlDbType.Bigint, row => value(row)?.ToUnixTimeMilliseconds());
}

internal sealed class BooleanBulkColumn<TRow>(string name, Func<TRow, bool> value) : BulkColumn<TRow>(name)
{
    public override void Bind(SqliteStatement statement, int parameter, TRow row) => statement.Bind(parameter, value(row));

    public override Task WriteAsync(NpgsqlBinaryImporter importer, TRow row, CancellationToken cancellationToken) =>
        importer.WriteAsync(value(row), NpgsqlDbType.Boolean, cancellationToken);

    public override NpgsqlParameter ToArray(IReadOnlyList<TRow> rows) => ToArray(rows, NpgsqlDbType.Boolean, value);
}

internal sealed class LongBulkColumn<TRow>(string name, Func<TRow, long?> value) : BulkColumn<TRow>(name)
{
    public override void Bind(SqliteStatement statement, int parameter, TRow row) => statement.Bind(parameter, value(row));

    public override Task WriteAsync(NpgsqlBinaryImporter importer, TRow row, CancellationToken cancellationToken) =>
        value(row) is { } number ? importer.WriteAsync(number, NpgsqlDbType.Bigint, cancellationToken) : importer.WriteNullAsync(cancellationToken);

    public override NpgsqlParameter ToArray(IReadOnlyList<TRow> rows) => ToArray(rows, NpgsqlDbType.Bigint, value);
}

internal sealed class RealBulkColumn<TRow>(string name, Func<TRow, double?> value) : BulkColumn<TRow>(name)
{
    public override void Bind(SqliteStatement statement, int parameter, TRow row) => statement.Bind(parameter, value(row));

    public override Task WriteAsync(NpgsqlBinaryImporter importer, TRow row, CancellationToken cancellationToken) =>
        value(row) is { } number ? importer.WriteAsync(number, NpgsqlDbType.Double, cancellationToken) : importer.WriteNullAsync(cancellationToken);

    public override NpgsqlParameter ToArray(IReadOnlyList<TRow> rows) => ToArray(rows, NpgsqlDbType.Double, value);
}
