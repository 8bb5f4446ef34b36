namespace Tocsin.Bench.Sfu.Latency;

/// <summary>Counts delays by the microsecond.</summary>
internal sealed class Percentiles
{
    /// <summary>What takes longer than the last is counted there.</summary>
    private const int Buckets = 500_000;

    private readonly int[] counts = new int[Buckets];

    public long Count { get; private set; }

    public void Add(long nanoseconds)
    {
        counts[Math.Clamp(nanoseconds / 1_000, 0, Buckets - 1)]++;
        Count++;
    }

    public void Clear()
    {
        Array.Clear(counts);
        Count = 0;
    }

    /// <returns>Microseconds.</returns>
    public int At(double share)
    {
        var left = (long)(Count * share);
        var bucket = 0;
        while (bucket < Buckets - 1 && left >= counts[bucket])
            left -= counts[bucket++];
        return bucket;
    }
}
