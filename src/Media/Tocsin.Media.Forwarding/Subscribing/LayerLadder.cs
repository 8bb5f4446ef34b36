using System.Runtime.InteropServices;
using Tocsin.Media.Engine;
using Tocsin.Media.Forwarding.Publishing;

namespace Tocsin.Media.Forwarding.Subscribing;

/// <summary>A quality of a track, and what it takes.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LayerRung(VideoLayers Layers, BitRate Rate);

/// <summary>The qualities of a track that a subscriber may get, the cheapest first: frame rates of the lowest picture, then larger pictures at the higher frame rates.</summary>
/// <remarks>The meeting's thread. Allocates only when it is made.</remarks>
internal sealed class LayerLadder
{
    /// <summary>Until an encoding is measured, what browsers give to three.</summary>
    private static readonly BitRate[] Assumed = [BitRate.FromKilobits(150), BitRate.FromKilobits(500), BitRate.FromKilobits(1_700), BitRate.FromKilobits(2_500)];

    private readonly LayerRung[] rungs = new LayerRung[LayerRates.MaximumSpatialLayers * LayerRates.MaximumTemporalLayers];

    private PublishedStream? topStream;
    private int topSpatial;

    public int Count { get; private set; }

    public LayerRung this[int index] => rungs[index];

    public BitRate TopRate => Count == 0 ? BitRate.Zero : rungs[Count - 1].Rate;

    /// <summary>What the best would take as it is measured now, though the rest of the ladder is as old as its last refresh.</summary>
    public BitRate MeasureTop(Instant now) =>
        Count == 0 ? BitRate.Zero : RateOf(now, topStream!, rungs[Count - 1].Layers.Spatial, topSpatial, rungs[Count - 1].Layers.Temporal);

    /// <summary>
    /// Which rung has those layers. Where they are no choice any more, because by its measured rate another shows more for less, the best that shows no more; the lowest where all show more.
    /// </summary>
    /// <returns>-1 for nothing, and where there is no rung.</returns>
    public int IndexOf(VideoLayers? layers)
    {
        if (layers is not { } shown)
            return -1;
        for (var index = Count - 1; index > 0; index--)
        {
            var (spatial, temporal) = rungs[index].Layers;
            if (spatial < shown.Spatial || (spatial == shown.Spatial && temporal <= shown.Temporal))
                return index;
        }

        return Count > 0 ? 0 : -1;
    }

    public void Clear() => Count = 0;

    /// <summary>Measures anew what the track has.</summary>
    public void Refresh(Instant now, Producer producer, VideoLayers preferred)
    {
        Count = 0;
        if (producer.Streams.Length > 1)
            AddSimulcast(now, producer, preferred);
        else
            AddScalable(now, producer.Streams[0], preferred);
    }

    private void AddSimulcast(Instant now, Producer producer, VideoLayers preferred)
    {
        var hasAny = false;
        foreach (var stream in producer.Streams)
            hasAny |= stream.IsActive(now);
        foreach (var stream in producer.Streams)
        {
            // Those that the publisher does not send are no choice; but where it sends none yet, the lowest is waited for.
            if (stream.Index > preferred.Spatial || (hasAny ? !stream.IsActive(now) : stream.Index > 0))
                continue;
            AddTemporal(now, stream, stream.Index, 0, preferred.Temporal, isLowest: Count == 0);
        }

        // All that is preferred is turned off: the lowest that there is.
        for (var index = 0; Count == 0 && index < producer.Streams.Length; index++)
        {
            if (producer.Streams[index].IsActive(now))
                AddTemporal(now, producer.Streams[index], index, 0, preferred.Temporal, isLowest: true);
        }
    }

    private void AddScalable(Instant now, PublishedStream stream, VideoLayers preferred)
    {
        for (var spatial = 0; spatial <= Math.Min(preferred.Spatial, stream.Frames.HighestSpatialId); spatial++)
            AddTemporal(now, stream, spatial, spatial, preferred.Temporal, isLowest: spatial == 0);
    }

    private void AddTemporal(Instant now, PublishedStream stream, int layer, int spatial, int preferredTemporal, bool isLowest)
    {
        (topStream, topSpatial) = (stream, spatial);
        var highest = Math.Min(preferredTemporal, Math.Min(stream.Frames.HighestTemporalId, LayerRates.MaximumTemporalLayers - 1));
        // A large picture that moves in jerks is worse than a small one that does not.
        for (var temporal = isLowest ? 0 : Math.Max(0, highest - 1); temporal <= highest; temporal++)
        {
            var rate = RateOf(now, stream, layer, spatial, temporal);
            // What takes no less and shows less is no choice.
            while (Count > 0 && rungs[Count - 1].Rate >= rate)
                Count--;
            rungs[Count++] = new LayerRung(new VideoLayers(layer, temporal), rate);
        }
    }

    private static BitRate RateOf(Instant now, PublishedStream stream, int layer, int spatial, int temporal)
    {
        if (stream.Rates.IsKnown)
            return stream.Rates.RateOf(now, spatial, temporal);
        return stream.Encoding.MaximumBitRate is > 0 and { } maximum ? new BitRate(maximum) : Assumed[Math.Min(layer, Assumed.Length - 1)];
    }
}
