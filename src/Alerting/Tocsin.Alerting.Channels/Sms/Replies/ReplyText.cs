using System.Text;
using Tocsin.Alerting.Channels.Sms.Text;

namespace Tocsin.Alerting.Channels.Sms.Replies;

/// <summary>Reads the words of a reply.</summary>
/// <remarks>SMPP 3.4 section 5.2.19 and 3GPP TS 23.038 section 4, of which data_coding is a relative.</remarks>
internal static class ReplyText
{
    /// <summary>The most characters of a reply that go on; the contract of the inbox.</summary>
    public const int Longest = 1_600;

    /// <returns>The words; empty for binary content and alphabets that no phone here writes in.</returns>
    public static string Decode(byte dataCoding, ReadOnlySpan<byte> octets)
    {
        var text = AlphabetOf(dataCoding) switch
        {
            Alphabet.Ia5 when HasSeptets(octets) => Gsm7Alphabet.Decode(octets),
            Alphabet.Ia5 => Encoding.Latin1.GetString(octets),
            Alphabet.Gsm7 => Gsm7Alphabet.Decode(octets),
            Alphabet.Latin1 => Encoding.Latin1.GetString(octets),
            Alphabet.Ucs2 => Encoding.BigEndianUnicode.GetString(octets),
            _ => "",
        };
        if (text.Length <= Longest)
            return text;
        return text[..(char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest)];
    }

    private static Alphabet AlphabetOf(byte dataCoding) => dataCoding switch
    {
        0x00 => Alphabet.Gsm7,
        0x01 => Alphabet.Ia5,
        0x03 => Alphabet.Latin1,
        0x08 => Alphabet.Ucs2,

        // General data coding and message class: two bits say which alphabet.
        < 0x40 or >= 0xF0 => ((dataCoding >> 2) & 0x03) switch
        {
            0 when dataCoding is >= 0x10 => Alphabet.Gsm7,
            2 when dataCoding is >= 0x10 and < 0x40 => Alphabet.Ucs2,
            _ => Alphabet.Binary,
        },
        _ => Alphabet.Binary,
    };

    /// <summary>Some carriers say IA5 (ASCII) and write GSM septets, of which à, é and @ are control characters in ASCII, which nobody types.</summary>
    private static bool HasSeptets(ReadOnlySpan<byte> octets)
    {
        foreach (var octet in octets)
        {
            if (octet is (< 0x20 and not (byte)'\n' and not (byte)'\r') or 0x7F)
                return true;
        }

        return false;
    }

    private enum Alphabet
    {
        Binary,
        Gsm7,
        Ia5,
        Latin1,
        Ucs2,
    }
}
