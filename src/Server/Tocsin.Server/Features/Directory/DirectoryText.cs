using System.Globalization;
using System.Text;

namespace Tocsin.Server.Features.Directory;

/// <summary>Reads what people type into a one-line field: trimmed, composed (NFC), bounded, without characters that nobody sees.</summary>
internal static class DirectoryText
{
    public const string Missing = "missing";
    public const string TooLong = "too-long";
    public const string InvalidCharacter = "invalid-character";

    /// <summary>The cleaned text; null where there is none, or where it is refused.</summary>
    /// <param name="code">Why it is refused, or null.</param>
    public static string? Clean(string? text, int longest, out string? code)
    {
        code = null;
        if (string.IsNullOrWhiteSpace(text)) return null;

        // Before anything that costs in proportion: ten megabytes are refused by their length alone.
        var trimmed = text.Trim();
        if (trimmed.Length > longest * 2 || !TryCompose(trimmed, out var composed)) code = trimmed.Length > longest * 2 ? TooLong : InvalidCharacter;
        else if (composed.Length > longest) code = TooLong;
        else if (HasHiddenCharacter(composed)) code = InvalidCharacter;
        else return composed;
        return null;
    }

    public static string? Optional(string? text, int longest, string path, FieldErrors errors)
    {
        var cleaned = Clean(text, longest, out var code);
        if (code is not null) errors.Add(path, code);
        return cleaned;
    }

    public static string Required(string? text, int longest, string path, FieldErrors errors)
    {
        var cleaned = Clean(text, longest, out var code);
        if (cleaned is null) errors.Add(path, code ?? Missing);
        return cleaned ?? "";
    }

    private static bool TryCompose(string text, out string composed)
    {
        composed = text;
        if (Ascii.IsValid(text)) return true;
        try
        {
            composed = text.Normalize(NormalizationForm.FormC);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Controls, line ends, and the marks that turn the direction of what follows: in a name they only deceive.</summary>
    private static bool HasHiddenCharacter(string text)
    {
        foreach (var c in text)
        {
            if (char.IsControl(c) || c is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069' or '\uFEFF' or '\uFFFE' or '\uFFFF') return true;
            if (CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator) return true;
        }

        return false;
    }
}
