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
}

internal sealed class UuidBulkColumn<TRow>(string name, Func<TRow, Guid?> value) : BulkColumn<TRow>(name)
{
    public override void Bind(SqliteStatement statement, int parameter, TRow row) => statement.Bind(parameter, value(row));

    public override Task WriteAsync(NpgsqlBinaryImporter importer, TRow row, CancellationToken cancellationToken) =>
        value(row) is { } uuid ? importer.WriteAsync(uuid, NpgsqlDbType.Uuid, cancellationToken) : importer.WriteNullAsync(cancellationToken);
}

internal sealed class TextBulkColumn<TRow>(string name, Func<TRow, string?> value) : BulkColumn<TRow>(name)
{
    public override void Bind(SqliteStatement statement, int parameter, TRow row) => statement.Bind(parameter, value(row));

    public override Task WriteAsync(NpgsqlBinaryImporter importer, TRow row, CancellationToken cancellationToken) =>
        value(row) is { } text ? importer.WriteAsync(text, NpgsqlDbType.Text, cancellationToken) : importer.WriteNullAsync(cancellationToken);
}

internal sealed class IntegerBulkColumn<TRow>(string name, Func<TRow, int?> value) : BulkColumn<TRow>(name)
{
    public override void Bind(SqliteStatement statement, int parameter, TRow row) => statement.Bind(parameter, value(row));

    public override Task WriteAsync(NpgsqlBinaryImporter importer, TRow row, CancellationToken cancellationToken) =>
        value(row) is { } number ? importer.WriteAsync(number, NpgsqlDbType.Integer, cancellationToken) : importer.WriteNullAsync(cancellationToken);
}

internal sealed class TimeBulkColumn<TRow>(string name, Func<TRow, DateTimeOffset?> value) : BulkColumn<TRow>(name)
{
    public override void Bind(SqliteStatement statement, int parameter, TRow row) => statement.Bind(parameter, value(row)?.ToUnixTimeMilliseconds());

    public override Task WriteAsync(NpgsqlBinaryImporter importer, TRow row, CancellationToken cancellationToken) =>
        value(row) is { } time ? importer.WriteAsync(time.ToUnixTimeMilliseconds(), NpgsqlDbType.Bigint, cancellationToken) : importer.WriteNullAsync(cancellationToken);
}

internal sealed class BooleanBulkColumn<TRow>(string name, Func<TRow, bool> value) : BulkColumn<TRow>(name)
{
    public override void Bind(SqliteStatement statement, int parameter, TRow row) => statement.Bind(parameter, value(row));

    public override Task WriteAsync(NpgsqlBinaryImporter importer, TRow row, CancellationToken cancellationToken) =>
        importer.WriteAsync(value(row), NpgsqlDbType.Boolean, cancellationToken);
}
