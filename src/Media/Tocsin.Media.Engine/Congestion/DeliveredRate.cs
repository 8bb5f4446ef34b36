namespace Tocsin.Media.Engine.Congestion;

/// <summary>What arrives, in bits a second, over the last half second of the receiver's clock.</summary>
/// <remarks>draft-ietf-rmcat-gcc-02 section 5.5, "R_hat"; the draft's window is 0.5 s. One thread. Allocates only when it is made.</remarks>
internal sealed class DeliveredRate
{
    private const int Buckets = 25;
    private const long BucketNanoseconds = 20_000_000;

    /// <summary>Shorter, a single burst would pass for a rate.</summary>
    private static readonly TimeSpan ShortestWindow = TimeSpan.FromMilliseconds(150);

    private readonly long[] _bytes = new long[Buckets];
    private long _total;
    private long _newest;
    private Instant _first;
    private Instant _last;
    private bool _hasStarted;

    /// <summary>Null until enough time has been watched.</summary>
    public BitRate? Rate
    {
        get
        {
            var watched = _last - _first;
            if (!_hasStarted || watched < ShortestWindow)
                return null;
            // The newest bucket is only as full as it has lasted.
            var whole = new TimeSpan((_last.Nanoseconds - ((_newest - Buckets + 1) * BucketNanoseconds)) / 100);
            return new DataSize(_total) / (watched < whole ? watched : whole);
        }
    }

    public void Add(Instant arrival, int bytes)
    {
        var bucket = arrival.Nanoseconds / BucketNanoseconds;
        if (!_hasStarted || bucket - _newest > Buckets)
            Restart(arrival, bucket);
        for (; _newest < bucket; _newest++)
        {
            ref var oldest = ref _bytes[Index(_newest + 1)];
            _total -= oldest;
            oldest = 0;
        }

        if (bucket <= _newest - Buckets)
            return;
        _bytes[Index(bucket)] += bytes;
        _total += bytes;
        _last = arrival > _last ? arrival : _last;
    }

    private static int Index(long bucket) => (int)(((bucket % Buckets) + Buckets) % Buckets);

    /// <summary>After a silence nothing is known of the rate.</summary>
    private void Restart(Instant arrival, long bucket)
    {
        Array.Clear(_bytes);
        _total = 0;
        (_first, _last, _newest, _hasStarted) = (arrival, arrival, bucket, true);
    }
}
