using System.Text;

namespace Tocsin.Rehearsal.Carriers;

/// <summary>Reads the words of a short message. Written from 3GPP TS 23.038 section 6.2.1, not from the code under test.</summary>
internal static class GsmText
{
    private const byte Escape = 0x1B;
    private const byte Ucs2 = 8;

    private const string Basic =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    public static string Read(ReadOnlySpan<byte> octets, byte dataCoding)
    {
        if (dataCoding == Ucs2) return Encoding.BigEndianUnicode.GetString(octets);
        var text = new StringBuilder(octets.Length);
        for (var i = 0; i < octets.Length; i++)
            text.Append(octets[i] == Escape && i + 1 < octets.Length ? Extended(octets[++i]) : Basic[octets[i] & 0x7F]);
        return text.ToString();
    }

    private static char Extended(byte octet) => octet switch
    {
        0x0A => '\f',
        0x14 => '^',
        0x28 => '{',
        0x29 => '}',
        0x2F => '\\',
        0x3C => '[',
        0x3D => '~',
        0x3E => ']',
        0x40 => '|',
        0x65 => '€',
        _ => ' ',
    };
}
