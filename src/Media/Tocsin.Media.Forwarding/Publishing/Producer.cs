using Tocsin.Media.Engine;
using Tocsin.Media.Forwarding.Meetings;
using Tocsin.Media.Forwarding.Parameters;
using Tocsin.Media.Forwarding.Speakers;
using Tocsin.Media.Forwarding.Subscribing;
using Tocsin.Media.Forwarding.Transports;

namespace Tocsin.Media.Forwarding.Publishing;

/// <summary>A track that a participant publishes. Made by <see cref="Transport.TryProduce"/>.</summary>
/// <remarks>The meeting's thread only.</remarks>
public sealed class Producer
{
    /// <summary>A subscriber that scrolls past and back must find the layer still there.</summary>
    private static readonly TimeSpan LayerHold = TimeSpan.FromSeconds(3);

    /// <summary>A fifth: beyond it a voice is not mended by FEC, and all others would hear it coarser for one bad line.</summary>
    private const byte MostLossTold = 256 / 5;

    private readonly List<Consumer> consumers = [];

    /// <summary>Of audio: numbers what is passed on, so that what is left out for everyone leaves no gap.</summary>
    private NumberMapper passed;

    private int passedIncarnation;
    private bool hasPassed;
    private Instant resumedAt = new(long.MinValue);
    private Instant demandFellAt = Instant.Never;
    private Instant layersLookedAt = new(long.MinValue);
    private int layersVersion;

    internal Producer(Transport transport, ProducerId id, ProducerSource source, PublishedTrack track)
    {
        Transport = transport;
        Id = id;
        Source = source;
        Track = track;
        Streams = new PublishedStream[track.Encodings.Length];
        for (var index = 0; index < Streams.Length; index++)
            Streams[index] = new PublishedStream(this, index, track.Encodings[index], Participant.Meeting.Pool);
        if (track.Kind == MediaKind.Audio)
            passed = new NumberMapper();
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

    /// <summary>Of each encoding, the lowest first.</summary>
    public IReadOnlyList<ProducerStatistics> GetStatistics(Instant now) => [.. Streams.Select(stream => stream.GetStatistics(now))];

    internal PublishedTrack Track { get; }

    /// <summary>One for each encoding, the lowest first.</summary>
    internal PublishedStream[] Streams { get; }

    /// <summary>Whether packets of it should have come since then: it had begun, and was not paused.</summary>
    internal bool IsDueSince(Instant moment) => !IsPaused && resumedAt <= moment && Array.Exists(Streams, stream => stream.HasBegun);

    /// <summary>False for cameras of participants who have not spoken lately, where the meeting passes on only the last speakers.</summary>
    internal bool IsSelected { get; private set; } = true;

    /// <summary>Of a microphone: how much is spoken into it.</summary>
    internal Voice? Voice { get; set; }

    /// <summary>Whether a device can receive this track (<see cref="Meeting.Capabilities"/> restricts what is published, devices what they receive).</summary>
    public bool CanConsume(RtpCapabilities device) => ConsumerNegotiation.CanConsume(Track, device);

    /// <summary>Nothing of it is passed on until <see cref="Resume"/>, whatever the publisher sends.</summary>
    public void Pause(Instant now)
    {
        if (IsPaused)
            return;
        IsPaused = true;
        StopConsumers(now);
        Participant.Meeting.Speakers.Mute(now, this);
    }

    public void Resume(Instant now)
    {
        if (!IsPaused)
            return;
        (IsPaused, resumedAt) = (false, now);
        StopConsumers(now);
    }

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

        Transport.Remove(now, this);
    }

    internal void Add(Instant now, Consumer consumer)
    {
        consumers.Add(consumer);
        UpdateDemand(now);
    }

    internal void Remove(Instant now, Consumer consumer)
    {
        consumers.Remove(consumer);
        UpdateDemand(now);
    }

    internal void Select(Instant now, bool isSelected)
    {
        if (isSelected == IsSelected)
            return;
        IsSelected = isSelected;
        StopConsumers(now);
    }

    /// <summary>Passes a new packet on to whoever receives the track.</summary>
    internal void Forward(Instant now, StoredPacket packet)
    {
        if (Kind == MediaKind.Audio && !PassesAudio(now, packet))
            return;
        if (IsPaused || !IsSelected)
            return;
        foreach (var consumer in consumers)
            consumer.Offer(now, packet);
    }

    /// <summary>Another one whenever there are other layers to choose from.</summary>
    internal int LayersVersion(Instant now)
    {
        // Once for all subscribers whose turn comes at the same moment.
        if (now == layersLookedAt)
            return layersVersion;
        layersLookedAt = now;
        foreach (var stream in Streams)
        {
            if (stream.NoticeLayers(now))
                layersVersion++;
        }

        return layersVersion;
    }

    /// <summary>A subscriber needs a key frame; the publisher is asked when its limit allows.</summary>
    internal void WantKeyFrame(PublishedStream stream)
    {
        if (!IsPaused && !IsClosed)
            Transport.WantKeyFrame(stream);
    }

    /// <summary>
    /// Of a microphone: the largest share that a subscriber loses of it, in 256ths. Told to the publisher as its own loss, it makes the encoder send each frame once more, coarsely, with the
    /// next (in-band FEC): without, a voice is mended for nobody whose own line is bad.
    /// </summary>
    /// <remarks>As mediasoup does it. RFC 6716 section 2.1.7.</remarks>
    internal byte WorstLossOfVoice
    {
        get
        {
            byte worst = 0;
            if (Kind != MediaKind.Audio)
                return worst;
            foreach (var consumer in consumers)
            {
                if (consumer.IsWatched && consumer.FractionLost > worst)
                    worst = consumer.FractionLost;
            }

            return Math.Min(worst, MostLossTold);
        }
    }

    /// <summary>Whether somebody gets this stream at present.</summary>
    internal bool IsWatched(PublishedStream stream)
    {
        foreach (var consumer in consumers)
        {
            if (consumer.IsWatched && consumer.Stream == stream)
                return true;
        }

        return false;
    }

    /// <summary>What more is wanted is said at once, what less only after a while.</summary>
    internal void UpdateDemand(Instant now)
    {
        if (IsClosed)
            return;
        var highest = -1;
        foreach (var consumer in consumers)
            highest = consumer.IsPaused ? highest : Math.Max(highest, consumer.PreferredLayers.Spatial);
        if (highest >= WantedSpatialLayer)
        {
            demandFellAt = Instant.Never;
        }
        else if (demandFellAt == Instant.Never)
        {
            demandFellAt = now;
        }

        if (highest > WantedSpatialLayer || (highest < WantedSpatialLayer && now - demandFellAt >= LayerHold))
        {
            (WantedSpatialLayer, demandFellAt) = (highest, Instant.Never);
            Participant.Meeting.Events.OnDemandChanged(now, this);
        }
    }

    /// <summary>Silence, and voices beyond those that are passed on, are left out for everyone at once.</summary>
    private bool PassesAudio(Instant now, StoredPacket packet)
    {
        if (!hasPassed || passedIncarnation != packet.Stream.Incarnation)
        {
            passed.Begin(packet.Number, hasPassed ? passed.Next : packet.Number);
            (passedIncarnation, hasPassed) = (packet.Stream.Incarnation, true);
        }

        var passes = Participant.Meeting.Speakers.Hear(now, this, packet.AudioLevel) && packet.PayloadLength > 0;
        if (packet.Number <= passed.Highest)
        {
            var place = passed.Find(packet.Number, out var late);
            packet.PassedNumber = late;
            return passes && place == Place.Kept;
        }

        if (!passes)
        {
            passed.LeaveOut(packet.Number);
            return false;
        }

        packet.PassedNumber = passed.Keep(packet.Number);
        return true;
    }

    private void StopConsumers(Instant now)
    {
        foreach (var consumer in consumers)
            consumer.Stop(now);
    }
}
