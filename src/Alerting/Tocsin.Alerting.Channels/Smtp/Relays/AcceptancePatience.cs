namespace Tocsin.Alerting.Channels.Smtp.Relays;

/// <summary>How long a relay's answer to a mail is worth waiting for: as long as it has lately taken, and much more, but not a minute where it answers in milliseconds.</summary>
/// <remarks>
/// A mail whose answer is lost blocks its connection and leaves a person untold until this ends; it is then sent again, at the price of a duplicate where it had
/// arrived. A relay that falls silent altogether is given more time with each answer that does not come, until the longest. Any thread.
/// </remarks>
internal sealed class AcceptancePatience(TimeSpan longest)
{
    /// <summary>Below this nothing is gained: a fsync of a busy disk, a content filter or a pause of the relay can take seconds.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(5);

    /// <summary>Answers before anything is concluded, and how many the slowest is taken from: the last one to two times as many.</summary>
    private const int Window = 50;

    /// <summary>How many times longer than the slowest lately.</summary>
    private const int Margin = 20;

    private readonly Lock gate = new();
    private TimeSpan slowestBefore;
    private TimeSpan slowest;
    private int answers;
    private int silences;
    private bool isFormed;

    public TimeSpan Now
    {
        get
        {
            lock (gate)
            {
                if (!isFormed)
                    return longest;
                var usual = Margin * (slowest > slowestBefore ? slowest : slowestBefore);
                var patience = (usual > Shortest ? usual : Shortest) * Math.Pow(2, Math.Min(silences, 10));
                return patience < longest ? patience : longest;
            }
        }
    }

    public void Answered(TimeSpan after)
    {
        lock (gate)
        {
            silences = 0;
            if (after > slowest)
                slowest = after;
            if (++answers < Window)
                return;
            (slowestBefore, slowest, answers, isFormed) = (slowest, TimeSpan.Zero, 0, true);
        }
    }

    /// <summary>An answer did not come in time, and none to another mail since.</summary>
    public void FellSilent()
    {
        lock (gate)
            silences++;
    }
}
