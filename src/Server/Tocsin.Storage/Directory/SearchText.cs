using System.Globalization;
using System.Text;

namespace Tocsin.Storage.Directory;

/// <summary>Folds names so that what is typed finds what was written: lower case, no accents, words apart.</summary>
public static class SearchText
{
    /// <summary>Longer words are cut; nobody types more than this of one.</summary>
    public const int LongestWord = 40;

    /// <summary>The words of <paramref name="texts"/>, each once, each after a space, in order.</summary>
    public static string Of(params ReadOnlySpan<string?> texts)
    {
        var folded = new StringBuilder(64);
        var seen = new List<string>(8);
        foreach (var text in texts)
        {
            foreach (var word in Words(text))
            {
                if (seen.Contains(word)) continue;
                seen.Add(word);
                folded.Append(' ').Append(word);
            }
        }

        return folded.ToString();
    }

    /// <summary>The words of a text that <see cref="Of"/> made.</summary>
    public static string[] Split(string searchText)
    {
        ArgumentNullException.ThrowIfNull(searchText);
        return searchText.Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Orders people as a phone book does: family name, then given name, accents and case aside.</summary>
    public static string SortKey(string familyName, string givenName) => NameKey(familyName) + " " + NameKey(givenName);

    /// <summary>The same for two names that people would take for the same: <c>Hôpital Nord</c> and <c>hopital  nord</c>.</summary>
    public static string NameKey(string name) => string.Join(' ', Words(name));

    /// <summary>The words of <paramref name="text"/>, folded, in order. Letters and digits make words; anything else parts them.</summary>
    public static List<string> Words(string? text)
    {
        var words = new List<string>();
        if (string.IsNullOrWhiteSpace(text)) return words;
        var word = new StringBuilder(16);
        foreach (var c in Decompose(text))
        {
            if (char.IsLetterOrDigit(c) || char.IsSurrogate(c)) AppendFolded(word, c);
            else if (!IsMark(c)) Flush(word, words);
        }

        Flush(word, words);
        return words;
    }

    private static string Decompose(string text)
    {
        if (Ascii.IsValid(text)) return text;
        try
        {
            return text.Normalize(NormalizationForm.FormKD);
        }
        catch (ArgumentException)
        {
            // Half a surrogate pair or a noncharacter has no normal form. It has no meaning either: take it out.
            return new string([.. text.Where(c => !char.IsSurrogate(c) && c is not (>= '\uFDD0' and <= '\uFDEF') and < '\uFFFE')]).Normalize(NormalizationForm.FormKD);
        }
    }

    private static bool IsMark(char c) =>
        CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
            or UnicodeCategory.Format;

    /// <summary>Letters that have no decomposition, but that people type as two or as their plain neighbour.</summary>
    private static void AppendFolded(StringBuilder word, char c)
    {
        switch (char.ToLowerInvariant(c))
        {
            case 'œ': word.Append("oe"); break;
            case 'æ': word.Append("ae"); break;
            case 'ß': word.Append("ss"); break;
            case 'ø': word.Append('o'); break;
            case 'ł': word.Append('l'); break;
            case 'đ' or 'ð': word.Append('d'); break;
            case 'ı': word.Append('i'); break;
            case 'þ': word.Append("th"); break;
            case var plain: word.Append(plain); break;
        }
    }

    private static void Flush(StringBuilder word, List<string> words)
    {
        if (word.Length == 0) return;
        var length = Math.Min(word.Length, LongestWord);
        if (char.IsHighSurrogate(word[length - 1])) length--;
        words.Add(word.ToString(0, length));
        word.Clear();
    }
}
