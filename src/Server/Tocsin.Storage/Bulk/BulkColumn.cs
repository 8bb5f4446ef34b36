using Npgsql;
using NpgsqlTypes;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Bulk;

/// <summary>One column of a <see cref="BulkTable{TRow}"/>: where its value comes from and how each database takes it.</summary>
internal abstract class BulkColumn<TRow>(string name)
{
    public string Name { get; } = name;

    /// <summary>The value as Microsoft.Data.Sqlite binds it.</summary>
    public abstract object ForSqlite(TRow row);

    public abstract Task WriteAsync(NpgsqlBinaryImporter importer, TRow row, CancellationToken cancellationToken);
}

internal sealed class UuidBulkColumn<TRow>(string name, Func<TRow, Guid?> value) : BulkColumn<TRow>(name)
{
    public override object ForSqlite(TRow row) => value(row) is { } uuid ? UuidColumn.ToParameter(DatabaseKind.Sqlite, uuid) : DBNull.Value;

    public override Task WriteAsync(NpgsqlBinaryImporter importer, TRow row, CancellationToken cancellationToken) =>
        value(row) is { } uuid ? importer.WriteAsync(uuid, NpgsqlDbType.Uuid, cancellationToken) : importer.WriteNullAsync(cancellationToken);
}

internal sealed class TextBulkColumn<TRow>(string name, Func<TRow, string?> value) : BulkColumn<TRow>(name)
{
    public override object ForSqlite(TRow row) => (object?)value(row) ?? DBNull.Value;

    public override Task WriteAsync(NpgsqlBinaryImporter importer, TRow row, CancellationToken cancellationToken) =>
        value(row) is { } text ? importer.WriteAsync(text, NpgsqlDbType.Text, cancellationToken) : importer.WriteNullAsync(cancellationToken);
}

internal sealed class IntegerBulkColumn<TRow>(string name, Func<TRow, int?> value) : BulkColumn<TRow>(name)
{
    public override object ForSqlite(TRow row) => (object?)value(row) ?? DBNull.Value;

    public override Task WriteAsync(NpgsqlBinaryImporter importer, TRow row, CancellationToken cancellationToken) =>
        value(row) is { } number ? importer.WriteAsync(number, NpgsqlDbType.Integer, cancellationToken) : importer.WriteNullAsync(cancellationToken);
}

internal sealed class TimeBulkColumn<TRow>(string name, Func<TRow, DateTimeOffset?> value) : BulkColumn<TRow>(name)
{
    public override object ForSqlite(TRow row) => (object?)value(row)?.ToUnixTimeMilliseconds() ?? DBNull.Value;

    public override Task WriteAsync(NpgsqlBinaryImporter importer, TRow row, CancellationToken cancellationToken) =>
        value(row) is { } time ? importer.WriteAsync(time.ToUnixTimeMilliseconds(), NpgsqlDbType.Bigint, cancellationToken) : importer.WriteNullAsync(cancellationToken);
}

internal sealed class BooleanBulkColumn<TRow>(string name, Func<TRow, bool> value) : BulkColumn<TRow>(name)
{
    private static readonly object Yes = 1L;
    private static readonly object No = 0L;

    public override object ForSqlite(TRow row) => value(row) ? Yes : No;

    public override Task WriteAsync(NpgsqlBinaryImporter importer, TRow row, CancellationToken cancellationToken) =>
        importer.WriteAsync(value(row), NpgsqlDbType.Boolean, cancellationToken);
}
