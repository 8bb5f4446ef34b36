using System.Globalization;
using System.Text.Json;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Bulk;

/// <summary>Thousands of values in one parameter: a JSON array on SQLite, an array on PostgreSQL.</summary>
internal static class BulkSet
{
    /// <summary>The condition that <paramref name="column"/> is one of the numbers or texts that <c>Of</c> made <paramref name="parameter"/> from.</summary>
    public static string Has(DatabaseKind kind, string column, string parameter) =>
        kind == DatabaseKind.Sqlite ? $"{column} IN (SELECT value FROM json_each({parameter}))" : $"{column} = ANY({parameter})";

    /// <summary>As <see cref="Has"/>, for UUIDs. JSON has no bytes: there they travel as hexadecimal digits.</summary>
    public static string HasUuid(DatabaseKind kind, string column, string parameter) =>
        kind == DatabaseKind.Sqlite ? $"{column} IN (SELECT unhex(value) FROM json_each({parameter}))" : Has(kind, column, parameter);

    public static object Of(DatabaseKind kind, IEnumerable<long> values) =>
        kind == DatabaseKind.Sqlite ? $"[{string.Join(',', values.Select(value => value.ToString(CultureInfo.InvariantCulture)))}]" : values.ToArray();

    public static object Of(DatabaseKind kind, IEnumerable<string> values) => kind == DatabaseKind.Sqlite ? JsonSerializer.Serialize(values) : values.ToArray();

    public static object Of(DatabaseKind kind, IEnumerable<Guid> values) =>
        kind == DatabaseKind.Sqlite
            ? $"[{string.Join(',', values.Select(value => '"' + Convert.ToHexString(value.ToByteArray(bigEndian: true)) + '"'))}]"
            : values.ToArray();
}
