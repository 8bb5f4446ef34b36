using System.Globalization;
using Tocsin.Bench.Sfu.Load;

namespace Tocsin.Bench.Sfu.Hostile;

/// <param name="Forged">Datagrams that the flood sent.</param>
/// <param name="SeenShare">Of them, those that the server has looked at and dropped; the others the system dropped, for a full queue.</param>
/// <param name="Verified">Packets of the call whose every byte was compared.</param>
internal sealed record HostileMeasured(Step Before, Step During, Step After, long Forged, double ForgedPerSecond, double SeenShare, double NanosecondsPerForged, long Verified, long SystemDropped);

/// <summary>A call of five with their cameras on, while strangers flood its port.</summary>
internal sealed class HostileRun(double packetsPerSecond, TimeSpan time)
{
    /// <summary>2.3 Mbit/s from each: 24 pictures of ten packets.</summary>
    private const double PublisherRate = 240;

    /// <summary>What a forged datagram costs cannot be told where next to none of them came.</summary>
    private const double LeastSeen = 0.1;

    /// <exception cref="InvalidOperationException">What arrived is not what was sent, or the flood did not arrive.</exception>
    public async Task<HostileMeasured> MeasureAsync()
    {
        var scenario = Scenario.Named("call-5");
        await using var sfu = await TocsinSfu.StartAsync();
        using var generator = new LoadGenerator("hostile", scenario);
        await generator.ConnectAsync(sfu);
        generator.WarmUp();
        var end = generator.Publishers[0].ServerEnd!;
        var before = generator.Measure(sfu, PublisherRate, time);
        var (unclaimed, dropped) = (await CountAsync(sfu), SystemDrops.OfUdpPort(end.Address.Port));

        var datagrams = ForgedDatagrams.Create(end.Credentials.UsernameFragment, generator.Publishers[0].Track.Ssrc, new Random(1));
        using var flood = new Flood(datagrams, end.Address, packetsPerSecond);
        var during = generator.Measure(sfu, PublisherRate, time);
        var (forged, seconds) = flood.Stop();
        generator.Drain();

        var seen = (await CountAsync(sfu) - unclaimed) / (double)forged;
        var systemDropped = SystemDrops.OfUdpPort(end.Address.Port) - dropped;
        if (seen < LeastSeen)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"of {forged} forged datagrams the server saw {seen:P1}"));
        var after = generator.Measure(sfu, PublisherRate, time);
        var cost = (during.ProcessorSeconds - (before.ProcessorSeconds / before.Seconds * during.Seconds)) * 1e9 / (forged * seen);
        return new(before, during, after, forged, forged / seconds, seen, cost, generator.Verify().Packets, systemDropped);
    }

    private static async Task<long> CountAsync(ISfu sfu)
    {
        var statistics = await sfu.AskStatisticsAsync();
        return statistics["unclaimed"] + statistics["forgedChecks"];
    }
}
