using System.Data.Common;

namespace Tocsin.Storage.Schema;

/// <summary>A UUID as raw SQL meets it: 16 bytes big-endian in SQLite, <c>uuid</c> in PostgreSQL. Both sort as <see cref="Guid.CompareTo(Guid)"/> does.</summary>
internal static class UuidColumn
{
    public static object ToParameter(DatabaseKind kind, Guid value) => kind == DatabaseKind.Sqlite ? value.ToByteArray(bigEndian: true) : value;

    public static Guid Read(DatabaseKind kind, DbDataReader reader, int ordinal) =>
        kind == DatabaseKind.Sqlite ? new Guid(reader.GetFieldValue<byte[]>(ordinal), bigEndian: true) : reader.GetGuid(ordinal);

    /// <summary>Adds a parameter per value.</summary>
    /// <returns>Their placeholders, with commas between: to stand in <c>IN (...)</c>.</returns>
    public static string AddList(DbCommand command, DatabaseKind kind, IEnumerable<Guid> values)
    {
        var placeholders = new System.Text.StringBuilder();
        foreach (var value in values)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = $"@u{command.Parameters.Count}";
            parameter.Value = ToParameter(kind, value);
            command.Parameters.Add(parameter);
            placeholders.Append(placeholders.Length == 0 ? "" : ",").Append(parameter.ParameterName);
        }

        return placeholders.ToString();
    }
}
