namespace Tocsin.Bench.Sfu.Latency;

/// <summary>How long packets take from when their publisher sends them until the system has them for a subscriber.</summary>
/// <remarks>Both times are of this machine's one clock; the second is the kernel's (SO_TIMESTAMPNS), so that how soon the generator reads does not count.</remarks>
internal sealed class DelayMeter
{
    /// <summary>Of each publisher: more than are ever under way.</summary>
    private const int Remembered = 1 << 14;

    /// <summary>One for each microsecond; what takes longer than the last is counted there.</summary>
    private const int Buckets = 500_000;

    private readonly Dictionary<int, long[]> sent = [];
    private readonly int[] counts = new int[Buckets];

    public long Count { get; private set; }

    /// <summary>Nanoseconds of the clock that the kernel stamps with.</summary>
    public static long Now => (TimeProvider.System.GetUtcNow().Ticks - DateTimeOffset.UnixEpoch.Ticks) * TimeSpan.NanosecondsPerTick;

    public void NoteSent(int publisher, long number, long time)
    {
        if (!sent.TryGetValue(publisher, out var times))
            sent.Add(publisher, times = new long[Remembered]);
        times[number % Remembered] = time;
    }

    public void NoteArrived(int publisher, long number, long time)
    {
        var microseconds = (time - sent[publisher][number % Remembered]) / 1_000;
        counts[Math.Clamp(microseconds, 0, Buckets - 1)]++;
        Count++;
    }

    public void Clear()
    {
        Array.Clear(counts);
        Count = 0;
    }

    /// <returns>Microseconds.</returns>
    public int Percentile(double share)
    {
        var left = (long)(Count * share);
        var bucket = 0;
        while (bucket < Buckets - 1 && left >= counts[bucket])
            left -= counts[bucket++];
        return bucket;
    }
}
