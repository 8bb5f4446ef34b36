namespace Tocsin.Testing;

/// <summary>A clock that stands still until a test moves it; its timers fire in order of their due times while it moves.</summary>
/// <remarks>
/// Timer callbacks run on the thread that calls <see cref="Advance"/>, one after another, with the clock at the moment they were due.
/// <c>Task.Delay(…, provider)</c>, <c>CancellationTokenSource(delay, provider)</c> and <c>PeriodicTimer</c> all work over it.
/// </remarks>
public sealed class ManualTimeProvider : TimeProvider
{
    /// <summary>Where the clock starts unless a test says otherwise: a date after every certificate and fixture was made.</summary>
    public static readonly DateTimeOffset DefaultStart = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    private readonly Lock gate = new();
    private readonly List<ManualTimer> armed = [];
    private readonly DateTimeOffset start;
    private DateTimeOffset now;
    private long armings;

    public ManualTimeProvider(DateTimeOffset? start = null, TimeZoneInfo? zone = null)
    {
        this.start = now = start ?? DefaultStart;
        LocalTimeZone = zone ?? TimeZoneInfo.Utc;
    }

    public override TimeZoneInfo LocalTimeZone { get; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How many timers wait: a test that expects nothing to be pending can say so.</summary>
    public int ArmedTimers
    {
        get
        {
            lock (gate)
                return armed.Count;
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
            return now;
    }

    public override long GetTimestamp() => (GetUtcNow() - start).Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock on and fires what falls due, including timers that are armed by callbacks on the way.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var until = GetUtcNow() + by;
        while (TakeDue(until) is { } timer)
            timer.Fire();
        lock (gate)
        {
            if (until > now)
                now = until;
        }
    }

    /// <summary>
    /// Moves the clock on at once, as for a machine that slept: what fell due meanwhile fires late, and once. For days and weeks, in which <see cref="Advance"/> would fire what ticks each
    /// second some million times.
    /// </summary>
    public void Sleep(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        ManualTimer[] late;
        lock (gate)
        {
            now += by;
            late = [.. armed.Where(timer => timer.Due <= now).OrderBy(timer => timer.Due).ThenBy(timer => timer.Arming)];
            foreach (var timer in late) Rearm(timer);
        }

        foreach (var timer in late) timer.Fire();
    }

    /// <summary>Moves the clock on in steps until the condition holds: for code whose timers alternate with real input and output (sockets, processes).</summary>
    /// <exception cref="TimeoutException">The condition did not hold after thirty seconds of real time.</exception>
    public async Task AdvanceUntilAsync(Func<bool> condition, TimeSpan? step = null, string? what = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        await Eventually.HoldsAsync(
            () =>
            {
                if (condition())
                    return true;
                Advance(step ?? TimeSpan.FromMilliseconds(100));
                return condition();
            },
            what);
    }

    private ManualTimer? TakeDue(DateTimeOffset until)
    {
        lock (gate)
        {
            ManualTimer? first = null;
            foreach (var timer in armed)
            {
                if (timer.Due <= until && (first is null || timer.Due < first.Due || (timer.Due == first.Due && timer.Arming < first.Arming)))
                    first = timer;
            }

            if (first is null)
                return null;
            if (first.Due > now)
                now = first.Due;
            Rearm(first);
            return first;
        }
    }

    private void Rearm(ManualTimer timer)
    {
        if (timer.Period > TimeSpan.Zero)
            Arm(timer, timer.Period);
        else
            armed.Remove(timer);
    }

    private void Arm(ManualTimer timer, TimeSpan dueTime)
    {
        timer.Due = now + dueTime;
        timer.Arming = armings++;
        if (!armed.Contains(timer))
            armed.Add(timer);
    }

    private sealed class ManualTimer(ManualTimeProvider owner, TimerCallback callback, object? state) : ITimer
    {
        private bool disposed;

        public DateTimeOffset Due { get; set; }

        public long Arming { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (owner.gate)
            {
                if (disposed)
                    return false;
                Period = period == Timeout.InfiniteTimeSpan ? TimeSpan.Zero : period;
                if (dueTime == Timeout.InfiniteTimeSpan)
                    owner.armed.Remove(this);
                else
                    owner.Arm(this, dueTime);
                return true;
            }
        }

        public void Dispose()
        {
            lock (owner.gate)
            {
                disposed = true;
                owner.armed.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
