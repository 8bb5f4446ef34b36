using System.Text.Json;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Tocsin.Storage.Schema;

/// <summary>An enum as its kebab-case word, the same in the database and on the wire (<c>need-help</c>).</summary>
public static class KebabCase
{
    public static IReadOnlyCollection<string> WordsOf<TEnum>()
        where TEnum : struct, Enum => Vocabulary<TEnum>.Words.Values;

    public static string WordOf<TEnum>(TEnum value)
        where TEnum : struct, Enum => Vocabulary<TEnum>.Words[value];

    public static bool TryRead<TEnum>(string word, out TEnum value)
        where TEnum : struct, Enum => Vocabulary<TEnum>.Values.TryGetValue(word, out value);

    /// <returns>Null for null.</returns>
    public static string? WordOf<TEnum>(TEnum? value)
        where TEnum : struct, Enum => value is { } known ? WordOf(known) : null;

    /// <exception cref="KeyNotFoundException">The database holds a word that this program does not know.</exception>
    public static TEnum Read<TEnum>(string word)
        where TEnum : struct, Enum => Vocabulary<TEnum>.Values[word];

    /// <summary>Keeps the property as its kebab-case word.</summary>
    internal static PropertyBuilder<TEnum> AsKebabCase<TEnum>(this PropertyBuilder<TEnum> property)
        where TEnum : struct, Enum =>
        property.HasConversion(new ValueConverter<TEnum, string>(value => WordOf(value), word => Read<TEnum>(word)));

    /// <inheritdoc cref="AsKebabCase{TEnum}(PropertyBuilder{TEnum})"/>
    internal static PropertyBuilder<TEnum?> AsKebabCase<TEnum>(this PropertyBuilder<TEnum?> property)
        where TEnum : struct, Enum =>
        property.HasConversion(new ValueConverter<TEnum, string>(value => WordOf(value), word => Read<TEnum>(word)));

    private static class Vocabulary<TEnum>
        where TEnum : struct, Enum
    {
        public static readonly Dictionary<TEnum, string> Words =
            Enum.GetValues<TEnum>().ToDictionary(value => value, value => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()));

        public static readonly Dictionary<string, TEnum> Values = Words.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);
    }
}
