using System.Text;

namespace Tocsin.Alerting.Channels.Sms.Text;

/// <summary>The GSM 7-bit default alphabet and its extension table, one septet per octet as SMPP carries it.</summary>
/// <remarks>
/// 3GPP TS 23.038 section 6.2.1. A character of the extension table is written as ESC and a second septet, and so counts double.
/// Of the French letters é è à ù É Ç are in it; ê ç â î ô û ë ï œ À È Ê are not.
/// </remarks>
internal static class Gsm7Alphabet
{
    private const byte Escape = 0x1B;
    private const short Absent = -1;
    private const short Extended = 0x100;

    private const string Default =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001BÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
        "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    private static readonly (byte Septet, char Character)[] Extension =
    [
        (0x0A, '\f'), (0x14, '^'), (0x28, '{'), (0x29, '}'), (0x2F, '\\'), (0x3C, '['), (0x3D, '~'), (0x3E, ']'), (0x40, '|'), (0x65, '€'),
    ];

    /// <summary>By character, up to the euro sign: its septet, with <see cref="Extended"/> where ESC goes before it, or <see cref="Absent"/>.</summary>
    private static readonly short[] Septets = BuildSeptets();

    /// <returns>How many septets the character takes: 1, 2, or 0 where it is not in the alphabet.</returns>
    public static int Cost(char character)
    {
        var septet = Septet(character);
        return septet == Absent ? 0 : septet >= Extended ? 2 : 1;
    }

    public static bool Holds(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (Septet(character) == Absent)
                return false;
        }

        return true;
    }

    /// <summary>Writes text that <see cref="Holds"/>; the destination has room for two octets per character.</summary>
    /// <returns>How many octets were written.</returns>
    public static int Encode(ReadOnlySpan<char> text, Span<byte> destination)
    {
        var written = 0;
        foreach (var character in text)
        {
            var septet = Septet(character);
            if (septet == Absent)
                throw new ArgumentException("The text is not in the GSM 7-bit alphabet.", nameof(text));
            if (septet >= Extended)
                destination[written++] = Escape;
            destination[written++] = (byte)(septet & 0x7F);
        }

        return written;
    }

    /// <summary>Reads any octets: what is in no table becomes U+FFFD, and an escape to nowhere is the character of the default table, as the standard asks.</summary>
    public static string Decode(ReadOnlySpan<byte> septets)
    {
        var text = new StringBuilder(septets.Length);
        for (var i = 0; i < septets.Length; i++)
        {
            var septet = septets[i];
            if (septet != Escape)
                text.Append(septet < Default.Length ? Default[septet] : '\uFFFD');
            else if (++i < septets.Length)
                text.Append(FromExtension(septets[i]));
        }

        return text.ToString();
    }

    private static char FromExtension(byte septet)
    {
        foreach (var (code, character) in Extension)
        {
            if (code == septet)
                return character;
        }

        return septet == Escape ? ' ' : septet < Default.Length ? Default[septet] : '\uFFFD';
    }

    private static short Septet(char character) => character < Septets.Length ? Septets[character] : Absent;

    private static short[] BuildSeptets()
    {
        var septets = new short['€' + 1];
        Array.Fill(septets, Absent);
        for (short septet = 0; septet < Default.Length; septet++)
        {
            if (septet != Escape)
                septets[Default[septet]] = septet;
        }

        foreach (var (septet, character) in Extension)
            septets[character] = (short)(Extended | septet);
        return septets;
    }
}
