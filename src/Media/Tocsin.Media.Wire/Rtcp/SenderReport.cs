using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Tocsin.Media.Wire.Rtcp;

/// <summary>What a source says of itself: which time its timestamps stand for, and how much it has sent.</summary>
/// <param name="NtpTimestamp">Seconds since 1900 in the upper 32 bits, fractions of 2^-32 s in the lower.</param>
/// <param name="RtpTimestamp">The same instant in ticks of the codec's clock.</param>
/// <remarks>RFC 3550 section 6.4.1.</remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SenderInformation(uint Ssrc, ulong NtpTimestamp, uint RtpTimestamp, uint PacketCount, uint OctetCount)
{
    /// <summary>What a receiver returns as "last sender report".</summary>
    public uint CompactNtpTimestamp => (uint)(NtpTimestamp >> 16);
}

/// <summary>A sender report. Borrows the datagram.</summary>
/// <remarks>RFC 3550 section 6.4.1. Does not allocate.</remarks>
[StructLayout(LayoutKind.Auto)]
public readonly ref struct SenderReport
{
    internal const int BodyLength = 24;

    private SenderReport(SenderInformation information, ReportBlocks reports)
    {
        Information = information;
        Reports = reports;
    }

    public SenderInformation Information { get; }

    public ReportBlocks Reports { get; }

    /// <summary>False for another type, or for one shorter than its count of reports says. What follows them is ignored (profile-specific extensions).</summary>
    public static bool TryParse(in RtcpPacket packet, out SenderReport report)
    {
        report = default;
        var body = packet.Body;
        var blocks = packet.Count * ReportBlock.Length;
        if (packet.Type != RtcpPacketType.SenderReport || body.Length < BodyLength + blocks)
            return false;
        report = new SenderReport(
            new SenderInformation(
                BinaryPrimitives.ReadUInt32BigEndian(body),
                BinaryPrimitives.ReadUInt64BigEndian(body[4..]),
                BinaryPrimitives.ReadUInt32BigEndian(body[12..]),
                BinaryPrimitives.ReadUInt32BigEndian(body[16..]),
                BinaryPrimitives.ReadUInt32BigEndian(body[20..])),
            new ReportBlocks(body.Slice(BodyLength, blocks)));
        return true;
    }
}

/// <summary>A receiver report. Borrows the datagram.</summary>
/// <remarks>RFC 3550 section 6.4.2. Does not allocate.</remarks>
[StructLayout(LayoutKind.Auto)]
public readonly ref struct ReceiverReport
{
    internal const int BodyLength = 4;

    private ReceiverReport(uint senderSsrc, ReportBlocks reports)
    {
        SenderSsrc = senderSsrc;
        Reports = reports;
    }

    public uint SenderSsrc { get; }

    public ReportBlocks Reports { get; }

    public static bool TryParse(in RtcpPacket packet, out ReceiverReport report)
    {
        report = default;
        var blocks = packet.Count * ReportBlock.Length;
        if (packet.Type != RtcpPacketType.ReceiverReport || packet.Body.Length < BodyLength + blocks)
            return false;
        report = new ReceiverReport(BinaryPrimitives.ReadUInt32BigEndian(packet.Body), new ReportBlocks(packet.Body.Slice(BodyLength, blocks)));
        return true;
    }
}
