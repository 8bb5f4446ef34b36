using System.Buffers.Binary;

namespace Tocsin.Media.Wire.Rtp;

/// <summary>Retransmission in a stream of its own, with its own SSRC, payload type and sequence numbers.</summary>
/// <remarks>
/// RFC 4588 section 4. Does not allocate.
/// <code>
/// | RTP header | original sequence number (16) | original payload |
/// </code>
/// </remarks>
public static class Rtx
{
    public const int OriginalSequenceNumberLength = 2;

    /// <summary>False for packets that only pad, as browsers send on this stream to probe for bandwidth: these carry no original and are never forwarded.</summary>
    public static bool TryGetOriginalSequenceNumber(in RtpPacket packet, out ushort sequenceNumber) =>
        BinaryPrimitives.TryReadUInt16BigEndian(packet.Payload, out sequenceNumber);

    /// <summary>Makes the original of a retransmission where it stands: the header moves over the two bytes, the payload stays.</summary>
    /// <param name="packet">In clear; changed. On false it is as it was.</param>
    /// <param name="original">The part of <paramref name="packet"/> that is the original packet, padding included. Its extensions are those of the retransmission.</param>
    public static bool TryUnwrap(Span<byte> packet, byte originalPayloadType, uint originalSsrc, out Span<byte> original)
    {
        original = default;
        if (!RtpPacket.TryParse(packet, out var parsed) || !TryGetOriginalSequenceNumber(parsed, out var sequenceNumber))
            return false;
        var headerLength = parsed.Header.Length;
        packet[..headerLength].CopyTo(packet[OriginalSequenceNumberLength..]);
        original = packet[OriginalSequenceNumberLength..];
        RtpRewriting.SetPayloadType(original, originalPayloadType);
        RtpRewriting.SetSequenceNumber(original, sequenceNumber);
        RtpRewriting.SetSsrc(original, originalSsrc);
        return true;
    }

    /// <param name="original">In clear, as it was first sent; its extensions are kept.</param>
    /// <param name="destination">Two bytes longer than the original; must not overlap it.</param>
    public static bool TryWrap(
        ReadOnlySpan<byte> original, byte payloadType, uint ssrc, ushort sequenceNumber, Span<byte> destination, out int written)
    {
        written = 0;
        if (!RtpHeader.TryParse(original, out var header) || destination.Length < original.Length + OriginalSequenceNumberLength)
            return false;
        header.Bytes.CopyTo(destination);
        BinaryPrimitives.WriteUInt16BigEndian(destination[header.Length..], header.SequenceNumber);
        original[header.Length..].CopyTo(destination[(header.Length + OriginalSequenceNumberLength)..]);
        RtpRewriting.SetPayloadType(destination, payloadType);
        RtpRewriting.SetSequenceNumber(destination, sequenceNumber);
        RtpRewriting.SetSsrc(destination, ssrc);
        written = original.Length + OriginalSequenceNumberLength;
        return true;
    }
}
