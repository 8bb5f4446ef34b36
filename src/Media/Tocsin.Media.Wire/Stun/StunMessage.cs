using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Tocsin.Media.Wire.Stun;

/// <summary>A view of a STUN message whose attributes are all in bounds. It says nothing yet of who sent it: see <see cref="HasValidIntegrity"/>.</summary>
/// <remarks>
/// RFC 8489 section 5. Borrows the datagram. Does not allocate.
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// |0 0|     STUN message type     |         message length        |   length without these 20 bytes, multiple of 4
/// |                         magic cookie                          |
/// |                  transaction id (96 bits)                     |
/// |         attribute type        |        attribute length       |   length without padding
/// |                 value, padded to a multiple of 4              |
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public readonly ref struct StunMessage
{
    public const int HeaderLength = 20;
    public const int AttributeHeaderLength = 4;
    public const int TransactionIdLength = 12;

    /// <summary>Connectivity checks have a hundred bytes or so. What is longer than a datagram that is never fragmented is refused.</summary>
    public const int MaximumLength = 1280;

    internal const uint MagicCookie = 0x2112A442;

    private readonly ReadOnlySpan<byte> _message;

    /// <summary>Where MESSAGE-INTEGRITY begins, or -1.</summary>
    private readonly int _integrityOffset;

    /// <summary>Where FINGERPRINT begins, or -1. It is always the last attribute.</summary>
    private readonly int _fingerprintOffset;

    private StunMessage(ReadOnlySpan<byte> message, int integrityOffset, int fingerprintOffset)
    {
        _message = message;
        _integrityOffset = integrityOffset;
        _fingerprintOffset = fingerprintOffset;
    }

    public StunClass Class => (StunClass)(((Type >> 7) & 2) | ((Type >> 4) & 1));

    /// <summary>12 bits; the class's two bits lie between them.</summary>
    public ushort Method => (ushort)(((Type >> 2) & 0xF80) | ((Type >> 1) & 0x70) | (Type & 0xF));

    /// <summary>12 bytes.</summary>
    public ReadOnlySpan<byte> TransactionId => _message.Slice(8, TransactionIdLength);

    public bool HasIntegrity => _integrityOffset >= 0;

    public bool HasFingerprint => _fingerprintOffset >= 0;

    /// <summary>What MESSAGE-INTEGRITY covers; what follows it is ignored (section 14.5), because anybody may have added it.</summary>
    public StunAttributes Attributes
    {
        get
        {
            var end = _integrityOffset >= 0 ? _integrityOffset : _fingerprintOffset >= 0 ? _fingerprintOffset : _message.Length;
            return new StunAttributes(_message[HeaderLength..end]);
        }
    }

    private int Type => BinaryPrimitives.ReadUInt16BigEndian(_message);

    /// <summary>False for what is not exactly one message: wrong cookie or length, an attribute out of bounds, anything after FINGERPRINT.</summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out StunMessage message)
    {
        message = default;
        if (datagram.Length is < HeaderLength or > MaximumLength || (datagram[0] & 0xC0) != 0)
            return false;
        var length = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        if (length % 4 != 0 || HeaderLength + length != datagram.Length || BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]) != MagicCookie)
            return false;
        return TryFindEnds(datagram, out var integrity, out var fingerprint) && Accept(out message, datagram, integrity, fingerprint);
    }

    /// <summary>Whether MESSAGE-INTEGRITY is there and right.</summary>
    /// <param name="key">For ICE the password in UTF-8 (short-term credentials, RFC 8489 section 9.1.1).</param>
    /// <remarks>Section 14.5. Compares in constant time.</remarks>
    public bool HasValidIntegrity(ReadOnlySpan<byte> key)
    {
        if (_integrityOffset < 0)
            return false;
        Span<byte> expected = stackalloc byte[StunIntegrity.HmacLength];
        StunIntegrity.ComputeHmac(_message, _integrityOffset, key, expected);
        return CryptographicOperations.FixedTimeEquals(expected, _message.Slice(_integrityOffset + AttributeHeaderLength, StunIntegrity.HmacLength));
    }

    /// <summary>Whether FINGERPRINT is there and right.</summary>
    /// <remarks>Section 14.7.</remarks>
    public bool HasValidFingerprint() =>
        _fingerprintOffset >= 0
        && BinaryPrimitives.ReadUInt32BigEndian(_message[(_fingerprintOffset + AttributeHeaderLength)..])
            == StunIntegrity.ComputeFingerprint(_message[.._fingerprintOffset]);

    /// <summary>The first attribute of that type before MESSAGE-INTEGRITY.</summary>
    public bool TryFind(StunAttributeType type, out ReadOnlySpan<byte> value)
    {
        foreach (var attribute in Attributes)
        {
            if (attribute.Type != type)
                continue;
            value = attribute.Value;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>For ICE "receiver's fragment:sender's fragment" in UTF-8 (RFC 8445 section 7.2.2). At most 508 bytes (RFC 8489 section 14.3).</summary>
    public bool TryGetUsername(out ReadOnlySpan<byte> username) =>
        TryFind(StunAttributeType.Username, out username) && username.Length is > 0 and <= 508;

    /// <remarks>RFC 8445 section 7.1.1.</remarks>
    public bool TryGetPriority(out uint priority)
    {
        priority = 0;
        return TryFind(StunAttributeType.Priority, out var value) && BinaryPrimitives.TryReadUInt32BigEndian(value, out priority) && value.Length == 4;
    }

    /// <remarks>RFC 8445 section 7.1.2.</remarks>
    public bool HasUseCandidate => TryFind(StunAttributeType.UseCandidate, out _);

    /// <remarks>RFC 8445 section 7.1.3.</remarks>
    public bool TryGetIceControlled(out ulong tieBreaker) => TryGetTieBreaker(StunAttributeType.IceControlled, out tieBreaker);

    /// <remarks>RFC 8445 section 7.1.3.</remarks>
    public bool TryGetIceControlling(out ulong tieBreaker) => TryGetTieBreaker(StunAttributeType.IceControlling, out tieBreaker);

    /// <param name="code">300 to 699.</param>
    /// <param name="reason">UTF-8, at most 763 bytes.</param>
    /// <remarks>RFC 8489 section 14.8.</remarks>
    public bool TryGetErrorCode(out int code, out ReadOnlySpan<byte> reason)
    {
        code = 0;
        reason = default;
        if (!TryFind(StunAttributeType.ErrorCode, out var value) || value.Length < 4)
            return false;
        var hundreds = value[2] & 7;
        if (hundreds is < 3 or > 6 || value[3] > 99 || value.Length > 4 + 763)
            return false;
        code = (hundreds * 100) + value[3];
        reason = value[4..];
        return true;
    }

    /// <remarks>
    /// RFC 8489 section 14.2; port and address are XORed with magic cookie and transaction id.
    /// <code>
    /// |0 0 0 0 0 0 0 0|    family     |            x-port             |   family: 1 IPv4, 2 IPv6
    /// |                x-address (32 or 128 bits)                     |
    /// </code>
    /// </remarks>
    public bool TryGetXorMappedAddress(out TransportAddress address)
    {
        address = default;
        if (!TryFind(StunAttributeType.XorMappedAddress, out var value) || value.Length < 4)
            return false;
        var length = value.Length - 4;
        if ((value[1], length) is not ((1, 4) or (2, 16)))
            return false;
        Span<byte> bytes = stackalloc byte[TransportAddress.MaximumAddressLength];
        for (var index = 0; index < length; index++)
            bytes[index] = (byte)(value[4 + index] ^ _message[4 + index]);
        var port = BinaryPrimitives.ReadUInt16BigEndian(value[2..]) ^ (MagicCookie >> 16);
        return TransportAddress.TryCreate(bytes[..length], (ushort)port, out address);
    }

    /// <summary>The attributes that must be understood and are not: they are what an answer 420 lists.</summary>
    /// <returns>How many were written; those that find no room are left out.</returns>
    /// <remarks>RFC 8489 section 6.3.1.</remarks>
    public int CopyUnknownAttributes(Span<ushort> unknown)
    {
        var count = 0;
        foreach (var attribute in Attributes)
        {
            if ((int)attribute.Type < 0x8000 && count < unknown.Length && !IsUnderstood(attribute.Type))
                unknown[count++] = (ushort)attribute.Type;
        }

        return count;
    }

    private static bool IsUnderstood(StunAttributeType type) => type is
        StunAttributeType.MappedAddress or StunAttributeType.Username or StunAttributeType.MessageIntegrity or StunAttributeType.ErrorCode
        or StunAttributeType.UnknownAttributes or StunAttributeType.Realm or StunAttributeType.Nonce or StunAttributeType.MessageIntegritySha256
        or StunAttributeType.XorMappedAddress or StunAttributeType.Priority or StunAttributeType.UseCandidate;

    private static bool Accept(out StunMessage message, ReadOnlySpan<byte> datagram, int integrity, int fingerprint)
    {
        message = new StunMessage(datagram, integrity, fingerprint);
        return true;
    }

    /// <summary>Walks all attributes; false where one is out of bounds or something follows FINGERPRINT.</summary>
    private static bool TryFindEnds(ReadOnlySpan<byte> datagram, out int integrity, out int fingerprint)
    {
        integrity = -1;
        fingerprint = -1;
        var offset = HeaderLength;
        while (offset < datagram.Length)
        {
            // The length of the message is a multiple of 4, and so is every step: four bytes are always there.
            var type = (StunAttributeType)BinaryPrimitives.ReadUInt16BigEndian(datagram[offset..]);
            var length = BinaryPrimitives.ReadUInt16BigEndian(datagram[(offset + 2)..]);
            var next = offset + AttributeHeaderLength + StunAttributes.Padded(length);
            if (next > datagram.Length || fingerprint >= 0)
                return false;
            if (type == StunAttributeType.MessageIntegrity && integrity < 0)
            {
                if (length != StunIntegrity.HmacLength)
                    return false;
                integrity = offset;
            }
            else if (type == StunAttributeType.Fingerprint)
            {
                if (length != StunIntegrity.FingerprintLength)
                    return false;
                fingerprint = offset;
            }

            offset = next;
        }

        return true;
    }

    private bool TryGetTieBreaker(StunAttributeType type, out ulong tieBreaker)
    {
        tieBreaker = 0;
        return TryFind(type, out var value) && BinaryPrimitives.TryReadUInt64BigEndian(value, out tieBreaker) && value.Length == 8;
    }
}
