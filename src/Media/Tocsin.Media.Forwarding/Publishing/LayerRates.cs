using Tocsin.Media.Engine;

namespace Tocsin.Media.Forwarding.Publishing;

/// <summary>How much each layer of a stream takes, measured as it comes.</summary>
/// <remarks>The meeting's thread. Allocates only when it is made.</remarks>
internal sealed class LayerRates
{
    public const int MaximumSpatialLayers = 4;
    public const int MaximumTemporalLayers = 4;

    /// <summary>Longer, and a layer that begins is invisible for long; shorter, and one frame makes a rate.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(500);

    /// <summary>Of the newest window, against what was before.</summary>
    private const double Weight = 0.5;

    private readonly long[] bytes = new long[MaximumSpatialLayers * MaximumTemporalLayers];
    private readonly double[] bitsPerSecond = new double[MaximumSpatialLayers * MaximumTemporalLayers];

    /// <summary>Each layer with all below it, reckoned once for all who ask.</summary>
    private readonly BitRate[] sums = new BitRate[MaximumSpatialLayers * MaximumTemporalLayers];

    private Instant begunAt;
    private bool hasBegun;

    /// <summary>Whether a whole window has been measured.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>A packet of that layer. Key frames are left out by the caller: they come once, and are no part of what the layer takes all the time.</summary>
    public void Add(Instant now, int spatial, int temporal, int size)
    {
        if (!hasBegun)
            (begunAt, hasBegun) = (now, true);
        Roll(now);
        bytes[IndexOf(spatial, temporal)] += size;
    }

    /// <summary>Of that layer and all below it.</summary>
    public BitRate RateOf(Instant now, int spatial, int temporal)
    {
        Roll(now);
        return sums[IndexOf(spatial, temporal)];
    }

    private void SumUp()
    {
        for (var spatial = 0; spatial < MaximumSpatialLayers; spatial++)
        {
            for (var temporal = 0; temporal < MaximumTemporalLayers; temporal++)
                sums[IndexOf(spatial, temporal)] = SumOf(spatial, temporal);
        }
    }

    private BitRate SumOf(int spatial, int temporal)
    {
        var sum = 0.0;
        for (var s = 0; s <= spatial; s++)
        {
            for (var t = 0; t <= temporal; t++)
                sum += bitsPerSecond[IndexOf(s, t)];
        }

        return new BitRate((long)sum);
    }

    private void Roll(Instant now)
    {
        var elapsed = now - begunAt;
        if (!hasBegun || elapsed < Window)
            return;
        for (var index = 0; index < bytes.Length; index++)
        {
            var latest = bytes[index] * 8 / elapsed.TotalSeconds;
            bitsPerSecond[index] = IsKnown && elapsed < 2 * Window ? bitsPerSecond[index] + (Weight * (latest - bitsPerSecond[index])) : latest;
            bytes[index] = 0;
        }

        begunAt = now;
        IsKnown = true;
        SumUp();
    }

    private static int IndexOf(int spatial, int temporal) =>
        (Math.Min(spatial, MaximumSpatialLayers - 1) * MaximumTemporalLayers) + Math.Min(temporal, MaximumTemporalLayers - 1);
}
