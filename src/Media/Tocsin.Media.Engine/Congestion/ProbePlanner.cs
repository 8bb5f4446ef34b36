using System.Runtime.InteropServices;

namespace Tocsin.Media.Engine.Congestion;

/// <summary>A short burst at a higher rate, to find out whether the path carries it.</summary>
/// <param name="Id">Not 0. Goes with each packet of the burst.</param>
/// <param name="Size">How much is sent at that rate.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ProbeCluster(int Id, BitRate Rate, DataSize Size);

/// <summary>
/// Decides when a probe is worth its packets: at the start, and when more is wanted than is estimated. A path of which little is used tells nothing of the rest by itself.
/// </summary>
/// <remarks>As browsers do it; no specification has it. One thread. Does not allocate.</remarks>
internal sealed class ProbePlanner
{
    /// <summary>At the start: three times what is assumed, because the assumption is cautious.</summary>
    private const double FirstFactor = 3;

    /// <summary>Later: at most twice, so that a wrong guess fills no queue for long.</summary>
    private const double LaterFactor = 2;

    /// <summary>A probe that found this share of what it tried is followed by another at once.</summary>
    private const double Success = 0.7;

    /// <summary>Wanted beyond the estimate by less than this is not worth a probe.</summary>
    private const double WorthIt = 1.1;

    private static readonly TimeSpan ProbeTime = TimeSpan.FromMilliseconds(15);
    private static readonly DataSize SmallestProbe = new(6 * 1200);

    /// <summary>Feedback on a probe comes within a second or not at all.</summary>
    private static readonly TimeSpan ResultTime = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(2);

    /// <summary>Each probe in vain doubles the pause: every one puts queues before real media.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private TimeSpan _pause = ShortestPause;
    private Instant _notBefore;
    private Instant _plannedAt;
    private BitRate _attempted;
    private BitRate _regained;
    private int _nextId = 1;
    private bool _hasBegun;
    private bool _isWaiting;
    private bool _followUp;

    /// <summary>What could be sent with use; probes do not reach beyond.</summary>
    public BitRate Wanted { get; set; }

    /// <summary>When <see cref="TryPlan"/> may say something new.</summary>
    public Instant NextWakeUp => !_hasBegun ? new Instant(long.MinValue) : _isWaiting ? _plannedAt + ResultTime : _notBefore;

    /// <param name="isPathFree">Neither delays nor losses speak against it.</param>
    public bool TryPlan(Instant now, BitRate estimate, bool isPathFree, out ProbeCluster cluster)
    {
        cluster = default;
        if (_isWaiting && now - _plannedAt >= ResultTime)
            Fail(now);
        if (_isWaiting || !isPathFree || Wanted <= estimate * WorthIt || (_hasBegun && !_followUp && now < _notBefore))
            return false;
        var rate = estimate * (_hasBegun ? LaterFactor : FirstFactor);
        if (rate < _regained)
            rate = _regained;
        _regained = BitRate.Zero;
        var ceiling = Wanted * WorthIt;
        rate = rate < ceiling ? rate : ceiling;
        var size = rate * ProbeTime;
        cluster = new ProbeCluster(_nextId++, rate, size > SmallestProbe ? size : SmallestProbe);
        (_attempted, _plannedAt, _isWaiting, _hasBegun, _followUp) = (rate, now, true, true, false);
        return true;
    }

    /// <summary>The path carries packets again: whether also as much as it did is tried at once, and what was tried in vain meanwhile is forgotten.</summary>
    public void Regain(Instant now, BitRate rate) => (_regained, _isWaiting, _pause, _notBefore) = (rate, false, ShortestPause, now);

    public void HandleResult(Instant now, BitRate measured)
    {
        if (!_isWaiting)
            return;
        if (measured < _attempted * Success)
        {
            Fail(now);
            return;
        }

        (_isWaiting, _followUp, _pause, _notBefore) = (false, true, ShortestPause, now + ShortestPause);
    }

    private void Fail(Instant now)
    {
        _isWaiting = false;
        _notBefore = now + _pause;
        _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
    }
}
