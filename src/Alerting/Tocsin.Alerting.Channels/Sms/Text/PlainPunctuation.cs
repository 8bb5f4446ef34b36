using System.Text;

namespace Tocsin.Alerting.Channels.Sms.Text;

/// <summary>Writes typographic punctuation with the signs that every phone's short alphabet has. Done to every SMS: the words stay the same.</summary>
/// <remarks>Word processors put a curved apostrophe in most French sentences; left alone, it would more than double the cost of nearly every message.</remarks>
internal static class PlainPunctuation
{
    /// <returns>The text with plain signs, composed letters and lines ended by '\n', without control characters or broken surrogates.</returns>
    public static string Of(string text)
    {
        if (IsPlain(text))
            return text;
        var plain = new StringBuilder(text.Length);
        Span<char> written = stackalloc char[2];
        foreach (var rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '\u2018' or '\u2019' or '\u201A' or '\u2032' or '\u02BC' or '\u00B4' or '`':
                    plain.Append('\'');
                    break;
                case '\u201C' or '\u201D' or '\u201E' or '\u2033' or '\u00AB' or '\u00BB':
                    plain.Append('"');
                    break;
                case '\u2010' or '\u2011' or '\u2012' or '\u2013' or '\u2014' or '\u2015' or '\u2212' or '\u2022' or '\u00B7':
                    plain.Append('-');
                    break;
                case '\u2026':
                    plain.Append("...");
                    break;
                case '\t' or '\u00A0' or '\u2007' or '\u2009' or '\u202F' or '\u2002' or '\u2003':
                    plain.Append(' ');
                    break;
                case '\u2028' or '\u2029':
                    plain.Append('\n');
                    break;
                case '\n':
                    plain.Append('\n');
                    break;
                default:
                    if (!IsInvisible(rune))
                        plain.Append(written[..rune.EncodeToUtf16(written)]);
                    break;
            }
        }

        // Some systems write é as e and an accent; joined, it is in the short alphabet.
        return plain.ToString().Normalize(NormalizationForm.FormC);
    }

    /// <summary>The same, on one line.</summary>
    public static string OnOneLine(string text) => Of(text).Replace('\n', ' ').Trim();

    private static bool IsPlain(string text)
    {
        foreach (var character in text)
        {
            if (character == '`' || (character < ' ' && character != '\n') || Gsm7Alphabet.Cost(character) == 0)
                return false;
        }

        return true;
    }

    /// <summary>Control characters, and the marks of width zero and direction that pasted text brings along. Joiners stay: emoji and some scripts need them.</summary>
    private static bool IsInvisible(Rune rune) => Rune.IsControl(rune) || rune.Value is 0x00AD or 0x200B or 0x200E or 0x200F or 0x2060 or 0xFEFF or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);
}
