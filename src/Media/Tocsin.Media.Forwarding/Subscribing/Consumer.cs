using Tocsin.Media.Engine;
using Tocsin.Media.Forwarding.Meetings;
using Tocsin.Media.Forwarding.Parameters;
using Tocsin.Media.Forwarding.Publishing;
using Tocsin.Media.Forwarding.Transports;

namespace Tocsin.Media.Forwarding.Subscribing;

/// <summary>One track on its way to one subscriber. Made by <see cref="Transport.TryConsume"/>.</summary>
/// <remarks>The meeting's thread only.</remarks>
public sealed class Consumer
{
    internal Consumer(Transport transport, ConsumerId id, Producer producer, RtpParameters parameters, ConsumerOptions options)
    {
        Transport = transport;
        Id = id;
        Producer = producer;
        Parameters = parameters;
        IsPaused = options.IsPaused;
        Priority = options.Priority ?? (producer.Source == ProducerSource.Screen ? VideoPriority.Screen : VideoPriority.Thumbnail);
        PreferredLayers = options.PreferredLayers ?? VideoLayers.Highest;
    }

    public ConsumerId Id { get; }

    public Transport Transport { get; }

    public Producer Producer { get; }

    public MediaKind Kind => Producer.Kind;

    /// <summary>What the client's <c>consume</c> is given: the router's payload types and ids, an SSRC of its own, and one for retransmissions.</summary>
    public RtpParameters Parameters { get; }

    public bool IsPaused { get; private set; }

    public bool IsClosed { get; private set; }

    public VideoPriority Priority { get; private set; }

    public VideoLayers PreferredLayers { get; private set; }

    /// <summary>What reaches the subscriber; null for audio, and while nothing does.</summary>
    public VideoLayers? CurrentLayers { get; private set; }

    public void Pause(Instant now) => IsPaused = true;

    /// <summary>Asks the publisher for a key frame where one is needed.</summary>
    public void Resume(Instant now) => IsPaused = false;

    public void SetPriority(Instant now, VideoPriority priority) => Priority = priority;

    /// <summary>As what the subscriber shows grows or shrinks. Layers that there are not are the highest that there are; below zero is zero.</summary>
    public void SetPreferredLayers(Instant now, VideoLayers layers) => PreferredLayers = new(Math.Max(0, layers.Spatial), Math.Max(0, layers.Temporal));

    /// <summary>For a decoder that has nothing to start from, as when an encryption key came late. The publisher is asked no more often than its limit.</summary>
    public void RequestKeyFrame(Instant now)
    {
        if (IsClosed)
            return;
    }

    /// <summary>Final.</summary>
    public void Close(Instant now)
    {
        if (IsClosed)
            return;
        IsClosed = true;
        Producer.Remove(this);
        Transport.Remove(this);
    }
}
