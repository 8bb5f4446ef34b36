using System.Globalization;
using System.Text.Json;

namespace Tocsin.Storage.Backup;

/// <summary>A column's value in the form that both databases understand: JSON null, number, string, or <c>{"b": base64}</c> for bytes.</summary>
/// <remarks>The neutral form is SQLite's own: a UUID is 16 big-endian bytes, a boolean 0 or 1, JSON is text. PostgreSQL's richer types are mapped here, in both directions.</remarks>
internal static class NeutralValue
{
    public static void Write(Utf8JsonWriter writer, object value)
    {
        switch (value)
        {
            case DBNull: writer.WriteNullValue(); break;
            case long number: writer.WriteNumberValue(number); break;
            case int number: writer.WriteNumberValue(number); break;
            case short number: writer.WriteNumberValue(number); break;
            case bool flag: writer.WriteNumberValue(flag ? 1 : 0); break;
            case double number: writer.WriteNumberValue(number); break;
            case string text: writer.WriteStringValue(text); break;
            case byte[] bytes: WriteBytes(writer, bytes); break;
            case Guid uuid: WriteBytes(writer, uuid.ToByteArray(bigEndian: true)); break;
            default: throw new InvalidOperationException($"A column of type {value.GetType().Name} has no form in a backup.");
        }
    }

    /// <summary>The value for a column of the database type <paramref name="columnType"/>.</summary>
    /// <exception cref="FormatException">The archive holds something that this column cannot take.</exception>
    public static object Read(JsonElement element, string columnType) => columnType switch
    {
        _ when element.ValueKind == JsonValueKind.Null => DBNull.Value,
        "uuid" => new Guid(Bytes(element), bigEndian: true),
        "bool" => Number(element) != 0,
        "int2" => checked((short)Number(element)),
        "int4" => checked((int)Number(element)),
        "int8" => Number(element),
        "float8" or "REAL" => element.GetDouble(),
        _ when element.ValueKind == JsonValueKind.Number => Number(element),
        _ when element.ValueKind == JsonValueKind.Object => Bytes(element),
        _ => element.GetString() ?? throw new FormatException("A text was expected."),
    };

    private static void WriteBytes(Utf8JsonWriter writer, byte[] bytes)
    {
        writer.WriteStartObject();
        writer.WriteBase64String("b", bytes);
        writer.WriteEndObject();
    }

    private static long Number(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var value)
            ? value
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"A whole number was expected, not {element.ValueKind}."));

    private static byte[] Bytes(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty("b", out var bytes) && bytes.TryGetBytesFromBase64(out var value)
            ? value
            : throw new FormatException("Bytes were expected.");
}
