using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Tocsin.Media.Wire.Stun;

/// <summary>
/// Writes one message into the caller's buffer: header, attributes in the order of the calls, then integrity, then fingerprint.
/// What finds no room is remembered, and <see cref="TryFinish"/> says false: no call needs checking of its own.
/// </summary>
/// <remarks>RFC 8489 section 5. Does not allocate.</remarks>
[StructLayout(LayoutKind.Auto)]
public ref struct StunWriter
{
    private readonly Span<byte> _buffer;
    private int _length;
    private bool _failed;

    /// <param name="transactionId">12 bytes: random for a request, the request's for an answer.</param>
    public StunWriter(Span<byte> buffer, StunClass messageClass, ushort method, scoped ReadOnlySpan<byte> transactionId)
    {
        _buffer = buffer.Length > StunMessage.MaximumLength ? buffer[..StunMessage.MaximumLength] : buffer;
        _failed = _buffer.Length < StunMessage.HeaderLength || transactionId.Length != StunMessage.TransactionIdLength || method > 0xFFF;
        if (_failed)
            return;
        var type = ((method & 0xF80) << 2) | ((method & 0x70) << 1) | (method & 0xF) | (((int)messageClass & 2) << 7) | (((int)messageClass & 1) << 4);
        BinaryPrimitives.WriteUInt16BigEndian(_buffer, (ushort)type);
        BinaryPrimitives.WriteUInt32BigEndian(_buffer[4..], StunMessage.MagicCookie);
        transactionId.CopyTo(_buffer[8..]);
        _length = StunMessage.HeaderLength;
        WriteMessageLength();
    }

    public void Add(StunAttributeType type, scoped ReadOnlySpan<byte> value)
    {
        if (TryReserve(type, value.Length, out var destination))
            value.CopyTo(destination);
    }

    public void AddUsername(scoped ReadOnlySpan<byte> username) => Add(StunAttributeType.Username, username);

    public void AddPriority(uint priority)
    {
        if (TryReserve(StunAttributeType.Priority, 4, out var destination))
            BinaryPrimitives.WriteUInt32BigEndian(destination, priority);
    }

    public void AddUseCandidate() => Add(StunAttributeType.UseCandidate, default);

    public void AddIceControlled(ulong tieBreaker) => AddTieBreaker(StunAttributeType.IceControlled, tieBreaker);

    public void AddIceControlling(ulong tieBreaker) => AddTieBreaker(StunAttributeType.IceControlling, tieBreaker);

    /// <remarks>RFC 8489 section 14.2.</remarks>
    public void AddXorMappedAddress(in TransportAddress address)
    {
        if (!TryReserve(StunAttributeType.XorMappedAddress, 4 + address.AddressLength, out var destination))
            return;
        destination[0] = 0;
        destination[1] = address.IsIPv6 ? (byte)2 : (byte)1;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)(address.Port ^ (StunMessage.MagicCookie >> 16)));
        var bytes = destination[4..];
        address.WriteAddress(bytes);
        for (var index = 0; index < address.AddressLength; index++)
            bytes[index] ^= _buffer[4 + index];
    }

    /// <param name="code">300 to 699.</param>
    /// <param name="reason">UTF-8, for people who read traces.</param>
    /// <remarks>RFC 8489 section 14.8.</remarks>
    public void AddErrorCode(int code, scoped ReadOnlySpan<byte> reason)
    {
        if (code is < 300 or > 699 || !TryReserve(StunAttributeType.ErrorCode, 4 + reason.Length, out var destination))
        {
            _failed = true;
            return;
        }

        destination[..2].Clear();
        destination[2] = (byte)(code / 100);
        destination[3] = (byte)(code % 100);
        reason.CopyTo(destination[4..]);
    }

    /// <remarks>RFC 8489 section 14.9.</remarks>
    public void AddUnknownAttributes(scoped ReadOnlySpan<ushort> types)
    {
        if (!TryReserve(StunAttributeType.UnknownAttributes, 2 * types.Length, out var destination))
            return;
        for (var index = 0; index < types.Length; index++)
            BinaryPrimitives.WriteUInt16BigEndian(destination[(2 * index)..], types[index]);
    }

    /// <summary>Covers everything written so far; only <see cref="AddFingerprint"/> may follow.</summary>
    public void AddMessageIntegrity(scoped ReadOnlySpan<byte> key)
    {
        var offset = _length;
        if (TryReserve(StunAttributeType.MessageIntegrity, StunIntegrity.HmacLength, out var destination))
            StunIntegrity.ComputeHmac(_buffer, offset, key, destination);
    }

    /// <summary>The last attribute of a message.</summary>
    public void AddFingerprint()
    {
        var offset = _length;
        if (TryReserve(StunAttributeType.Fingerprint, StunIntegrity.FingerprintLength, out var destination))
            BinaryPrimitives.WriteUInt32BigEndian(destination, StunIntegrity.ComputeFingerprint(_buffer[..offset]));
    }

    /// <summary>False where the buffer was too small or a value not allowed; then nothing in it is of use.</summary>
    public readonly bool TryFinish(out int written)
    {
        written = _failed ? 0 : _length;
        return !_failed;
    }

    private void AddTieBreaker(StunAttributeType type, ulong tieBreaker)
    {
        if (TryReserve(type, 8, out var destination))
            BinaryPrimitives.WriteUInt64BigEndian(destination, tieBreaker);
    }

    /// <summary>Writes the attribute's header and padding, and the message's new length: integrity and fingerprint count themselves.</summary>
    private bool TryReserve(StunAttributeType type, int length, out Span<byte> value)
    {
        value = default;
        var end = _length + StunMessage.AttributeHeaderLength + StunAttributes.Padded(length);
        if (_failed || end > _buffer.Length)
        {
            _failed = true;
            return false;
        }

        var attribute = _buffer[_length..end];
        BinaryPrimitives.WriteUInt16BigEndian(attribute, (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(attribute[2..], (ushort)length);
        attribute[(StunMessage.AttributeHeaderLength + length)..].Clear();
        value = attribute.Slice(StunMessage.AttributeHeaderLength, length);
        _length = end;
        WriteMessageLength();
        return true;
    }

    private readonly void WriteMessageLength() => BinaryPrimitives.WriteUInt16BigEndian(_buffer[2..], (ushort)(_length - StunMessage.HeaderLength));
}
