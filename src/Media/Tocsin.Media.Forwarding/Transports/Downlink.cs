using System.Text;
using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Congestion;
using Tocsin.Media.Engine.Feedback;
using Tocsin.Media.Engine.Pacing;
using Tocsin.Media.Engine.Peers;
using Tocsin.Media.Forwarding.Meetings;
using Tocsin.Media.Forwarding.Parameters;
using Tocsin.Media.Forwarding.Publishing;
using Tocsin.Media.Forwarding.Subscribing;
using Tocsin.Media.Wire.Rtcp;
using Tocsin.Media.Wire.Rtp;

namespace Tocsin.Media.Forwarding.Transports;

/// <summary>From server to client: paces what a subscriber gets, estimates what its path carries from its feedback, shares that between videos, and answers its requests.</summary>
/// <remarks>The meeting's thread. Once its consumers are made, no packet makes it allocate.</remarks>
internal sealed class Downlink
{
    private const int LargestReport = 1_200;

    /// <summary>Bursts of key frames leave a little faster than the estimate; longer queues here would cost more than those on the path.</summary>
    private const double PacingFactor = 1.5;

    /// <summary>Of the estimate, what video and audio may take together: the rest is for retransmissions and reports.</summary>
    private const double MediaShare = 0.95;

    /// <summary>Of the estimate, what retransmissions may take: more would only lose more.</summary>
    private const double RetransmissionShare = 0.3;

    /// <summary>Queues here that are longer leave out what nothing refers to.</summary>
    private static readonly TimeSpan CrowdedWait = TimeSpan.FromMilliseconds(100);

    /// <summary>A frame that would wait longer is not begun: then rather none until a key frame.</summary>
    private static readonly TimeSpan LongestWaitOfFrame = TimeSpan.FromSeconds(1);

    /// <summary>A key frame takes long to leave itself, so what is before it must be short.</summary>
    private static readonly TimeSpan LongestWaitOfKeyFrame = TimeSpan.FromMilliseconds(500);

    /// <summary>What was begun is finished: a key frame of a large screen takes seconds on a narrow path, and is worth nothing in part.</summary>
    private static readonly TimeSpan LongestWaitOfPacket = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan AllocationInterval = TimeSpan.FromMilliseconds(100);

    private readonly IMediaSender sender;
    private readonly Dictionary<uint, Consumer> bySsrc = [];
    private readonly List<Consumer> consumers = [];
    private readonly List<Consumer> videos = [];
    private readonly Pacer pacer = new();
    private readonly BandwidthEstimator estimator;
    private readonly ByteBudget retransmissions;
    private readonly PacingSlots slots;
    private readonly PacketWriter writer;
    private readonly ReportTimer reports;
    private readonly byte[] datagram = new byte[LargestReport];
    private Instant allocateAt;

    /// <summary>Every video has the best that is wanted of it: as long as that fits, and nothing else is wanted or there to choose from, sharing anew would come to the same.</summary>
    private bool isAllGiven;

    private Instant nextAt;
    private int paddingTurn;
    private int pathChanges;

    /// <param name="results">Shared by all of a meeting.</param>
    public Downlink(IMediaSender sender, MeetingOptions options, PacketPool pool, PacketResult[] results, Random random)
    {
        this.sender = sender;
        estimator = new BandwidthEstimator(options.InitialBitRate, options.LowestBitRate, options.HighestBitRate, results);
        retransmissions = new ByteBudget(options.InitialBitRate * RetransmissionShare, TimeSpan.FromSeconds(1));
        slots = new PacingSlots(pool);
        writer = new PacketWriter(sender, estimator);
        reports = new ReportTimer(random);
        pathChanges = sender.PathChanges;
    }

    public BitRate Estimate => estimator.Estimate;

    public TimeSpan RoundTripTime => estimator.RoundTripTime;

    public double Loss => estimator.Loss;

    public long QueuedBytes => pacer.QueuedBytes;

    /// <summary>Whether what is sent is no longer answered.</summary>
    public bool IsUnanswered => estimator.IsUnanswered;

    /// <summary>When <see cref="HandleTimeout"/> has something to do.</summary>
    public Instant NextWakeUp => consumers.Count == 0 && pacer.QueuedBytes == 0 ? Instant.Never : Instant.Earlier(nextAt, pacer.NextWakeUp);

    public void Add(Instant now, Consumer consumer)
    {
        bySsrc.Add(consumer.Ssrc, consumer);
        if (consumer.RtxSsrc != 0)
            bySsrc.Add(consumer.RtxSsrc, consumer);
        consumers.Add(consumer);
        if (consumer.Kind == MediaKind.Video)
            videos.Add(consumer);
        AllocateSoon(now);
    }

    public void Remove(Instant now, Consumer consumer)
    {
        bySsrc.Remove(consumer.Ssrc);
        bySsrc.Remove(consumer.RtxSsrc);
        consumers.Remove(consumer);
        videos.Remove(consumer);
        AllocateSoon(now);
    }

    public bool Knows(uint ssrc) => bySsrc.ContainsKey(ssrc);

    /// <summary>How often the path was shared: not where it could change nothing.</summary>
    public long AllocationCount { get; private set; }

    /// <summary>What somebody wants, or gets, has changed.</summary>
    public void AllocateSoon(Instant now) => (isAllGiven, allocateAt, nextAt) = (false, now, now);

    /// <summary>Whether a frame of that consumer's that begins now would leave in time.</summary>
    public bool HasRoom(Consumer consumer, bool isKeyFrame) =>
        slots.HasRoom && !pacer.WouldWait(consumer.PacketPriority, isKeyFrame ? LongestWaitOfKeyFrame : LongestWaitOfFrame);

    public bool IsCrowded(Consumer consumer) => pacer.WouldWait(consumer.PacketPriority, CrowdedWait);

    /// <returns>False where it finds no room: it is dropped.</returns>
    public bool TrySend(Instant now, Consumer consumer, StoredPacket packet, in Rewriting rewriting) =>
        TryEnqueue(now, consumer.PacketPriority, new WaitingPacket(consumer, packet, rewriting, IsRetransmission: false));

    public void SendFiller(Instant now, Consumer consumer, in Rewriting rewriting) =>
        writer.SendFiller(now, consumer, consumer.FormatOf(consumer.Producer.Track.Codecs[0]).PayloadType, rewriting);

    public void HandleFeedback(Instant now, in FeedbackMessage message)
    {
        switch (message.Kind)
        {
            case FeedbackKind.TransportWide when TransportWideFeedback.TryParse(message, out var feedback):
                NoticePath(now);
                estimator.HandleFeedback(now, feedback);
                FollowEstimate(now);
                break;
            case FeedbackKind.GenericNack when GenericNack.TryParse(message, out var nack) && bySsrc.TryGetValue(message.MediaSsrc, out var consumer):
                foreach (var sequenceNumber in nack)
                    Retransmit(now, consumer, sequenceNumber);
                break;
            case FeedbackKind.PictureLossIndication when bySsrc.TryGetValue(message.MediaSsrc, out var consumer):
                consumer.RequestKeyFrame(now);
                break;
            case FeedbackKind.FullIntraRequest when FullIntraRequest.TryParse(message, out var request):
                for (var index = 0; index < request.Count; index++)
                {
                    if (bySsrc.TryGetValue(request[index].Ssrc, out var named))
                        named.RequestKeyFrame(now);
                }

                break;
        }
    }

    public void HandleReports(in ReportBlocks blocks)
    {
        for (var index = 0; index < blocks.Count; index++)
        {
            if (bySsrc.TryGetValue(blocks[index].Ssrc, out var consumer))
                consumer.HandleReport(blocks[index]);
        }
    }

    public void HandleTimeout(Instant now)
    {
        if (now < NextWakeUp)
            return;
        if (now >= nextAt)
            HandleTimers(now);
        while (pacer.TryDequeue(now, out var packet))
            Emit(now, packet.Handle, packet.ProbeCluster);
        while (pacer.TryTakePadding(now, out var bytes, out var cluster))
            pacer.HandlePadding(SendPadding(now, cluster) is > 0 and var sent ? sent : bytes);
    }

    /// <summary>Lets go of what waits. Final.</summary>
    public void Close() => slots.Clear();

    /// <summary>What was estimated of one path holds for no other: from UDP to TCP, from one network to the next.</summary>
    private void NoticePath(Instant now)
    {
        if (pathChanges == sender.PathChanges)
            return;
        pathChanges = sender.PathChanges;
        estimator.Restart(now);
        AllocateSoon(now);
    }

    private void HandleTimers(Instant now)
    {
        NoticePath(now);
        estimator.HandleTimeout(now);
        if (now >= allocateAt)
            Allocate(now);
        FollowEstimate(now);
        if (reports.TryTake(now))
        {
            WriteReports(now);
            foreach (var video in videos)
                video.AskAgain(now);
        }

        nextAt = Instant.Earlier(Instant.Earlier(allocateAt, reports.NextWakeUp), estimator.NextWakeUp);
    }

    private void FollowEstimate(Instant now)
    {
        pacer.Rate = estimator.Estimate * PacingFactor;
        retransmissions.Rate = estimator.Estimate * RetransmissionShare;
        if (!pacer.IsProbing && HasPadding() && estimator.TryPlanProbe(now, out var cluster))
            pacer.BeginProbe(now, cluster);
    }

    /// <summary>A probe without anything to fill it would fail, and be tried again only after a pause.</summary>
    private bool HasPadding()
    {
        foreach (var video in videos)
        {
            if (video.IsWatched && video.RtxSsrc != 0)
                return true;
        }

        return false;
    }

    private void Allocate(Instant now)
    {
        allocateAt = now + AllocationInterval;
        var audio = BitRate.Zero;
        foreach (var consumer in consumers)
        {
            if (consumer is { Kind: MediaKind.Audio, IsWatched: true })
                audio += consumer.Producer.Streams[0].Rates.RateOf(now, 0, 0);
        }

        var available = (estimator.Estimate * MediaShare) - audio;
        var wanted = BitRate.Zero;
        foreach (var video in videos)
        {
            if (video.NoticeChoice(now))
                isAllGiven = false;
            wanted += video.Share.Ladder.MeasureTop(now);
        }

        if (!isAllGiven || wanted > available)
            wanted = Share(now, available);
        foreach (var video in videos)
        {
            video.NoticeLayers(now);
            if (video.WasCut)
                video.AskAgain(now);
        }

        // So much must be estimated that the best layers can be climbed to.
        estimator.Wanted = ((wanted * BandwidthAllocation.ClimbMargin) + audio) * (1 / MediaShare);
    }

    private BitRate Share(Instant now, BitRate available)
    {
        AllocationCount++;
        var wanted = BandwidthAllocation.Run(now, videos, available);
        isAllGiven = true;
        foreach (var video in videos)
            isAllGiven &= video.Share.Rung == video.Share.Ladder.Count - 1;
        return wanted;
    }

    private bool TryEnqueue(Instant now, PacketPriority priority, in WaitingPacket waiting)
    {
        if (!slots.HasRoom)
            return false;
        var slot = slots.Add(waiting);
        if (pacer.TryEnqueue(now, priority, slot, PacketWriter.SizeOf(waiting.Packet), LongestWaitOfPacket))
            return true;
        slots.Release(slots.Take(slot));
        return false;
    }

    private void Emit(Instant now, int slot, int probeCluster)
    {
        var waiting = slots.Take(slot);
        waiting.Consumer.CountLeft(waiting);
        if (!waiting.Consumer.IsClosed)
        {
            var size = waiting.IsRetransmission
                ? writer.SendAgain(now, waiting.Consumer, waiting.Packet, waiting.Rewriting, probeCluster)
                : writer.Send(now, waiting.Consumer, waiting.Packet, waiting.Rewriting, probeCluster);
            waiting.Consumer.CountSent(now, waiting, size);
        }

        slots.Release(waiting);
    }

    private void Retransmit(Instant now, Consumer consumer, ushort sequenceNumber)
    {
        if (consumer.IsRepeated)
        {
            Repeat(now, consumer, sequenceNumber);
            return;
        }

        if (consumer.Sent is not { } sentPackets || consumer.RtxSsrc == 0)
            return;
        if (!sentPackets.TryFind(now, sequenceNumber, estimator.RoundTripTime, out var rewriting, out var packet)
            || !retransmissions.TryTake(now, packet.PayloadLength)
            || !TryEnqueue(now, PacketPriority.Retransmission, new WaitingPacket(consumer, packet, rewriting, IsRetransmission: true)))
        {
            consumer.CountRefusedRetransmission();
            return;
        }

        sentPackets.CountSentAgain(now, sequenceNumber);
    }

    /// <summary>Sends a packet of a voice once more, past what waits: it is played within some tenths of a second or not at all, and takes little.</summary>
    private void Repeat(Instant now, Consumer consumer, ushort sequenceNumber)
    {
        // Most lines lose none: what was sent is kept from the first request on.
        writer.KeepVoices();
        if (!writer.Voices!.TryFind(now, consumer.Ssrc, sequenceNumber, estimator.RoundTripTime, out var packet, out var transportNumber, out var place)
            || !retransmissions.TryTake(now, packet.Length)
            || !sender.Repeat(packet))
        {
            consumer.CountRefusedRetransmission();
            return;
        }

        writer.Voices.CountSentAgain(now, place);
        if (consumer.Extensions.IdOf(HeaderExtensionKind.TransportSequenceNumber) != 0)
            estimator.HandleRepeated(transportNumber);
        consumer.CountRepeated();
    }

    /// <summary>Sends a packet again that was just sent, of one video after the other: where the first was lost, it is even of use. Where there is none, bytes of no meaning.</summary>
    /// <returns>Bytes on the wire; 0 where there was none to send.</returns>
    private int SendPadding(Instant now, int probeCluster)
    {
        for (var tried = 0; tried < videos.Count; tried++)
        {
            var consumer = videos[paddingTurn++ % videos.Count];
            if (consumer.Sent is { } sentPackets && sentPackets.TryFindPadding(now, out var rewriting, out var packet))
                return writer.SendAgain(now, consumer, packet, rewriting, probeCluster);
        }

        foreach (var consumer in videos)
        {
            if (consumer.IsWatched && consumer.RtxSsrc != 0)
                return writer.SendPadding(now, consumer, probeCluster);
        }

        return 0;
    }

    private void WriteReports(Instant now)
    {
        var report = new RtcpWriter(datagram);
        Span<byte> name = stackalloc byte[255];
        foreach (var consumer in consumers)
        {
            if (!consumer.TryReport(now, out var information))
                continue;
            var length = Encoding.ASCII.GetBytes(consumer.Producer.Track.CanonicalName, name);
            // Sender report and name go together (RFC 3550 section 6.1).
            if (report.Length + 28 + 12 + length + 4 > LargestReport)
                Flush(ref report);
            report.TryAddSenderReport(information, []);
            report.TryAddCanonicalName(information.Ssrc, name[..length]);
        }

        Flush(ref report);
    }

    private void Flush(ref RtcpWriter report)
    {
        if (report.Length > 0)
            sender.SendRtcp(datagram.AsSpan(0, report.Length));
        report = new RtcpWriter(datagram);
    }
}
