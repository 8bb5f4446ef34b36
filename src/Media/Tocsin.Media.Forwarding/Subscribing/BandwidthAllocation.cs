using Tocsin.Media.Engine;

namespace Tocsin.Media.Forwarding.Subscribing;

/// <summary>
/// Shares what a subscriber's path carries between its videos: first each its lowest layer in order of priority, then better ones in the same order, equals in turn. Audio is
/// taken off before.
/// </summary>
/// <remarks>The meeting's thread. Does not allocate.</remarks>
internal static class BandwidthAllocation
{
    /// <summary>A better layer must fit with this to spare, so that none is taken that must be given back at once.</summary>
    public const double ClimbMargin = 1.15;

    /// <summary>What is shown is kept though it should fit only so nearly: rates and estimates tremble.</summary>
    private const double KeepMargin = 0.9;

    /// <summary>After falling, no climbing for so long: each switch costs the publisher a key frame.</summary>
    private static readonly TimeSpan ClimbPause = TimeSpan.FromSeconds(3);

    /// <param name="consumers">Of video.</param>
    /// <param name="available">For video.</param>
    /// <returns>What would be sent if the path carried everything.</returns>
    public static BitRate Run(Instant now, List<Consumer> consumers, BitRate available)
    {
        var wanted = BitRate.Zero;
        foreach (var consumer in consumers)
        {
            consumer.Share.Begin(now);
            wanted += consumer.Share.Ladder.TopRate;
        }

        for (var priority = VideoPriority.Screen; priority <= VideoPriority.Thumbnail; priority++)
        {
            foreach (var consumer in consumers)
            {
                if (consumer.Priority == priority)
                    TryClimb(now, consumer.Share, ref available);
            }
        }

        for (var priority = VideoPriority.Screen; priority <= VideoPriority.Thumbnail; priority++)
        {
            while (ClimbOnce(now, consumers, priority, ref available))
            {
            }
        }

        foreach (var consumer in consumers)
            Apply(now, consumer);
        return wanted;
    }

    private static bool ClimbOnce(Instant now, List<Consumer> consumers, VideoPriority priority, ref BitRate available)
    {
        var anyone = false;
        foreach (var consumer in consumers)
            anyone |= consumer.Priority == priority && consumer.Share.Rung >= 0 && TryClimb(now, consumer.Share, ref available);
        return anyone;
    }

    private static bool TryClimb(Instant now, VideoShare share, ref BitRate available)
    {
        var next = share.Rung + 1;
        if (next >= share.Ladder.Count)
            return false;
        var price = share.Ladder[next].Rate - (share.Rung < 0 ? BitRate.Zero : share.Ladder[share.Rung].Rate);
        var isNew = next > share.PreviousRung;
        if ((isNew && now < share.NotBefore) || price * (isNew ? ClimbMargin : KeepMargin) > available)
            return false;
        available -= price;
        share.Rung = next;
        return true;
    }

    private static void Apply(Instant now, Consumer consumer)
    {
        var share = consumer.Share;
        if (share.Rung < share.PreviousRung)
            share.NotBefore = now + ClimbPause;
        consumer.Aim(now, share.Rung < 0 ? null : share.Ladder[share.Rung].Layers);
    }
}

/// <summary>What one video gets of its subscriber's path.</summary>
internal sealed class VideoShare(Consumer consumer)
{
    public LayerLadder Ladder { get; } = new();

    /// <summary>Of the ladder; -1: nothing.</summary>
    public int Rung { get; set; }

    /// <summary>What it had until now.</summary>
    public int PreviousRung { get; private set; }

    public Instant NotBefore { get; set; }

    public void Begin(Instant now)
    {
        if (consumer.IsWatched)
            Ladder.Refresh(now, consumer.Producer, consumer.PreferredLayers);
        else
            Ladder.Clear();
        PreviousRung = Ladder.IndexOf(consumer.Target);
        Rung = -1;
    }
}
