using System.Globalization;
using System.Text;

namespace Tocsin.Alerting.Channels.Sms.Text;

/// <summary>Writes letters that force the costly alphabet with letters that do not: "œ" as "oe", "ê" as "e". Offered to the writer, never done unasked.</summary>
public static class PlainLetters
{
    /// <returns>The text with every letter that has a plain form in it; letters of other scripts and pictures stay as they are.</returns>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var plain = new StringBuilder(text.Length);
        foreach (var rune in PlainPunctuation.Of(text).EnumerateRunes())
            Append(plain, rune);
        return plain.ToString();
    }

    private static void Append(StringBuilder plain, Rune rune)
    {
        var written = rune.ToString();
        if (Gsm7Alphabet.Holds(written))
            plain.Append(written);
        else
            plain.Append(Ligature(rune) ?? WithoutMarks(written) ?? written);
    }

    private static string? Ligature(Rune rune) => rune.Value switch
    {
        'œ' => "oe",
        'Œ' => "OE",
        'ĳ' => "ij",
        'Ĳ' => "IJ",
        'ł' => "l",
        'Ł' => "L",
        'đ' => "d",
        'Đ' => "D",
        'ð' => "d",
        'þ' => "th",
        'ẞ' => "SS",
        '°' or 'º' => "o",
        'ª' => "a",
        '²' => "2",
        '³' => "3",
        _ => null,
    };

    /// <summary>The letter under its accents, where that is in the alphabet.</summary>
    private static string? WithoutMarks(string letter)
    {
        var bare = new StringBuilder();
        foreach (var character in letter.Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(character) != UnicodeCategory.NonSpacingMark)
                bare.Append(character);
        }

        var written = bare.ToString();
        return written.Length > 0 && Gsm7Alphabet.Holds(written) ? written : null;
    }
}
