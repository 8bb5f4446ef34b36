using System.Buffers;

namespace Tocsin.Alerting.Content;

/// <summary>Names that machines keep: 1 to 32 characters of a-z, 0-9 and '-'.</summary>
public static class Key
{
    private const int MaximumLength = 32;

    private static readonly SearchValues<char> Characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public static bool IsValid(ReadOnlySpan<char> key) => key.Length is > 0 and <= MaximumLength && HasOnlyKeyCharacters(key);

    public static bool HasOnlyKeyCharacters(ReadOnlySpan<char> key) => !key.ContainsAnyExcept(Characters);
}
