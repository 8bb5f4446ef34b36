using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Tocsin.Media.Wire.Rtcp;

/// <summary>
/// Appends RTCP packets to the caller's buffer, which is one datagram. Each call writes one whole packet and says true, or changes nothing and says false:
/// the datagram is full (or a value not allowed), and what is in it can be sent.
/// </summary>
/// <remarks>RFC 3550 section 6.1. Does not allocate.</remarks>
[StructLayout(LayoutKind.Auto)]
public ref struct RtcpWriter(Span<byte> buffer)
{
    /// <remarks>Five bits of the header.</remarks>
    public const int MaximumCount = 31;

    private readonly Span<byte> _buffer = buffer;

    /// <summary>How many bytes the datagram has.</summary>
    public int Length { get; private set; }

    /// <remarks>RFC 3550 section 6.4.1.</remarks>
    public bool TryAddSenderReport(in SenderInformation information, scoped ReadOnlySpan<ReportBlock> reports)
    {
        if (!TryBegin(RtcpPacketType.SenderReport, reports.Length, SenderReport.BodyLength + (reports.Length * ReportBlock.Length), out var body))
            return false;
        BinaryPrimitives.WriteUInt32BigEndian(body, information.Ssrc);
        BinaryPrimitives.WriteUInt64BigEndian(body[4..], information.NtpTimestamp);
        BinaryPrimitives.WriteUInt32BigEndian(body[12..], information.RtpTimestamp);
        BinaryPrimitives.WriteUInt32BigEndian(body[16..], information.PacketCount);
        BinaryPrimitives.WriteUInt32BigEndian(body[20..], information.OctetCount);
        WriteReports(body[SenderReport.BodyLength..], reports);
        return true;
    }

    /// <remarks>RFC 3550 section 6.4.2.</remarks>
    public bool TryAddReceiverReport(uint senderSsrc, scoped ReadOnlySpan<ReportBlock> reports)
    {
        if (!TryBegin(RtcpPacketType.ReceiverReport, reports.Length, ReceiverReport.BodyLength + (reports.Length * ReportBlock.Length), out var body))
            return false;
        BinaryPrimitives.WriteUInt32BigEndian(body, senderSsrc);
        WriteReports(body[ReceiverReport.BodyLength..], reports);
        return true;
    }

    /// <summary>One source with its canonical name.</summary>
    /// <param name="canonicalName">UTF-8, at most 255 bytes.</param>
    /// <remarks>RFC 3550 section 6.5.1.</remarks>
    public bool TryAddCanonicalName(uint ssrc, scoped ReadOnlySpan<byte> canonicalName)
    {
        // At least one zero ends the chunk.
        var length = (4 + 2 + canonicalName.Length + 1 + 3) & ~3;
        if (canonicalName.Length > 255 || !TryBegin(RtcpPacketType.SourceDescription, 1, length, out var body))
            return false;
        body.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(body, ssrc);
        body[4] = (byte)SourceDescriptionItemType.CanonicalName;
        body[5] = (byte)canonicalName.Length;
        canonicalName.CopyTo(body[6..]);
        return true;
    }

    /// <remarks>RFC 3550 section 6.6.</remarks>
    public bool TryAddGoodbye(scoped ReadOnlySpan<uint> sources)
    {
        if (!TryBegin(RtcpPacketType.Goodbye, sources.Length, 4 * sources.Length, out var body))
            return false;
        WriteSources(body, sources);
        return true;
    }

    /// <param name="lost">In ascending order, wrap-around included; at least one.</param>
    /// <remarks>RFC 4585 section 6.2.1.</remarks>
    public bool TryAddNack(uint senderSsrc, uint mediaSsrc, scoped ReadOnlySpan<ushort> lost)
    {
        var pairs = CountPairs(lost);
        if (pairs == 0 || !TryBeginFeedback(
            RtcpPacketType.TransportFeedback, FeedbackMessage.NackFormat, senderSsrc, mediaSsrc, pairs * GenericNack.PairLength, out var information))
        {
            return false;
        }

        while (!lost.IsEmpty)
        {
            lost = TakePair(lost, out var packetId, out var mask);
            BinaryPrimitives.WriteUInt16BigEndian(information, packetId);
            BinaryPrimitives.WriteUInt16BigEndian(information[2..], mask);
            information = information[GenericNack.PairLength..];
        }

        return true;
    }

    /// <remarks>RFC 4585 section 6.3.1.</remarks>
    public bool TryAddPictureLossIndication(uint senderSsrc, uint mediaSsrc) =>
        TryBeginFeedback(RtcpPacketType.PayloadFeedback, FeedbackMessage.PictureLossFormat, senderSsrc, mediaSsrc, 0, out _);

    /// <remarks>RFC 5104 section 4.3.1.</remarks>
    public bool TryAddFullIntraRequest(uint senderSsrc, scoped ReadOnlySpan<FullIntraRequestEntry> entries)
    {
        if (entries.IsEmpty || !TryBeginFeedback(
            RtcpPacketType.PayloadFeedback, FeedbackMessage.FullIntraFormat, senderSsrc, 0, entries.Length * FullIntraRequest.EntryLength, out var information))
        {
            return false;
        }

        foreach (var entry in entries)
        {
            information[..FullIntraRequest.EntryLength].Clear();
            BinaryPrimitives.WriteUInt32BigEndian(information, entry.Ssrc);
            information[4] = entry.SequenceNumber;
            information = information[FullIntraRequest.EntryLength..];
        }

        return true;
    }

    /// <summary>A rate that has more than 18 significant bits is rounded down.</summary>
    /// <remarks>draft-alvestrand-rmcat-remb-03 section 2.2.</remarks>
    public bool TryAddReceiverEstimatedMaximumBitrate(uint senderSsrc, ulong bitsPerSecond, scoped ReadOnlySpan<uint> sources)
    {
        var length = ReceiverEstimatedMaximumBitrate.FixedLength + (4 * sources.Length);
        if (sources.Length > byte.MaxValue || !TryBeginFeedback(
            RtcpPacketType.PayloadFeedback, FeedbackMessage.ApplicationFormat, senderSsrc, 0, length, out var information))
        {
            return false;
        }

        var exponent = Math.Max(0, 64 - ReceiverEstimatedMaximumBitrate.MantissaBits - BitOperations.LeadingZeroCount(bitsPerSecond));
        var mantissa = (uint)(bitsPerSecond >> exponent);
        BinaryPrimitives.WriteUInt32BigEndian(information, ReceiverEstimatedMaximumBitrate.Name);
        BinaryPrimitives.WriteUInt32BigEndian(
            information[4..], ((uint)sources.Length << 24) | ((uint)exponent << ReceiverEstimatedMaximumBitrate.MantissaBits) | mantissa);
        WriteSources(information[ReceiverEstimatedMaximumBitrate.FixedLength..], sources);
        return true;
    }

    /// <summary>As many of <paramref name="arrivals"/> as fit; call again with the rest and the next feedback number.</summary>
    /// <param name="arrivals">In ascending order of sequence number, none twice, none before the report's base. At least one.</param>
    /// <param name="consumed">How many were written; 0 on false.</param>
    /// <remarks>draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1; see <see cref="TransportWideFeedback"/>.</remarks>
    public bool TryAddTransportWideFeedback(in TransportWideReport report, scoped ReadOnlySpan<PacketArrival> arrivals, out int consumed)
    {
        consumed = 0;
        const int Overhead = RtcpPacket.HeaderLength + FeedbackMessage.BodyLength;
        var room = (_buffer.Length - Length) & ~3;
        if (room <= Overhead
            || !TransportWideFeedbackEncoding.TryWrite(_buffer.Slice(Length + Overhead, room - Overhead), report, arrivals, out consumed, out var written))
        {
            return false;
        }

        // What was just written is padded to whole words, and stays where it is.
        return TryBeginFeedback(RtcpPacketType.TransportFeedback, FeedbackMessage.TransportWideFormat, report.SenderSsrc, report.MediaSsrc, written, out _);
    }

    private static void WriteReports(Span<byte> destination, scoped ReadOnlySpan<ReportBlock> reports)
    {
        for (var index = 0; index < reports.Length; index++)
            reports[index].Write(destination[(index * ReportBlock.Length)..]);
    }

    private static void WriteSources(Span<byte> destination, scoped ReadOnlySpan<uint> sources)
    {
        for (var index = 0; index < sources.Length; index++)
            BinaryPrimitives.WriteUInt32BigEndian(destination[(4 * index)..], sources[index]);
    }

    private static int CountPairs(ReadOnlySpan<ushort> lost)
    {
        var pairs = 0;
        for (; !lost.IsEmpty; pairs++)
            lost = TakePair(lost, out _, out _);
        return pairs;
    }

    /// <returns>The rest.</returns>
    private static ReadOnlySpan<ushort> TakePair(ReadOnlySpan<ushort> lost, out ushort packetId, out ushort mask)
    {
        packetId = lost[0];
        mask = 0;
        var taken = 1;
        for (; taken < lost.Length; taken++)
        {
            var distance = (ushort)(lost[taken] - packetId);
            if (distance is 0 or > GenericNack.PacketsInMask)
                break;
            mask |= (ushort)(1 << (distance - 1));
        }

        return lost[taken..];
    }

    private bool TryBeginFeedback(
        RtcpPacketType type, int format, uint senderSsrc, uint mediaSsrc, int informationLength, out Span<byte> information)
    {
        information = default;
        if (!TryBegin(type, format, FeedbackMessage.BodyLength + informationLength, out var body))
            return false;
        BinaryPrimitives.WriteUInt32BigEndian(body, senderSsrc);
        BinaryPrimitives.WriteUInt32BigEndian(body[4..], mediaSsrc);
        information = body[FeedbackMessage.BodyLength..];
        return true;
    }

    /// <param name="bodyLength">A multiple of 4.</param>
    private bool TryBegin(RtcpPacketType type, int count, int bodyLength, out Span<byte> body)
    {
        body = default;
        var length = RtcpPacket.HeaderLength + bodyLength;
        if (count > MaximumCount || length > _buffer.Length - Length)
            return false;
        var packet = _buffer.Slice(Length, length);
        packet[0] = (byte)((2 << 6) | count);
        packet[1] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)(bodyLength / 4));
        body = packet[RtcpPacket.HeaderLength..];
        Length += length;
        return true;
    }
}
