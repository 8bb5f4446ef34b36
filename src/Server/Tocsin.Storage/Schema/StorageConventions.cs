using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Tocsin.Alerting;

namespace Tocsin.Storage.Schema;

/// <summary>How types become columns, the same way for every table.</summary>
/// <remarks>
/// Times are unix milliseconds in both databases, so that they compare and sort alike. A UUID is a <c>uuid</c> in PostgreSQL and a 16-byte
/// big-endian blob in SQLite: half the size of text, and version 7 sorts by creation. Names are snake_case.
/// </remarks>
internal static class StorageConventions
{
    public static void AddUuid<TId>(this ModelConfigurationBuilder configuration, DatabaseKind kind)
        where TId : struct, IUuid<TId>
    {
        var property = configuration.Properties<TId>();
        if (kind == DatabaseKind.Sqlite)
            property.HaveConversion<UuidToBlob<TId>>();
        else
            property.HaveConversion<UuidToGuid<TId>>();
    }

    public static void AddPlainTypes(this ModelConfigurationBuilder configuration, DatabaseKind kind)
    {
        configuration.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();
        if (kind == DatabaseKind.Sqlite)
            configuration.Properties<Guid>().HaveConversion<GuidToBlob>();
    }

    public static void UseSnakeCase(this ModelBuilder model)
    {
        foreach (var entity in model.Model.GetEntityTypes().Where(entity => !entity.IsMappedToJson()))
        {
            if (entity.GetTableName() is { } table) entity.SetTableName(ToSnakeCase(table));
            foreach (var property in entity.GetProperties())
                property.SetColumnName(ToSnakeCase(property.GetColumnName()));
            foreach (var key in entity.GetKeys()) key.SetName(ToSnakeCase(key.GetName() ?? ""));
            foreach (var foreignKey in entity.GetForeignKeys()) foreignKey.SetConstraintName(ToSnakeCase(foreignKey.GetConstraintName() ?? ""));
            foreach (var index in entity.GetIndexes()) index.SetDatabaseName(ToSnakeCase(index.GetDatabaseName() ?? ""));
        }
    }

    internal static string ToSnakeCase(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            var startsWord = char.IsUpper(c) && i > 0 && name[i - 1] != '_' &&
                (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            if (startsWord) text.Append('_');
            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }

    // An expression tree cannot name a static interface member, so the converters go through this.
    internal static TId Make<TId>(Guid value)
        where TId : struct, IUuid<TId> => TId.From(value);

    internal sealed class UuidToBlob<TId>() : ValueConverter<TId, byte[]>(id => id.Value.ToByteArray(true), bytes => Make<TId>(new Guid(bytes, true)))
        where TId : struct, IUuid<TId>;

    internal sealed class UuidToGuid<TId>() : ValueConverter<TId, Guid>(id => id.Value, guid => Make<TId>(guid))
        where TId : struct, IUuid<TId>;

    internal sealed class GuidToBlob() : ValueConverter<Guid, byte[]>(guid => guid.ToByteArray(true), bytes => new Guid(bytes, true));

    internal sealed class UnixMilliseconds()
        : ValueConverter<DateTimeOffset, long>(time => time.ToUnixTimeMilliseconds(), ms => DateTimeOffset.FromUnixTimeMilliseconds(ms));
}
