namespace Tocsin.Media.Engine.Feedback;

/// <summary>So many bytes a second, saved up for a short while: a token bucket.</summary>
/// <remarks>One thread. Does not allocate.</remarks>
public sealed class ByteBudget
{
    private readonly TimeSpan _depth;
    private Instant _filledAt;
    private double _bytes;
    private bool _started;

    /// <param name="depth">How much of the rate may be saved up: longer lets bursts through, shorter keeps them from queues on the path.</param>
    public ByteBudget(BitRate rate, TimeSpan depth)
    {
        Rate = rate;
        _depth = depth;
    }

    /// <summary>May be changed at any time; what was saved stays, up to what the new rate allows.</summary>
    public BitRate Rate { get; set; }

    /// <summary>Takes that many bytes, or says false and takes none. The bucket is full at first.</summary>
    public bool TryTake(Instant now, int bytes)
    {
        var full = Rate.BitsPerSecond / 8.0 * _depth.TotalSeconds;
        _bytes = _started ? Math.Min(full, _bytes + (Rate.BitsPerSecond / 8.0 * (now - _filledAt).TotalSeconds)) : full;
        _started = true;
        _filledAt = now;
        // A full bucket lets one packet through even where the packet is larger: a low rate is no silence.
        if (bytes > _bytes && _bytes < full)
            return false;
        _bytes -= bytes;
        return true;
    }
}
