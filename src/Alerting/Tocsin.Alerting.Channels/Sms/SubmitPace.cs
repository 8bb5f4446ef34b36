namespace Tocsin.Alerting.Channels.Sms;

/// <summary>How fast one carrier is given messages: what its contract allows, and less after it has said "too fast".</summary>
/// <remarks>
/// A throttling answer pauses everything (1 s, doubled each time up to 30 s), and the rate after the pause is half of what had been reached; each second without
/// another one adds a quarter, until the limit of the contract, or far past what was refused where there is none. Any thread.
/// </remarks>
internal sealed class SubmitPace(int perSecond, TimeProvider time, Random random)
{
    private const double SlowestPerSecond = 1;

    /// <summary>Without a limit of our own, a rate this many times the refused one ends the slowness.</summary>
    private const double RecoveredAt = 4;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();

    /// <summary>Messages a second at present; infinite where nothing limits them.</summary>
    private double rate = perSecond == 0 ? double.PositiveInfinity : perSecond;
    private double refusedRate;
    private int throttlings;
    private long? pausedAt;
    private TimeSpan pause;

    /// <summary>When the next message may leave, as a distance from <see cref="origin"/>.</summary>
    private TimeSpan nextTurn;
    private readonly long origin = time.GetTimestamp();

    private TimeSpan secondSince;
    private int acceptedThisSecond;
    private int acceptedLastSecond;

    public double PerSecond
    {
        get
        {
            lock (gate)
                return rate;
        }
    }

    /// <summary>How long the carrier is to be left alone; null where it may be given messages.</summary>
    public TimeSpan? Paused
    {
        get
        {
            lock (gate)
                return RemainingPause();
        }
    }

    /// <summary>Takes the next turn.</summary>
    /// <returns>How long to wait for it. Turns are a rate apart; up to a tenth of a second's worth may go at once, so that timers need not be exact.</returns>
    public TimeSpan TakeTurn()
    {
        lock (gate)
        {
            if (double.IsPositiveInfinity(rate))
                return TimeSpan.Zero;
            var now = time.GetElapsedTime(origin);
            var burst = TimeSpan.FromMilliseconds(100);
            if (nextTurn < now - burst)
                nextTurn = now - burst;
            nextTurn += TimeSpan.FromSeconds(1 / rate);
            return nextTurn - TimeSpan.FromSeconds(1 / rate) <= now ? TimeSpan.Zero : nextTurn - TimeSpan.FromSeconds(1 / rate) - now;
        }
    }

    public void Accepted()
    {
        lock (gate)
        {
            throttlings = 0;
            var now = time.GetElapsedTime(origin);
            acceptedThisSecond++;
            if (now - secondSince < OneSecond)
                return;
            acceptedLastSecond = acceptedThisSecond;
            acceptedThisSecond = 0;
            secondSince = now;
            SpeedUp();
        }
    }

    /// <summary>The carrier said "too fast". Those that were already under way when it first did so say nothing new.</summary>
    /// <returns>Whether this began a pause.</returns>
    public bool Throttled()
    {
        lock (gate)
        {
            if (RemainingPause() is not null)
                return false;
            var longest = FirstPause * Math.Pow(2, Math.Min(throttlings++, 10));
            pause = (longest < LongestPause ? longest : LongestPause) * (1 + (0.25 * random.NextDouble()));
            pausedAt = time.GetTimestamp();
            refusedRate = Math.Max(SlowestPerSecond, Math.Min(rate, Math.Max(acceptedThisSecond, acceptedLastSecond)));
            rate = Math.Max(SlowestPerSecond, refusedRate / 2);
            nextTurn = time.GetElapsedTime(origin) + pause;
            return true;
        }
    }

    private TimeSpan? RemainingPause()
    {
        if (pausedAt is not { } since)
            return null;
        var remaining = pause - time.GetElapsedTime(since);
        return remaining > TimeSpan.Zero ? remaining : null;
    }

    private void SpeedUp()
    {
        if (double.IsPositiveInfinity(rate))
            return;
        rate *= 1.25;
        if (perSecond > 0)
            rate = Math.Min(rate, perSecond);
        else if (rate > RecoveredAt * refusedRate)
            rate = double.PositiveInfinity;
    }
}
