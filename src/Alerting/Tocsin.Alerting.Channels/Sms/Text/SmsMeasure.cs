using System.Text;

namespace Tocsin.Alerting.Channels.Sms.Text;

/// <summary>How the words of an SMS are written on the air. On the wire of the API: <c>gsm7</c>, <c>ucs2</c>.</summary>
public enum SmsEncoding
{
    /// <summary>GSM 7-bit: 160 units, or 153 in each of several parts.</summary>
    Gsm7,

    /// <summary>UCS-2 (in fact UTF-16): 70 units, or 67 in each of several parts.</summary>
    Ucs2,
}

/// <summary>What a text costs as an SMS: for the composer, which shows it as one types.</summary>
/// <param name="Parts">How many short messages it takes; 0 for an empty text.</param>
/// <param name="Units">Septets, those of the extension table counted double; or UTF-16 units.</param>
/// <param name="UnitsPerPart">What fits in each part, at this number of parts.</param>
/// <param name="CharactersForcingUcs2">Each character that is not in the GSM 7-bit alphabet, once, in order of appearance.</param>
public sealed record SmsMeasure(SmsEncoding Encoding, int Parts, int Units, int UnitsPerPart, IReadOnlyList<string> CharactersForcingUcs2)
{
    /// <summary>Measures the text as it would be sent: with plain punctuation. Pure; time grows with the length of the text only.</summary>
    public static SmsMeasure Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return OfPlain(PlainPunctuation.Of(text));
    }

    internal static SmsMeasure OfPlain(string text)
    {
        var forcing = CharactersOutsideGsm7(text);
        var encoding = forcing.Count == 0 ? SmsEncoding.Gsm7 : SmsEncoding.Ucs2;
        var parts = SmsParts.Count(text, encoding, out var units);
        return new SmsMeasure(encoding, parts, units, parts > 1 ? SmsParts.UnitsOfSeveral(encoding) : SmsParts.UnitsOfOne(encoding), forcing);
    }

    private static List<string> CharactersOutsideGsm7(string text)
    {
        List<string> forcing = [];
        if (Gsm7Alphabet.Holds(text))
            return forcing;
        HashSet<Rune> seen = [];
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is > 0xFFFF || !Gsm7Alphabet.Holds([(char)rune.Value]))
            {
                if (seen.Add(rune))
                    forcing.Add(rune.ToString());
            }
        }

        return forcing;
    }
}
