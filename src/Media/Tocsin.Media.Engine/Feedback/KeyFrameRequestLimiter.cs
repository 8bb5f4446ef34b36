namespace Tocsin.Media.Engine.Feedback;

/// <summary>Turns the requests for key frames of many receivers (PLI, FIR) into few to the source: a key frame is ten times a frame, and serves them all.</summary>
/// <remarks>One thread. Does not allocate. RFC 4585 section 6.3.1, RFC 5104 section 4.3.1.</remarks>
public sealed class KeyFrameRequestLimiter
{
    /// <summary>Shorter, and one bad receiver makes the picture worse for everyone; longer, and who joins looks at nothing.</summary>
    public static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>A request may be lost; a source that answers none of these is paused or gone, and whoever still waits asks again.</summary>
    public const int MaximumRepetitions = 5;

    private Instant _lastRequestAt;
    private bool _hasRequested;
    private bool _isWanted;
    private int _repetitions;

    /// <summary>Requests that were sent to the source.</summary>
    public long SentCount { get; private set; }

    /// <summary>When to call <see cref="TryTakeRequest"/>.</summary>
    public Instant NextWakeUp => !_isWanted ? Instant.Never : _hasRequested ? _lastRequestAt + ShortestInterval : new Instant(long.MinValue);

    /// <summary>A receiver needs a key frame.</summary>
    public void Want()
    {
        _isWanted = true;
        _repetitions = 0;
    }

    /// <summary>The first packet of a key frame came from the source: everyone is served.</summary>
    public void HandleKeyFrame()
    {
        _isWanted = false;
        _repetitions = 0;
    }

    /// <summary>True where a request is to be sent to the source now; it is repeated until the key frame comes.</summary>
    public bool TryTakeRequest(Instant now)
    {
        if (!_isWanted || now < NextWakeUp)
            return false;
        _hasRequested = true;
        _lastRequestAt = now;
        _isWanted = ++_repetitions < MaximumRepetitions;
        SentCount++;
        return true;
    }
}
