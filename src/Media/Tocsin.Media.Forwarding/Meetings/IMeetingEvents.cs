using Tocsin.Media.Engine;
using Tocsin.Media.Forwarding.Publishing;
using Tocsin.Media.Forwarding.Subscribing;

namespace Tocsin.Media.Forwarding.Meetings;

/// <summary>What signalling should hear of a meeting. Called on the meeting's thread from within its calls: take note and return, do not call the meeting back.</summary>
public interface IMeetingEvents
{
    /// <summary>A consumer has ended because its producer has (mediasoup: <c>producerclose</c>). Not for a consumer that the caller itself closes, or its transport.</summary>
    void OnConsumerClosed(Instant now, Consumer consumer);

    /// <summary>Other layers reach the subscriber (mediasoup: <c>layerschange</c>): <see cref="Consumer.CurrentLayers"/>, null where none do.</summary>
    void OnLayersChanged(Instant now, Consumer consumer);

    /// <summary>
    /// The highest spatial layer that anybody wants of the producer has changed: <see cref="Producer.WantedSpatialLayer"/>, -1 where nobody wants anything. The publisher saves what
    /// it need not send (mediasoup-client: <c>producer.setMaxSpatialLayer</c>, or pause).
    /// </summary>
    void OnDemandChanged(Instant now, Producer producer);

    /// <summary>Who speaks has changed: <see cref="Meeting.ActiveSpeakers"/>, the most active first.</summary>
    void OnActiveSpeakersChanged(Instant now, Meeting meeting);
}
