namespace Tocsin.Media.Engine.Congestion;

/// <summary>The rate that delays allow: up by 8 % a second while queues are steady, slowly where the path was full before, down to 85 % of what arrives when they grow.</summary>
/// <remarks>draft-ietf-rmcat-gcc-02 section 5.5 (AIMD). One thread. Does not allocate.</remarks>
internal sealed class AdaptiveRate
{
    /// <remarks>Section 5.5, beta: empties the queue in a few round trips, and gives up no more than it must.</remarks>
    private const double Decrease = 0.85;

    /// <remarks>Section 5.5, eta: a second.</remarks>
    private const double Increase = 1.08;

    /// <remarks>Section 5.5: what is not used cannot be known to fit.</remarks>
    private const double LargestLead = 1.5;

    private static readonly BitRate LeadMargin = BitRate.FromKilobits(10);
    private static readonly BitRate SmallestStep = BitRate.FromKilobits(4);

    /// <summary>How long a change takes to show: a round trip, and the detector's own delay.</summary>
    private static readonly TimeSpan DetectionTime = TimeSpan.FromMilliseconds(100);

    private const double TypicalPacketBits = 1200 * 8;

    private readonly CapacityMemory _capacity = new();
    private Direction _direction = Direction.Hold;
    private Instant _changedAt;
    private Instant _decreasedAt;
    private bool _hasChanged;
    private bool _hasDecreased;

    public AdaptiveRate(BitRate start) => Rate = start;

    private enum Direction
    {
        Hold,
        Up,
        Down,
    }

    public BitRate Rate { get; private set; }

    /// <summary>A probe arrived at that rate: it fits.</summary>
    public void Raise(Instant now, BitRate measured)
    {
        if (measured <= Rate)
            return;
        Rate = measured;
        _changedAt = now;
        _direction = Direction.Hold;
    }

    /// <summary>Nothing is heard from the receiver any more.</summary>
    public void Lower(BitRate rate) => Rate = rate < Rate ? rate : Rate;

    /// <summary>From a rate near zero 8 % a second would lead nowhere.</summary>
    public void KeepWithin(BitRate lowest, BitRate highest) => Rate = Rate < lowest ? lowest : Rate > highest ? highest : Rate;

    public void Update(Instant now, PathUse use, BitRate? delivered, TimeSpan roundTripTime)
    {
        _direction = use switch
        {
            PathUse.Over => Direction.Down,
            PathUse.Under => Direction.Hold,
            _ when _direction == Direction.Hold => Direction.Up,
            _ when _direction == Direction.Down => Direction.Hold,
            _ => _direction,
        };
        if (!_hasChanged)
            (_changedAt, _hasChanged) = (now, true);
        if (_direction == Direction.Up)
            GoUp(now, delivered, roundTripTime);
        else if (_direction == Direction.Down)
            GoDown(now, delivered, roundTripTime);
        else
            _changedAt = now;
    }

    private void GoUp(Instant now, BitRate? delivered, TimeSpan roundTripTime)
    {
        if (delivered is { } arrives)
            _capacity.ForgetIfExceeded(arrives);
        var seconds = Math.Min(1, (now - _changedAt).TotalSeconds);
        _changedAt = now;
        if (delivered is { } limit && Rate > (limit * LargestLead) + LeadMargin)
            return;
        var step = _capacity.IsKnown
            ? new BitRate((long)Math.Max(SmallestStep.BitsPerSecond * seconds, TypicalPacketBits / (roundTripTime + DetectionTime).TotalSeconds * seconds))
            : Rate * (Math.Pow(Increase, seconds) - 1);
        Rate += step;
    }

    /// <summary>At most once a round trip: the queue needs that long to show that it shrinks.</summary>
    private void GoDown(Instant now, BitRate? delivered, TimeSpan roundTripTime)
    {
        if (_hasDecreased && now - _decreasedAt < roundTripTime + DetectionTime)
            return;
        var arrives = delivered ?? Rate;
        var lower = arrives * Decrease;
        if (lower < Rate)
            Rate = lower;
        _capacity.Learn(arrives);
        (_decreasedAt, _hasDecreased, _changedAt) = (now, true, now);
        _direction = Direction.Hold;
    }
}
