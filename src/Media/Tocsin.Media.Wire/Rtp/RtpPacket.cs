using System.Runtime.InteropServices;

namespace Tocsin.Media.Wire.Rtp;

/// <summary>A view of an RTP packet in clear (after SRTP).</summary>
/// <remarks>RFC 3550 section 5.1. Borrows the datagram. Does not allocate.</remarks>
[StructLayout(LayoutKind.Auto)]
public readonly ref struct RtpPacket
{
    private RtpPacket(RtpHeader header, ReadOnlySpan<byte> payload, int paddingLength)
    {
        Header = header;
        Payload = payload;
        PaddingLength = paddingLength;
    }

    public RtpHeader Header { get; }

    /// <summary>Without padding. Empty in packets that only pad, as probes for bandwidth do.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>In bytes, with the one that counts them.</summary>
    public int PaddingLength { get; }

    public bool Marker => Header.Marker;

    public byte PayloadType => Header.PayloadType;

    public ushort SequenceNumber => Header.SequenceNumber;

    public uint Timestamp => Header.Timestamp;

    public uint Ssrc => Header.Ssrc;

    public HeaderExtensions Extensions => Header.Extensions;

    /// <summary>False where the header is no RTP header, or where the padding claims more bytes than there are.</summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out RtpPacket packet)
    {
        packet = default;
        if (!RtpHeader.TryParse(datagram, out var header))
            return false;
        var rest = datagram[header.Length..];
        var padding = 0;
        if (header.HasPadding)
        {
            // The last byte counts itself, so it is never zero.
            if (rest.IsEmpty || rest[^1] == 0 || rest[^1] > rest.Length)
                return false;
            padding = rest[^1];
        }

        packet = new RtpPacket(header, rest[..^padding], padding);
        return true;
    }
}
