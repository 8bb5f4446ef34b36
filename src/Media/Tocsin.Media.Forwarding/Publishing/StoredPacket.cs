using Tocsin.Media.Engine;
using Tocsin.Media.Wire.Payloads;

namespace Tocsin.Media.Forwarding.Publishing;

/// <summary>
/// A packet of a publisher's, kept once for all its subscribers: to be paced, sent, and sent again. Its header is not kept: each subscriber gets another. The payload's
/// descriptor is rewritten where it lies each time the packet leaves, so nothing of it may be read from there.
/// </summary>
/// <param name="capacity">Bytes of payload and Dependency Descriptor together.</param>
/// <remarks>
/// The meeting's thread. Pooled: it returns to its <see cref="PacketPool"/> when nobody holds it.
/// <code>
/// | room for the original sequence number of a retransmission (2) | payload | Dependency Descriptor |
/// </code>
/// </remarks>
internal sealed class StoredPacket(int capacity)
{
    public const int PayloadOffset = 2;

    private readonly byte[] bytes = new byte[PayloadOffset + capacity];

    public int Capacity => bytes.Length - PayloadOffset;

    /// <summary>Whoever holds it: the history of its stream, and each pacer that it waits in.</summary>
    public int Holders { get; set; }

    public PublishedStream Stream { get; set; } = null!;

    public TrackCodec Codec { get; set; } = null!;

    /// <summary>The source's sequence number, unrolled.</summary>
    public long Number { get; set; }

    /// <summary>Consecutive over what is passed on of an audio track; see <see cref="Producer"/>.</summary>
    public long PassedNumber { get; set; }

    /// <summary>The source's.</summary>
    public uint Timestamp { get; set; }

    public bool Marker { get; set; }

    public Instant ReceivedAt { get; set; }

    public FrameInfo Frame { get; set; }

    /// <summary>Of a VP8 packet.</summary>
    public Vp8Descriptor Vp8 { get; set; }

    /// <summary>Of a VP9 packet.</summary>
    public Vp9Descriptor Vp9 { get; set; }

    /// <summary>As on the wire; null where it was not sent.</summary>
    public byte? AudioLevel { get; set; }

    /// <summary>As on the wire; null where it was not sent.</summary>
    public byte? Orientation { get; set; }

    public int PayloadLength { get; private set; }

    public int DependencyDescriptorLength { get; private set; }

    public Span<byte> Payload => bytes.AsSpan(PayloadOffset, PayloadLength);

    /// <summary>The payload after two bytes of the caller's.</summary>
    public Span<byte> RetransmissionPayload => bytes.AsSpan(0, PayloadOffset + PayloadLength);

    public ReadOnlySpan<byte> DependencyDescriptor => bytes.AsSpan(PayloadOffset + PayloadLength, DependencyDescriptorLength);

    public void SetContent(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> dependencyDescriptor)
    {
        PayloadLength = payload.Length;
        DependencyDescriptorLength = dependencyDescriptor.Length;
        payload.CopyTo(bytes.AsSpan(PayloadOffset));
        dependencyDescriptor.CopyTo(bytes.AsSpan(PayloadOffset + payload.Length));
    }
}
