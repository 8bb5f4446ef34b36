namespace Tocsin.Server.Features.Accounts.SignIn;

/// <summary>Failures in a row of one address on one account: the first three cost nothing, each further one doubles the wait. Not thread-safe.</summary>
internal sealed class FailureStreak
{
    private const int Free = 3;
    private static readonly TimeSpan first = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan longest = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan forgotten = TimeSpan.FromHours(12);

    private int failures;
    private DateTimeOffset lastAt;

    /// <summary>How long until the next attempt is looked at.</summary>
    /// <param name="nodes">Each of them counts for itself, so each lets wait that much longer.</param>
    public TimeSpan WaitAt(DateTimeOffset now, int nodes)
    {
        if (now - lastAt >= forgotten) failures = 0;
        var wait = lastAt + (Delay() * nodes) - now;
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    /// <summary>Counts an attempt as failed until <see cref="Forgive"/>: attempts side by side must not slip through together.</summary>
    public void Add(DateTimeOffset now)
    {
        failures++;
        lastAt = now;
    }

    public void Forgive() => failures = 0;

    private TimeSpan Delay()
    {
        if (failures < Free) return TimeSpan.Zero;
        var doublings = Math.Min(failures - Free, 16);
        var delay = first * (1 << doublings);
        return delay < longest ? delay : longest;
    }
}
