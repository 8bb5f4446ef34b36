using System.Text.Json;

namespace Tocsin.Server.Features.AlertsApi;

/// <summary>Enumerations in query strings, in the words that JSON has for them (<c>all-clear</c>).</summary>
internal static class WireWord
{
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    /// <param name="value">Null where <paramref name="word"/> is null.</param>
    /// <returns>False where the word is no value.</returns>
    public static bool TryParse<T>(string? word, out T? value)
        where T : struct, Enum
    {
        value = null;
        if (word is null) return true;
        foreach (var candidate in Enum.GetValues<T>())
        {
            if (string.Equals(Of(candidate), word, StringComparison.Ordinal)) value = candidate;
        }

        return value is not null;
    }
}
