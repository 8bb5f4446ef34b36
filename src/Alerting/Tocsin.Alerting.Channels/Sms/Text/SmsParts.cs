using System.Buffers.Binary;

namespace Tocsin.Alerting.Channels.Sms.Text;

/// <summary>One short message of a text: what goes in the user data of a submit_sm.</summary>
/// <param name="HasHeader">The user data begins with a user data header that says which part of which message this is.</param>
internal readonly record struct SmsPart(byte[] UserData, bool HasHeader);

/// <summary>Cuts a text into short messages that a phone joins again.</summary>
/// <remarks>
/// 3GPP TS 23.040 section 9.2.3.24.1. A part of several begins with six octets:
/// <code>05 00 03 reference total number</code>
/// which leave 153 septets or 134 octets (67 UTF-16 units). An escaped character and a surrogate pair are never cut in two.
/// </remarks>
internal static class SmsParts
{
    public const byte Gsm7DataCoding = 0x00;
    public const byte Ucs2DataCoding = 0x08;

    /// <summary>The header counts parts in one octet.</summary>
    public const int MostParts = 255;

    public static int UnitsOfOne(SmsEncoding encoding) => encoding == SmsEncoding.Gsm7 ? 160 : 70;

    public static int UnitsOfSeveral(SmsEncoding encoding) => encoding == SmsEncoding.Gsm7 ? 153 : 67;

    public static int Count(ReadOnlySpan<char> text, SmsEncoding encoding, out int units)
    {
        units = Units(text, encoding);
        if (units <= UnitsOfOne(encoding))
            return units == 0 ? 0 : 1;
        var parts = 0;
        for (var rest = text; !rest.IsEmpty; parts++)
            rest = rest[Fitting(rest, encoding, UnitsOfSeveral(encoding))..];
        return parts;
    }

    /// <summary>The parts in order. At most <see cref="MostParts"/>: the composer of the text sees to that.</summary>
    /// <param name="reference">The same in all parts of this text, and another in the next text to the same phone.</param>
    public static SmsPart[] Cut(string text, SmsEncoding encoding, byte reference)
    {
        var count = Count(text, encoding, out _);
        if (count > MostParts)
            throw new ArgumentException("The text takes more parts than a header can count.", nameof(text));
        if (count <= 1)
            return [new SmsPart(Encode(text, encoding, []), HasHeader: false)];

        var parts = new SmsPart[count];
        var rest = text.AsSpan();
        for (var i = 0; i < count; i++)
        {
            var length = Fitting(rest, encoding, UnitsOfSeveral(encoding));
            parts[i] = new SmsPart(Encode(rest[..length], encoding, [0x05, 0x00, 0x03, reference, (byte)count, (byte)(i + 1)]), HasHeader: true);
            rest = rest[length..];
        }

        return parts;
    }

    private static int Units(ReadOnlySpan<char> text, SmsEncoding encoding)
    {
        if (encoding == SmsEncoding.Ucs2)
            return text.Length;
        var units = 0;
        foreach (var character in text)
            units += Gsm7Alphabet.Cost(character);
        return units;
    }

    /// <summary>How many characters from the start fit into so many units.</summary>
    private static int Fitting(ReadOnlySpan<char> text, SmsEncoding encoding, int units)
    {
        if (encoding == SmsEncoding.Ucs2)
        {
            if (text.Length <= units)
                return text.Length;
            return char.IsHighSurrogate(text[units - 1]) ? units - 1 : units;
        }

        var length = 0;
        foreach (var character in text)
        {
            units -= Gsm7Alphabet.Cost(character);
            if (units < 0)
                break;
            length++;
        }

        return length;
    }

    private static byte[] Encode(ReadOnlySpan<char> text, SmsEncoding encoding, ReadOnlySpan<byte> header)
    {
        var userData = new byte[header.Length + (encoding == SmsEncoding.Gsm7 ? Units(text, encoding) : 2 * text.Length)];
        header.CopyTo(userData);
        var room = userData.AsSpan(header.Length);
        if (encoding == SmsEncoding.Gsm7)
        {
            Gsm7Alphabet.Encode(text, room);
            return userData;
        }

        for (var i = 0; i < text.Length; i++)
            BinaryPrimitives.WriteUInt16BigEndian(room[(2 * i)..], text[i]);
        return userData;
    }
}
