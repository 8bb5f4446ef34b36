using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Tocsin.Media.Engine;

namespace Tocsin.Media.Forwarding.Tests.Simulation;

/// <summary>
/// What a simulated VP8 payload carries behind its descriptor: the truth about the frame, which the SFU never reads and the receiver holds the outcome against.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FramePayload(int Encoding, int FrameIndex, int ReferenceIndex, int PacketIndex, int PacketCount, Instant CapturedAt)
{
    public const int DescriptorLength = 6;
    public const int Length = DescriptorLength + 1 + 24;

    /// <summary>No earlier frame is needed.</summary>
    public const int NoReference = -1;

    /// <param name="size">Of the whole payload.</param>
    public byte[] Write(int size, ushort pictureId, byte baseLayerIndex, int temporalId, bool isLayerSync)
    {
        var payload = new byte[Math.Max(size, Length)];
        payload[0] = (byte)(0x80 | (PacketIndex == 0 ? 0x10 : 0));
        payload[1] = 0xE0;
        BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(2), (ushort)(0x8000 | pictureId));
        payload[4] = baseLayerIndex;
        payload[5] = (byte)((temporalId << 6) | (isLayerSync ? 0x20 : 0));
        var rest = payload.AsSpan(DescriptorLength);
        // RFC 6386 section 9.1: the lowest bit is 0 for key frames.
        rest[0] = (byte)(ReferenceIndex == NoReference && PacketIndex == 0 ? 0 : 1);
        rest[1] = (byte)Encoding;
        BinaryPrimitives.WriteInt32BigEndian(rest[2..], FrameIndex);
        BinaryPrimitives.WriteInt32BigEndian(rest[6..], ReferenceIndex);
        rest[10] = (byte)PacketIndex;
        rest[11] = (byte)PacketCount;
        BinaryPrimitives.WriteInt64BigEndian(rest[12..], CapturedAt.Nanoseconds);
        return payload;
    }

    public static FramePayload Read(ReadOnlySpan<byte> payload)
    {
        var rest = payload[DescriptorLength..];
        return new FramePayload(
            rest[1],
            BinaryPrimitives.ReadInt32BigEndian(rest[2..]),
            BinaryPrimitives.ReadInt32BigEndian(rest[6..]),
            rest[10],
            rest[11],
            new Instant(BinaryPrimitives.ReadInt64BigEndian(rest[12..])));
    }
}
