using Tocsin.Media.Engine;

namespace Tocsin.Media.Forwarding.Tests.Simulation;

/// <summary>
/// One direction of a network in virtual time: a bottleneck with a queue that drops its tail, then delay and jitter, detours on which packets are overtaken, single and burst loss, and
/// doubled packets. Chance is seeded.
/// </summary>
internal sealed class NetworkLink(Random random)
{
    private static readonly TimeSpan LongestDetour = TimeSpan.FromMilliseconds(30);

    private Instant freeAt;
    private Instant latest;
    private bool isInBurst;

    public BitRate Rate { get; set; } = BitRate.FromMegabits(100);

    public TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Most that chance adds to the delay; it keeps the order.</summary>
    public TimeSpan Jitter { get; set; }

    /// <summary>Of packets, 0 to 1: they come up to 30 ms later than others, which overtake them.</summary>
    public double Reordering { get; set; }

    /// <summary>Of packets, 0 to 1.</summary>
    public double Loss { get; set; }

    /// <summary>How often a burst of losses begins, of packets, 0 to 1; it ends with each packet by one chance in four.</summary>
    public double BurstLoss { get; set; }

    /// <summary>Of packets, 0 to 1. SRTP would drop the second; what lies above is held to it as well.</summary>
    public double Duplication { get; set; }

    /// <summary>What the queue holds at most, as time at the present rate.</summary>
    public TimeSpan QueueLimit { get; set; } = TimeSpan.FromMilliseconds(300);

    public long SentCount { get; private set; }

    public long LostCount { get; private set; }

    public TimeSpan LongestQueue { get; private set; }

    /// <summary>Forgets what was longest until now.</summary>
    public void ResetLongestQueue() => LongestQueue = TimeSpan.Zero;

    /// <summary>How long a packet sent now would wait.</summary>
    public TimeSpan QueueDelay(Instant now) => freeAt > now ? freeAt - now : TimeSpan.Zero;

    /// <returns>When the packet arrives; null where it is lost.</returns>
    public Instant? Send(Instant now, int bytes)
    {
        SentCount++;
        var queue = QueueDelay(now);
        isInBurst = isInBurst ? random.NextDouble() >= 0.25 : random.NextDouble() < BurstLoss;
        if (queue > QueueLimit || isInBurst || random.NextDouble() < Loss)
        {
            LostCount++;
            return null;
        }

        freeAt = (freeAt > now ? freeAt : now) + (new DataSize(bytes) / Rate);
        LongestQueue = freeAt - now > LongestQueue ? freeAt - now : LongestQueue;
        var arrival = freeAt + Delay + (Jitter * random.NextDouble());
        if (random.NextDouble() < Reordering)
            return arrival + (LongestDetour * random.NextDouble());
        latest = arrival > latest ? arrival : latest;
        return latest;
    }

    public bool DoublesNext() => random.NextDouble() < Duplication;
}
