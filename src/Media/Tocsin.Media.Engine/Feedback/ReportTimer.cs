namespace Tocsin.Media.Engine.Feedback;

/// <summary>When to report to one peer on what is sent and received.</summary>
/// <param name="random">Spreads the reports, so that those of a meeting that began at one moment do not leave at one moment for ever.</param>
/// <remarks>RFC 3550 section 6.2: half to one and a half of the interval, by chance. One thread. Does not allocate.</remarks>
public sealed class ReportTimer(Random random)
{
    /// <summary>RFC 3550 has five seconds for groups of strangers; with one peer, losses and round trips are wanted sooner, and a report has a hundred bytes.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>The first report is due at once: it carries the time that keeps lips and voice together.</summary>
    public Instant NextWakeUp { get; private set; } = new(long.MinValue);

    /// <summary>True where a report is due; the next is due later by chance.</summary>
    public bool TryTake(Instant now)
    {
        if (now < NextWakeUp)
            return false;
        NextWakeUp = now + (Interval * (0.5 + random.NextDouble()));
        return true;
    }
}
