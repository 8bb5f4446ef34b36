using System.Buffers.Binary;

namespace Tocsin.Media.Wire.Rtp;

/// <summary>Changes fields of a packet where it stands. The packet must have been parsed: what is shorter than a header throws.</summary>
/// <remarks>RFC 3550 section 5.1. Does not allocate.</remarks>
public static class RtpRewriting
{
    public static void SetMarker(Span<byte> packet, bool marker) => packet[1] = (byte)((packet[1] & 0x7F) | (marker ? 0x80 : 0));

    /// <param name="payloadType">7 bits.</param>
    public static void SetPayloadType(Span<byte> packet, byte payloadType) => packet[1] = (byte)((packet[1] & 0x80) | (payloadType & 0x7F));

    public static void SetSequenceNumber(Span<byte> packet, ushort sequenceNumber) => BinaryPrimitives.WriteUInt16BigEndian(packet[2..], sequenceNumber);

    public static void SetTimestamp(Span<byte> packet, uint timestamp) => BinaryPrimitives.WriteUInt32BigEndian(packet[4..], timestamp);

    public static void SetSsrc(Span<byte> packet, uint ssrc) => BinaryPrimitives.WriteUInt32BigEndian(packet[8..], ssrc);
}
