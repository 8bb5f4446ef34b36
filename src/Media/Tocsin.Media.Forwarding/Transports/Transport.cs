using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Peers;
using Tocsin.Media.Forwarding.Meetings;
using Tocsin.Media.Forwarding.Parameters;
using Tocsin.Media.Forwarding.Publishing;
using Tocsin.Media.Forwarding.Subscribing;
using Tocsin.Media.Wire.Rtp;

namespace Tocsin.Media.Forwarding.Transports;

/// <summary>
/// What one ICE and DTLS connection of a participant carries: the tracks it publishes and those it receives. Made by <see cref="Participant.TryCreateTransport"/>. The host
/// gives it what its <see cref="Peer"/> has decrypted, and tells it whether the peer is connected.
/// </summary>
/// <remarks>The meeting's thread only.</remarks>
public sealed class Transport
{
    private readonly List<Producer> producers = [];
    private readonly List<Consumer> consumers = [];
    private readonly IMediaSender sender;
    private int lastMid;

    internal Transport(Participant participant, TransportId id, IMediaSender sender, Instant now)
    {
        Participant = participant;
        Id = id;
        this.sender = sender;
    }

    public TransportId Id { get; }

    public Participant Participant { get; }

    public bool IsClosed { get; private set; }

    /// <summary>Set by <see cref="SetConnected"/>.</summary>
    public bool IsConnected { get; private set; }

    public IReadOnlyList<Producer> Producers => producers;

    public IReadOnlyList<Consumer> Consumers => consumers;

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
        producers.Add(producer);
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
        if (producer.Participant.Meeting != Meeting || producer.Participant == Participant)
            return Refusal.WrongProducer;
        if (consumers.Exists(existing => existing.Producer == producer))
            return Refusal.AlreadyConsumed;
        var parameters = ConsumerNegotiation.TryWrite(producer.Track, device, lastMid, TakeSsrcs());
        if (parameters is null)
            return Refusal.UnsupportedCodec;
        lastMid++;
        consumer = new Consumer(this, new ConsumerId(Meeting.NextId()), producer, parameters, options);
        consumers.Add(consumer);
        producer.Add(consumer);
        return Refusal.None;
    }

    /// <summary>Whether the peer is connected: while it is not, nothing is sent; when it is again, subscribers need key frames.</summary>
    public void SetConnected(Instant now, bool isConnected) => IsConnected = isConnected;

    /// <summary>An authentic RTP packet from the peer, in clear; not kept.</summary>
    public void HandleRtp(Instant now, ReadOnlySpan<byte> packet)
    {
        if (IsClosed || !RtpPacket.TryParse(packet, out _))
            return;
    }

    /// <summary>An authentic compound RTCP packet from the peer, in clear; not kept.</summary>
    public void HandleRtcp(Instant now, ReadOnlySpan<byte> packet)
    {
        if (IsClosed)
            return;
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
        Meeting.WakeUps.Remove(this);
        Participant.Remove(this);
    }

    internal void HandleTimeout(Instant now)
    {
        if (IsClosed)
            return;
    }

    internal void Remove(Producer producer) => producers.Remove(producer);

    internal void Remove(Consumer consumer) => consumers.Remove(consumer);

    private ConsumerSsrcs TakeSsrcs() => new((uint)Meeting.Random.NextInt64(1, uint.MaxValue), (uint)Meeting.Random.NextInt64(1, uint.MaxValue));
}
