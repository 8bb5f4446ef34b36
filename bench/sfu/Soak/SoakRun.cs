using Tocsin.Bench.Sfu.Load;

namespace Tocsin.Bench.Sfu.Soak;

/// <param name="Joins">Transports that were connected and closed until then.</param>
/// <param name="ManagedBytes">After a full collection.</param>
/// <param name="NativeBytes">Taken from the C library's allocator and not given back, then.</param>
/// <param name="ResidentBytes">Of the process, then.</param>
internal sealed record MemorySample(int Joins, long ManagedBytes, long NativeBytes, long ResidentBytes);

/// <param name="PeersLeft">Peers, paths and fragments that the server still knew at the end, with nobody in any meeting.</param>
internal sealed record SoakMeasured(IReadOnlyList<MemorySample> Samples, long Verified, long PeersLeft);

/// <summary>Meetings of ten that begin, in which everybody receives everybody, and that end, one after the other: what they leave behind.</summary>
internal sealed class SoakRun(int joins)
{
    private const int Samples = 10;

    /// <exception cref="TimeoutException">Somebody did not connect or receives nothing.</exception>
    /// <exception cref="InvalidOperationException">What arrived is not what was sent.</exception>
    public async Task<SoakMeasured> MeasureAsync()
    {
        var scenario = Scenario.Named("call-10");
        var joinsOfMeeting = scenario.Publishers + scenario.Subscribers;
        await using var sfu = (TocsinSfu)await TocsinSfu.StartAsync();
        var samples = new List<MemorySample>();
        var verified = 0L;
        IReadOnlyDictionary<string, long> memory = new Dictionary<string, long>();
        for (var joined = 0; joined < joins;)
        {
            using (var generator = new LoadGenerator("soak", scenario))
            {
                await generator.ConnectAsync(sfu);
                generator.RunUntilAllReceive();
                verified += generator.Verify().Packets;
            }

            await sfu.CloseMeetingsAsync();
            var before = joined;
            joined += joinsOfMeeting;
            if (joined * Samples / joins == before * Samples / joins)
                continue;
            memory = await sfu.AskMemoryAsync();
            samples.Add(new(joined, memory["managed"], memory["native"], memory["resident"]));
            Console.WriteLine($"{joined} joins: {memory["managed"] >> 10} KiB managed, {memory["native"] >> 10} KiB native, {memory["resident"] >> 20} MiB resident, {memory["left"]} peers, paths and fragments left");
        }

        return new(samples, verified, memory["left"]);
    }
}
