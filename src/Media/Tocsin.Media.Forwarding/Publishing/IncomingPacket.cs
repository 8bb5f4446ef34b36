using System.Runtime.InteropServices;
using Tocsin.Media.Wire.Rtp;

namespace Tocsin.Media.Forwarding.Publishing;

/// <summary>The header extensions of a publisher's packet that are read here. Borrows the datagram.</summary>
[StructLayout(LayoutKind.Auto)]
internal ref struct IncomingExtensions
{
    public StreamToken Mid;
    public StreamToken Rid;
    public StreamToken RepairedRid;
    public bool HasTransportSequenceNumber;
    public ushort TransportSequenceNumber;
    public byte? AudioLevel;
    public byte? Orientation;
    public ReadOnlySpan<byte> DependencyDescriptor;

    /// <summary>One walk over all of them. Does not allocate.</summary>
    public static IncomingExtensions Read(in HeaderExtensions extensions, HeaderExtensionMap map)
    {
        var read = default(IncomingExtensions);
        foreach (var extension in extensions)
        {
            switch (map.KindOf(extension.Id))
            {
                case HeaderExtensionKind.Mid:
                    _ = StreamToken.TryParse(extension.Value, out read.Mid);
                    break;
                case HeaderExtensionKind.Rid:
                    _ = StreamToken.TryParse(extension.Value, out read.Rid);
                    break;
                case HeaderExtensionKind.RepairedRid:
                    _ = StreamToken.TryParse(extension.Value, out read.RepairedRid);
                    break;
                case HeaderExtensionKind.TransportSequenceNumber:
                    read.HasTransportSequenceNumber = Wire.Rtp.TransportSequenceNumber.TryParse(extension.Value, out read.TransportSequenceNumber);
                    break;
                case HeaderExtensionKind.AudioLevel when !extension.Value.IsEmpty:
                    read.AudioLevel = extension.Value[0];
                    break;
                case HeaderExtensionKind.VideoOrientation when !extension.Value.IsEmpty:
                    read.Orientation = extension.Value[0];
                    break;
                case HeaderExtensionKind.DependencyDescriptor:
                    read.DependencyDescriptor = extension.Value;
                    break;
            }
        }

        return read;
    }
}

/// <summary>A packet as its publisher first sent it: itself, or unwrapped from its retransmission. Borrows the datagram.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly ref struct IncomingPacket(TrackCodec codec, ushort sequenceNumber, uint timestamp, bool marker, ReadOnlySpan<byte> payload, bool isRetransmission)
{
    public TrackCodec Codec { get; } = codec;

    public ushort SequenceNumber { get; } = sequenceNumber;

    public uint Timestamp { get; } = timestamp;

    public bool Marker { get; } = marker;

    public ReadOnlySpan<byte> Payload { get; } = payload;

    public bool IsRetransmission { get; } = isRetransmission;
}
