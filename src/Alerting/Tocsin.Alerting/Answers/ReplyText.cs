using System.Globalization;
using System.Text;

namespace Tocsin.Alerting.Answers;

/// <summary>Reduces what somebody wrote to what can be compared.</summary>
internal static class ReplyText
{
    /// <summary>As an inbound reply is bounded; the rest is not read.</summary>
    private const int LongestRead = 1_600;

    /// <summary>The part that the person wrote: without quoted lines, and without what a mail program puts before the quoted message or a signature.</summary>
    public static string WithoutQuotation(string text)
    {
        var own = new StringBuilder();
        foreach (var line in text.AsSpan(0, Math.Min(text.Length, LongestRead)).EnumerateLines())
        {
            var trimmed = line.Trim();
            if (trimmed.StartsWith(">"))
                continue;
            if (own.Length > 0 && BeginsQuotation(trimmed))
                break;
            if (!trimmed.IsEmpty)
                own.Append(trimmed).Append('\n');
        }

        return own.ToString();
    }

    /// <summary>Lower case, without accents or ligatures; everything but letters and digits becomes one space.</summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var c in WithoutSurrogates(text).Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark)
                continue;
            if (c is 'œ' or 'Œ')
                folded.Append("oe");
            else if (char.IsLetterOrDigit(c))
                folded.Append(char.ToLowerInvariant(c));
            else if (folded.Length > 0 && folded[^1] != ' ')
                folded.Append(' ');
        }

        return folded.ToString().TrimEnd();
    }

    /// <summary>Pictures and rare scripts name no answer, and half a pair can't be normalised.</summary>
    private static string WithoutSurrogates(string text) =>
        string.Create(text.Length, text, (target, source) =>
        {
            for (var i = 0; i < source.Length; i++)
                target[i] = char.IsSurrogate(source[i]) ? ' ' : source[i];
        });

    private static bool BeginsQuotation(ReadOnlySpan<char> line) =>
        line is "--"
        || line.StartsWith("-----")
        || line.StartsWith("_____")
        || ((line.StartsWith("Le ") || line.StartsWith("On ")) && line.EndsWith(":"))
        || line.StartsWith("De :") || line.StartsWith("De\u00A0:") || line.StartsWith("From:")
        || line.EndsWith("a écrit :") || line.EndsWith("a écrit\u00A0:") || line.EndsWith("wrote:");
}
