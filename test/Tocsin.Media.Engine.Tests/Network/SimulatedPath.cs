namespace Tocsin.Media.Engine.Tests.Network;

/// <summary>
/// One direction of a network in virtual time: a bottleneck of a rate that changes by schedule with a queue that drops its tail, then delay, jitter that keeps the order,
/// and loss. Chance is seeded.
/// </summary>
internal sealed class SimulatedPath(Random random)
{
    private readonly List<(Instant From, BitRate Rate)> _schedule = [];
    private Instant _freeAt;
    private Instant _lastArrival;

    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(25);

    public TimeSpan Jitter { get; init; }

    /// <summary>Of packets, 0 to 1.</summary>
    public double Loss { get; set; }

    /// <summary>What the queue holds at most, as time at the present rate.</summary>
    public TimeSpan QueueLimit { get; init; } = TimeSpan.FromMilliseconds(300);

    public long DroppedCount { get; private set; }

    public SimulatedPath At(TimeSpan from, BitRate rate)
    {
        _schedule.Add((default(Instant) + from, rate));
        return this;
    }

    public BitRate RateAt(Instant now) => _schedule.Last(step => step.From <= now).Rate;

    /// <summary>How long a packet sent now would wait.</summary>
    public TimeSpan QueueDelay(Instant now) => _freeAt > now ? _freeAt - now : TimeSpan.Zero;

    /// <returns>When the packet arrives, or null where it is lost.</returns>
    public Instant? Send(Instant now, int bytes)
    {
        if (QueueDelay(now) > QueueLimit)
        {
            DroppedCount++;
            return null;
        }

        _freeAt = (_freeAt > now ? _freeAt : now) + (new DataSize(bytes) / RateAt(now));
        if (random.NextDouble() < Loss)
            return null;
        var arrival = _freeAt + Delay + (Jitter * random.NextDouble());
        _lastArrival = arrival > _lastArrival ? arrival : _lastArrival;
        return _lastArrival;
    }
}
