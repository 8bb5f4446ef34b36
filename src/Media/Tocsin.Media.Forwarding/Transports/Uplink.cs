using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Feedback;
using Tocsin.Media.Engine.Peers;
using Tocsin.Media.Forwarding.Parameters;
using Tocsin.Media.Forwarding.Publishing;
using Tocsin.Media.Wire.Rtcp;
using Tocsin.Media.Wire.Rtp;

namespace Tocsin.Media.Forwarding.Transports;

/// <summary>From client to server: takes a publisher's packets, asks again for lost ones and for key frames, and tells what arrived.</summary>
/// <param name="ssrc">Ours, that feedback is sent by.</param>
/// <remarks>The meeting's thread. Once its streams have begun, no packet makes it allocate.</remarks>
internal sealed class Uplink(IMediaSender sender, uint ssrc, Random random)
{
    /// <summary>What fits a datagram on any path in use.</summary>
    private const int LargestReport = 1_200;

    private const int MostNacksAtOnce = 256;

    private readonly HeaderExtensionMap extensions = new();
    private readonly StreamDemultiplexer streams = new();
    private readonly List<PublishedStream> all = [];
    private readonly TransportFeedbackGenerator feedback = new(ssrc);
    private readonly ReportTimer reports = new(random);
    private readonly byte[] datagram = new byte[LargestReport];

    /// <summary>When <see cref="HandleTimeout"/> has something to do.</summary>
    public Instant NextWakeUp { get; private set; } = Instant.Never;

    /// <summary>Packets of no published stream.</summary>
    public long UnknownCount { get; private set; }

    /// <summary>Refuses with <see cref="Refusal.HeaderExtensionConflict"/> or <see cref="Refusal.StreamInUse"/>.</summary>
    public Refusal TryAdd(Producer producer)
    {
        foreach (var (kind, id) in producer.Track.HeaderExtensions)
        {
            if (IsTaken(kind, id))
                return Refusal.HeaderExtensionConflict;
        }

        if (!streams.TryAdd(producer))
            return Refusal.StreamInUse;
        foreach (var (kind, id) in producer.Track.HeaderExtensions)
            extensions.TrySet(kind, id);
        all.AddRange(producer.Streams);
        NextWakeUp = Instant.Earlier(NextWakeUp, reports.NextWakeUp);
        return Refusal.None;
    }

    public void Remove(Producer producer)
    {
        streams.Remove(producer);
        foreach (var stream in producer.Streams)
        {
            all.Remove(stream);
            stream.History.Clear();
        }
    }

    /// <summary>The packet, kept, where it is a new one of a published stream.</summary>
    public StoredPacket? HandleRtp(Instant now, in RtpPacket packet)
    {
        var read = IncomingExtensions.Read(packet.Extensions, extensions);
        if (read.HasTransportSequenceNumber)
        {
            feedback.HandlePacket(now, read.TransportSequenceNumber, packet.Ssrc);
            NextWakeUp = Instant.Earlier(NextWakeUp, feedback.NextWakeUp);
        }

        if (streams.Find(now, packet, read, out var codec, out var isRetransmission) is not { HasBegun: true } stream)
        {
            UnknownCount++;
            return null;
        }

        var sequenceNumber = packet.SequenceNumber;
        var payload = packet.Payload;
        if (isRetransmission)
        {
            // What carries no original only probes for bandwidth: never passed on.
            if (!Rtx.TryGetOriginalSequenceNumber(packet, out sequenceNumber))
                return null;
            payload = payload[Rtx.OriginalSequenceNumberLength..];
        }

        var stored = stream.TryStore(now, new IncomingPacket(codec, sequenceNumber, packet.Timestamp, packet.Marker, payload, isRetransmission), read);
        if (stream.Nacks is { } nacks)
            NextWakeUp = Instant.Earlier(NextWakeUp, nacks.NextWakeUp);
        return stored;
    }

    public void HandleSenderReport(Instant now, in SenderInformation information) => streams.Find(information.Ssrc)?.HandleSenderReport(now, information);

    /// <summary>A subscriber of the stream needs a key frame.</summary>
    public void WantKeyFrame(PublishedStream stream)
    {
        if (!stream.HasBegun)
            return;
        stream.KeyFrameRequests.Want();
        NextWakeUp = Instant.Earlier(NextWakeUp, stream.KeyFrameRequests.NextWakeUp);
    }

    public void HandleTimeout(Instant now)
    {
        if (now < NextWakeUp)
            return;
        var writer = new RtcpWriter(datagram);
        if (reports.TryTake(now))
            WriteReports(now, ref writer);
        foreach (var stream in all)
        {
            WriteNacks(now, stream, ref writer);
            WriteKeyFrameRequest(now, stream, ref writer);
        }

        WriteFeedback(now, ref writer);
        Send(ref writer);
        NextWakeUp = FindNextWakeUp();
    }

    /// <remarks>RFC 8843 section 9.2: one id means one extension in all that a transport bundles.</remarks>
    private bool IsTaken(HeaderExtensionKind kind, byte id) =>
        (extensions.IdOf(kind) is not 0 and var knownId && knownId != id) || (extensions.KindOf(id) is not HeaderExtensionKind.None and var known && known != kind);

    private void WriteReports(Instant now, ref RtcpWriter writer)
    {
        Span<ReportBlock> blocks = stackalloc ReportBlock[RtcpWriter.MaximumCount];
        var count = 0;
        foreach (var stream in all)
        {
            stream.History.Expire(now);
            if (count < blocks.Length && stream.Reception is { } reception && reception.TryTakeReport(now, out var block))
                blocks[count++] = block with { FractionLost = Math.Max(block.FractionLost, stream.Producer.WorstLossOfVoice) };
        }

        if (count > 0)
            writer.TryAddReceiverReport(ssrc, blocks[..count]);
    }

    private void WriteNacks(Instant now, PublishedStream stream, ref RtcpWriter writer)
    {
        if (stream.Nacks is not { } nacks || now < nacks.NextWakeUp)
            return;
        Span<ushort> lost = stackalloc ushort[MostNacksAtOnce];
        var count = nacks.CollectDue(now, stream.RoundTrip.RetryTime, lost);
        if (count > 0)
        {
            stream.RoundTrip.HandleRequest(now, lost[0]);
            if (!writer.TryAddNack(ssrc, stream.Ssrc, lost[..count]))
            {
                Send(ref writer);
                writer.TryAddNack(ssrc, stream.Ssrc, lost[..count]);
            }
        }

        if (nacks.TakeKeyFrameNeed() && stream.Producer.Kind == MediaKind.Video && stream.Producer.IsWatched(stream))
            stream.KeyFrameRequests.Want();
    }

    private void WriteKeyFrameRequest(Instant now, PublishedStream stream, ref RtcpWriter writer)
    {
        if (!stream.KeyFrameRequests.TryTakeRequest(now) || writer.TryAddPictureLossIndication(ssrc, stream.Ssrc))
            return;
        Send(ref writer);
        writer.TryAddPictureLossIndication(ssrc, stream.Ssrc);
    }

    /// <summary>What does not fit the datagram goes into the next.</summary>
    private void WriteFeedback(Instant now, ref RtcpWriter writer)
    {
        if (now < feedback.NextWakeUp)
            return;
        if (writer.Length > LargestReport / 2)
            Send(ref writer);
        while (feedback.TryWrite(now, ref writer) && now >= feedback.NextWakeUp)
            Send(ref writer);
    }

    private void Send(ref RtcpWriter writer)
    {
        if (writer.Length > 0)
            sender.SendRtcp(datagram.AsSpan(0, writer.Length));
        writer = new RtcpWriter(datagram);
    }

    private Instant FindNextWakeUp()
    {
        var next = Instant.Earlier(feedback.NextWakeUp, reports.NextWakeUp);
        foreach (var stream in all)
        {
            next = Instant.Earlier(next, stream.KeyFrameRequests.NextWakeUp);
            if (stream.Nacks is { } nacks)
                next = Instant.Earlier(next, nacks.NextWakeUp);
        }

        return next;
    }
}
