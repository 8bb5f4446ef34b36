using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Tocsin.Alerting.Answers;

/// <summary>
/// What makes a recipient's personal link theirs: it lets its holder answer one alert as one recipient, and nothing else.
/// <code>
/// base64url, no padding, of
/// +-----------------------+------------------------------------------------------------------+
/// | recipient id          | first 16 bytes of HMAC-SHA-256(secret,                           |
/// | LEB128, 1 to 9 bytes  |   "tocsin.answer.1" ‖ alert id (16) ‖ recipient id (8) ‖         |
/// |                       |   generation (4)), big endian                                    |
/// +-----------------------+------------------------------------------------------------------+
/// </code>
/// </summary>
/// <remarks>
/// 128 bits can't be guessed; 23 to 34 characters fit in an SMS. Raising the recipient's generation revokes every link issued before.
/// A token is a secret: it is never logged, and <see cref="ToString"/> does not contain it.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public readonly struct AnswerToken : IEquatable<AnswerToken>
{
    public const int MinimumSecretLength = 32;

    private const int TagLength = 16;
    private const int MaximumVarintLength = 9;
    private const int MaximumTextLength = 34;

    private readonly UInt128 tag;

    private AnswerToken(RecipientId recipient, UInt128 tag)
    {
        Recipient = recipient;
        this.tag = tag;
    }

    /// <summary>Whose it claims to be: look this recipient up, then ask <see cref="IsFor"/>.</summary>
    public RecipientId Recipient { get; }

    /// <param name="secret">At least 32 random bytes, known to the server alone.</param>
    /// <param name="generation">The recipient's present generation.</param>
    public static AnswerToken Issue(ReadOnlySpan<byte> secret, AlertId alert, RecipientId recipient, int generation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(recipient.Value, nameof(recipient));
        return new AnswerToken(recipient, ComputeTag(secret, alert, recipient, generation));
    }

    /// <summary>Reads the form of <see cref="Encode"/>, and only that: no padding, no longer spelling of the same bytes.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out AnswerToken token)
    {
        token = default;
        Span<byte> bytes = stackalloc byte[MaximumVarintLength + TagLength];
        if (text.Length > MaximumTextLength
            || text.ContainsAnyExcept(Base64UrlCharacters)
            || Base64Url.DecodeFromChars(text, bytes, out _, out var length) != OperationStatus.Done
            || length <= TagLength
            || !TryReadVarint(bytes[..(length - TagLength)], out var recipient))
        {
            return false;
        }

        token = new AnswerToken(new RecipientId(recipient), BinaryPrimitives.ReadUInt128BigEndian(bytes[(length - TagLength)..length]));
        return token.Encode().AsSpan().SequenceEqual(text);
    }

    /// <summary>Whether it was issued for this recipient of this alert in this generation. Takes the same time whatever the token is.</summary>
    public bool IsFor(ReadOnlySpan<byte> secret, AlertId alert, int generation)
    {
        Span<byte> expected = stackalloc byte[TagLength];
        Span<byte> actual = stackalloc byte[TagLength];
        BinaryPrimitives.WriteUInt128BigEndian(expected, ComputeTag(secret, alert, Recipient, generation));
        BinaryPrimitives.WriteUInt128BigEndian(actual, tag);
        return CryptographicOperations.FixedTimeEquals(expected, actual);
    }

    /// <summary>The text that stands in a link.</summary>
    public string Encode()
    {
        Span<byte> bytes = stackalloc byte[MaximumVarintLength + TagLength];
        var length = WriteVarint(bytes, Recipient.Value);
        BinaryPrimitives.WriteUInt128BigEndian(bytes[length..], tag);
        return Base64Url.EncodeToString(bytes[..(length + TagLength)]);
    }

    public bool Equals(AnswerToken other) => Recipient == other.Recipient && tag == other.tag;

    public override bool Equals(object? obj) => obj is AnswerToken other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Recipient, tag);

    public static bool operator ==(AnswerToken left, AnswerToken right) => left.Equals(right);

    public static bool operator !=(AnswerToken left, AnswerToken right) => !left.Equals(right);

    public override string ToString() => $"answer token of recipient {Recipient}";

    private static SearchValues<char> Base64UrlCharacters { get; } =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private static ReadOnlySpan<byte> Domain => "tocsin.answer.1"u8;

    private static UInt128 ComputeTag(ReadOnlySpan<byte> secret, AlertId alert, RecipientId recipient, int generation)
    {
        if (secret.Length < MinimumSecretLength)
            throw new ArgumentException("The secret is too short.", nameof(secret));
        Span<byte> message = stackalloc byte[Domain.Length + 16 + 8 + 4];
        Domain.CopyTo(message);
        var rest = message[Domain.Length..];
        alert.Value.TryWriteBytes(rest, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(rest[16..], recipient.Value);
        BinaryPrimitives.WriteInt32BigEndian(rest[24..], generation);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, message, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    private static int WriteVarint(Span<byte> bytes, long value)
    {
        var length = 0;
        for (; value >= 0x80; value >>= 7)
            bytes[length++] = (byte)(value | 0x80);
        bytes[length++] = (byte)value;
        return length;
    }

    /// <summary>The whole of <paramref name="bytes"/>, in the shortest spelling, as a number from 0 to 2^63-1.</summary>
    private static bool TryReadVarint(ReadOnlySpan<byte> bytes, out long value)
    {
        value = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            value |= (long)(bytes[i] & 0x7F) << (7 * i);
            var isLast = i == bytes.Length - 1;
            if ((bytes[i] & 0x80) == 0 != isLast)
                return false;
        }

        return bytes.Length == 1 || bytes[^1] != 0;
    }
}
