using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Tocsin.Alerting.Channels.Smtp;

/// <summary>What an address of ours is for.</summary>
internal enum TagPurpose
{
    /// <summary>The envelope sender, where delivery reports go.</summary>
    Bounce,

    /// <summary>The Reply-To, where people's answers go.</summary>
    Reply,
}

/// <summary>The part of an address that says which delivery a returning message belongs to, and that we wrote it.</summary>
/// <remarks>
/// <code>
/// bounce+b2s-k7qma3xw5yhd2nfe@alert.example
///        ^ purpose: b bounce, r reply
///         ^^ the delivery's number in base 36
///            ^^^^^^^^^^^^^^^^ HMAC-SHA-256 of purpose and number, cut to 80 bits, base32
/// </code>
/// Case-insensitive, because some relays fold a local part's case. 80 bits can't be guessed by mail, and they fit within a local part's 64 octets.
/// </remarks>
internal sealed class DeliveryTag(byte[] key)
{
    private const int MacOctets = 10;
    private const int MacLength = 16;
    private const int MaximumNumberLength = 13;
    private const string Base36 = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const string Base32 = "abcdefghijklmnopqrstuvwxyz234567";

    public string Write(TagPurpose purpose, DeliveryId delivery)
    {
        Span<char> mac = stackalloc char[MacLength];
        ComputeMac(purpose, delivery, mac);
        return $"{Letter(purpose)}{WriteNumber(delivery.Value)}-{mac}";
    }

    public bool TryRead(ReadOnlySpan<char> text, out TagPurpose purpose, out DeliveryId delivery)
    {
        purpose = default;
        delivery = default;
        var dash = text.IndexOf('-');
        if (dash is < 2 or > MaximumNumberLength + 1 || text.Length != dash + 1 + MacLength)
            return false;
        switch (char.ToLowerInvariant(text[0]))
        {
            case 'b':
                purpose = TagPurpose.Bounce;
                break;
            case 'r':
                purpose = TagPurpose.Reply;
                break;
            default:
                return false;
        }
        if (!TryReadNumber(text[1..dash], out var number))
            return false;
        Span<char> expected = stackalloc char[MacLength];
        ComputeMac(purpose, new DeliveryId(number), expected);
        Span<byte> expectedOctets = stackalloc byte[MacLength];
        Span<byte> actualOctets = stackalloc byte[MacLength];
        for (var i = 0; i < MacLength; i++)
        {
            expectedOctets[i] = (byte)expected[i];
            // A character outside ASCII must not match by being cut to eight bits.
            actualOctets[i] = char.IsAscii(text[dash + 1 + i]) ? (byte)char.ToLower(text[dash + 1 + i], CultureInfo.InvariantCulture) : (byte)0;
        }
        delivery = new DeliveryId(number);
        return CryptographicOperations.FixedTimeEquals(expectedOctets, actualOctets);
    }

    private static char Letter(TagPurpose purpose) => purpose == TagPurpose.Bounce ? 'b' : 'r';

    private void ComputeMac(TagPurpose purpose, DeliveryId delivery, Span<char> text)
    {
        Span<byte> input = stackalloc byte[16 + 1 + 8];
        "tocsin mail tag "u8.CopyTo(input);
        input[16] = (byte)Letter(purpose);
        BinaryPrimitives.WriteInt64BigEndian(input[17..], delivery.Value);
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, input, mac);
        var bits = 0;
        var held = 0;
        var at = 0;
        foreach (var octet in mac[..MacOctets])
        {
            bits = (bits << 8) | octet;
            held += 8;
            while (held >= 5)
            {
                held -= 5;
                text[at++] = Base32[(bits >> held) & 31];
            }
            bits &= (1 << held) - 1;
        }
    }

    private static string WriteNumber(long value)
    {
        var digits = new StringBuilder(MaximumNumberLength);
        var rest = (ulong)value;
        do
        {
            digits.Insert(0, Base36[(int)(rest % 36)]);
            rest /= 36;
        }
        while (rest > 0);
        return digits.ToString();
    }

    private static bool TryReadNumber(ReadOnlySpan<char> text, out long value)
    {
        ulong number = 0;
        value = 0;
        foreach (var c in text)
        {
            var digit = Base36.IndexOf(char.ToLowerInvariant(c), StringComparison.Ordinal);
            if (digit < 0 || number > (ulong.MaxValue - (ulong)digit) / 36)
                return false;
            number = (number * 36) + (ulong)digit;
        }
        value = (long)number;
        return true;
    }
}
