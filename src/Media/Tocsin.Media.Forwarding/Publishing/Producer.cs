using Tocsin.Media.Engine;
using Tocsin.Media.Forwarding.Meetings;
using Tocsin.Media.Forwarding.Parameters;
using Tocsin.Media.Forwarding.Subscribing;
using Tocsin.Media.Forwarding.Transports;

namespace Tocsin.Media.Forwarding.Publishing;

/// <summary>A track that a participant publishes. Made by <see cref="Transport.TryProduce"/>.</summary>
/// <remarks>The meeting's thread only.</remarks>
public sealed class Producer
{
    private readonly List<Consumer> consumers = [];

    internal Producer(Transport transport, ProducerId id, ProducerSource source, PublishedTrack track)
    {
        Transport = transport;
        Id = id;
        Source = source;
        Track = track;
    }

    public ProducerId Id { get; }

    public Transport Transport { get; }

    public Participant Participant => Transport.Participant;

    public ProducerSource Source { get; }

    public MediaKind Kind => Track.Kind;

    public bool IsPaused { get; private set; }

    public bool IsClosed { get; private set; }

    public IReadOnlyList<Consumer> Consumers => consumers;

    /// <summary>The highest spatial layer, of RIDs or of SVC, that anybody wants; -1 where nobody wants anything.</summary>
    public int WantedSpatialLayer { get; private set; } = -1;

    internal PublishedTrack Track { get; }

    /// <summary>Whether a device can receive this track (<see cref="Meeting.Capabilities"/> restricts what is published, devices what they receive).</summary>
    public bool CanConsume(RtpCapabilities device) => ConsumerNegotiation.CanConsume(Track, device);

    /// <summary>Nothing of it is passed on until <see cref="Resume"/>, whatever the publisher sends.</summary>
    public void Pause(Instant now) => IsPaused = true;

    public void Resume(Instant now) => IsPaused = false;

    /// <summary>Final; ends its consumers, of which signalling hears.</summary>
    public void Close(Instant now)
    {
        if (IsClosed)
            return;
        IsClosed = true;
        while (consumers.Count > 0)
        {
            var consumer = consumers[^1];
            consumer.Close(now);
            Participant.Meeting.Events.OnConsumerClosed(now, consumer);
        }

        Transport.Remove(this);
    }

    internal void Add(Consumer consumer) => consumers.Add(consumer);

    internal void Remove(Consumer consumer) => consumers.Remove(consumer);
}
