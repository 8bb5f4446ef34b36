using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Peers;
using Tocsin.Media.Forwarding.Meetings;
using Tocsin.Media.Forwarding.Parameters;
using Tocsin.Media.Forwarding.Publishing;
using Tocsin.Media.Forwarding.Subscribing;
using Tocsin.Media.Wire.Rtcp;
using Tocsin.Media.Wire.Rtp;

namespace Tocsin.Media.Forwarding.Transports;

/// <summary>
/// What one ICE and DTLS connection of a participant carries: the tracks it publishes and those it receives. Made by <see cref="Participant.TryCreateTransport"/>. The host
/// gives it what its <see cref="Peer"/> has decrypted, and tells it whether the peer is connected.
/// </summary>
/// <remarks>The meeting's thread only.</remarks>
public sealed class Transport
{
    private static readonly TimeSpan UpkeepInterval = TimeSpan.FromSeconds(1);

    /// <summary>Voices that are silent are sent every 400 ms (Opus DTX): three of them in a row are seldom lost.</summary>
    private static readonly TimeSpan SilenceTime = TimeSpan.FromSeconds(1.5);

    private static readonly TimeSpan ShortestSleep = TimeSpan.FromMicroseconds(100);

    private readonly List<Producer> producers = [];
    private readonly List<Consumer> consumers = [];
    private readonly IMediaSender sender;
    private readonly Uplink uplink;

    /// <summary>Null until something is consumed: most transports only send.</summary>
    private Downlink? downlink;

    private Instant upkeepAt;
    private Instant heardAt;
    private int lastMid;

    internal Transport(Participant participant, TransportId id, IMediaSender sender, Instant now)
    {
        Participant = participant;
        Id = id;
        this.sender = sender;
        uplink = new Uplink(sender, TakeSsrc(), Meeting.Random);
        upkeepAt = now + UpkeepInterval;
    }

    public TransportId Id { get; }

    public Participant Participant { get; }

    public bool IsClosed { get; private set; }

    /// <summary>Set by <see cref="SetConnected"/>.</summary>
    public bool IsConnected { get; private set; }

    public IReadOnlyList<Producer> Producers => producers;

    public IReadOnlyList<Consumer> Consumers => consumers;

    public TransportStatistics Statistics => new()
    {
        Estimate = downlink?.Estimate ?? BitRate.Zero,
        RoundTripTime = downlink?.RoundTripTime ?? TimeSpan.Zero,
        Loss = downlink?.Loss ?? 0,
        QueuedBytes = downlink?.QueuedBytes ?? 0,
        UnknownPackets = uplink.UnknownCount,
    };

    /// <summary>
    /// Whether nothing comes from the peer although something should: what it publishes, or answers to what it is sent. Only a path that broke is so; a participant who has nothing to say is not.
    /// </summary>
    public bool IsSilent(Instant now)
    {
        if (!IsConnected || now - heardAt < SilenceTime)
            return false;
        if (downlink is { IsUnanswered: true })
            return true;
        foreach (var producer in producers)
        {
            if (producer.IsDueSince(now - SilenceTime))
                return true;
        }

        return false;
    }

    /// <summary>How often its path was shared between its videos.</summary>
    internal long AllocationCount => downlink?.AllocationCount ?? 0;

    /// <summary>Where <see cref="WakeUpQueue"/> has it.</summary>
    internal int QueueIndex { get; set; } = -1;

    internal Instant QueuedFor { get; set; } = Instant.Never;

    private Meeting Meeting => Participant.Meeting;

    /// <summary>
    /// A track that the participant publishes. Refuses with <see cref="Refusal.Closed"/>, <see cref="Refusal.TooManyProducers"/>, <see cref="Refusal.MalformedParameters"/>,
    /// <see cref="Refusal.UnsupportedCodec"/>, <see cref="Refusal.UnsupportedEncodings"/>, <see cref="Refusal.StreamInUse"/> or <see cref="Refusal.HeaderExtensionConflict"/>.
    /// </summary>
    /// <param name="parameters">As the client's <c>produce</c> gave them: nothing of them is believed.</param>
    public Refusal TryProduce(Instant now, MediaKind kind, ProducerSource source, RtpParameters parameters, bool isPaused, out Producer? producer)
    {
        producer = null;
        if (IsClosed)
            return Refusal.Closed;
        if (producers.Count >= Meeting.Options.MaximumProducers)
            return Refusal.TooManyProducers;
        var refusal = ProducerNegotiation.TryRead(kind, parameters, out var track);
        if (refusal != Refusal.None)
            return refusal;
        producer = new Producer(this, new ProducerId(Meeting.NextId()), source, track!);
        if (isPaused)
            producer.Pause(now);
        refusal = uplink.TryAdd(producer);
        if (refusal != Refusal.None)
        {
            producer = null;
            return refusal;
        }

        producers.Add(producer);
        Meeting.Speakers.Add(now, producer);
        Schedule();
        return Refusal.None;
    }

    /// <summary>
    /// A track of somebody else that the participant receives. Refuses with <see cref="Refusal.Closed"/>, <see cref="Refusal.TooManyConsumers"/>,
    /// <see cref="Refusal.WrongProducer"/>, <see cref="Refusal.AlreadyConsumed"/> or <see cref="Refusal.UnsupportedCodec"/>.
    /// </summary>
    /// <param name="device">What the client's device can receive: nothing of it is believed.</param>
    public Refusal TryConsume(Instant now, Producer producer, RtpCapabilities device, ConsumerOptions options, out Consumer? consumer)
    {
        consumer = null;
        if (IsClosed || producer.IsClosed)
            return Refusal.Closed;
        if (consumers.Count >= Meeting.Options.MaximumConsumers)
            return Refusal.TooManyConsumers;
        if (producer.Participant.Meeting != Meeting || (producer.Participant == Participant && !Meeting.Options.LoopsBack))
            return Refusal.WrongProducer;
        if (consumers.Exists(existing => existing.Producer == producer))
            return Refusal.AlreadyConsumed;
        downlink ??= new Downlink(sender, Meeting.Options, Meeting.Pool, Meeting.FeedbackResults, Meeting.Random);
        var ssrcs = new ConsumerSsrcs(TakeSsrc(), producer.Kind == MediaKind.Video ? TakeSsrc() : 0);
        var parameters = ConsumerNegotiation.TryWrite(producer.Track, device, lastMid, ssrcs);
        if (parameters is null)
            return Refusal.UnsupportedCodec;
        lastMid++;
        consumer = new Consumer(this, downlink, new ConsumerId(Meeting.NextId()), producer, parameters, options);
        consumers.Add(consumer);
        downlink.Add(now, consumer);
        producer.Add(now, consumer);
        Schedule();
        return Refusal.None;
    }

    /// <summary>Whether the peer is connected: while it is not, nothing is sent; when it is again, subscribers need key frames.</summary>
    public void SetConnected(Instant now, bool isConnected)
    {
        if (IsClosed || isConnected == IsConnected)
            return;
        (IsConnected, heardAt) = (isConnected, now);
        foreach (var consumer in consumers)
            consumer.Stop(now);
        Schedule();
    }

    /// <summary>An authentic RTP packet from the peer, in clear; not kept.</summary>
    public void HandleRtp(Instant now, ReadOnlySpan<byte> packet)
    {
        heardAt = now;
        if (IsClosed || !RtpPacket.TryParse(packet, out var parsed))
            return;
        if (uplink.HandleRtp(now, parsed) is { } stored)
            stored.Stream.Producer.Forward(now, stored);
        Schedule(now);
    }

    /// <summary>An authentic compound RTCP packet from the peer, in clear; not kept.</summary>
    public void HandleRtcp(Instant now, ReadOnlySpan<byte> packet)
    {
        heardAt = now;
        if (IsClosed || !RtcpCompound.TryParse(packet, out var compound))
            return;
        foreach (var part in compound)
        {
            if (SenderReport.TryParse(part, out var sent))
            {
                uplink.HandleSenderReport(now, sent.Information);
                downlink?.HandleReports(sent.Reports);
            }
            else if (ReceiverReport.TryParse(part, out var received))
            {
                downlink?.HandleReports(received.Reports);
            }
            else if (FeedbackMessage.TryParse(part, out var feedback))
            {
                downlink?.HandleFeedback(now, feedback);
            }
        }

        Schedule();
    }

    /// <summary>Closes its producers and consumers. Final.</summary>
    public void Close(Instant now)
    {
        if (IsClosed)
            return;
        IsClosed = true;
        while (producers.Count > 0)
            producers[^1].Close(now);
        while (consumers.Count > 0)
            consumers[^1].Close(now);
        downlink?.Close();
        Meeting.WakeUps.Remove(this);
        Participant.Remove(this);
    }

    internal void HandleTimeout(Instant now)
    {
        uplink.HandleTimeout(now);
        downlink?.HandleTimeout(now);
        if (now >= upkeepAt)
        {
            upkeepAt = now + UpkeepInterval;
            foreach (var producer in producers)
                producer.UpdateDemand(now);
        }

        // A mistake in what is due when must cost milliseconds, not the thread.
        ScheduleNext(notBefore: now + ShortestSleep);
    }

    internal void WantKeyFrame(PublishedStream stream)
    {
        uplink.WantKeyFrame(stream);
        Schedule();
    }

    /// <summary>As <see cref="Schedule()"/>, for each packet: who is called in this turn anyway is asked then what comes next.</summary>
    internal void Schedule(Instant now)
    {
        if (QueuedFor > now)
            Schedule();
    }

    /// <summary>Something may have to be done sooner than was thought.</summary>
    internal void Schedule() => ScheduleNext(notBefore: new Instant(long.MinValue));

    private void ScheduleNext(Instant notBefore)
    {
        if (IsClosed)
            return;
        var next = Instant.Earlier(uplink.NextWakeUp, downlink?.NextWakeUp ?? Instant.Never);
        if (producers.Count > 0)
            next = Instant.Earlier(next, upkeepAt);
        next = next > notBefore ? next : notBefore;
        if (next != QueuedFor)
            Meeting.WakeUps.Set(this, next);
    }

    internal void Remove(Instant now, Producer producer)
    {
        producers.Remove(producer);
        Meeting.Speakers.Remove(now, producer);
        uplink.Remove(producer);
    }

    internal void Remove(Instant now, Consumer consumer)
    {
        consumers.Remove(consumer);
        downlink?.Remove(now, consumer);
    }

    /// <summary>One that nothing of this transport has.</summary>
    private uint TakeSsrc()
    {
        uint ssrc;
        do
            ssrc = (uint)Meeting.Random.NextInt64(1, uint.MaxValue);
        while (downlink?.Knows(ssrc) == true);
        return ssrc;
    }
}
