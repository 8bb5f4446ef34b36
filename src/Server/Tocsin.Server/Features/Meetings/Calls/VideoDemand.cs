using Tocsin.Media.Engine;
using Tocsin.Media.Forwarding.Parameters;
using Tocsin.Media.Forwarding.Publishing;
using Tocsin.Media.Forwarding.Subscribing;
using Tocsin.Server.Features.Meetings.Signalling;

namespace Tocsin.Server.Features.Meetings.Calls;

/// <summary>From how large a video is shown to which layer is sent, and before whose.</summary>
internal static class VideoDemand
{
    // Cameras are sent in thirds of a 720p picture: 180, 360 and 720 lines. A layer is enlarged by a quarter before the next is asked for, which nobody sees and saves its bits.
    private const int LowestLines = 225;
    private const int MiddleLines = 450;

    /// <summary>Small, until the client says what is on its screen: there is something to see at once, and little is lost where it is not shown.</summary>
    public static ConsumerOptions AtFirst(Producer producer) =>
        producer.Kind == MediaKind.Audio || producer.Source == ProducerSource.Screen ? new() : new(PreferredLayers: new(0, VideoLayers.Highest.Temporal));

    /// <summary>Of what takes another's place.</summary>
    public static ConsumerOptions As(Consumer former) => new(former.IsPaused, former.Priority, former.PreferredLayers);

    public static void Apply(Instant now, Consumer consumer, ShownVideo video)
    {
        consumer.SetPriority(now, consumer.Producer.Source == ProducerSource.Screen ? VideoPriority.Screen : video.Priority >= 2 ? VideoPriority.Speaker : VideoPriority.Thumbnail);
        consumer.SetPreferredLayers(now, new(SpatialLayerFor(consumer.Producer.Source, video.Height), VideoLayers.Highest.Temporal));
        consumer.Resume(now);
    }

    // Text on a screen is read, not looked at: it is sent as sharp as there is.
    private static int SpatialLayerFor(ProducerSource source, int lines) =>
        source == ProducerSource.Screen || lines > MiddleLines ? VideoLayers.Highest.Spatial : lines > LowestLines ? 1 : 0;
}
