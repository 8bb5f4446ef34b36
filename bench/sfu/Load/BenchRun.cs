namespace Tocsin.Bench.Sfu.Load;

/// <summary>Connects the clients of a scenario to a server and raises the rate until its core is full or packets are lost.</summary>
internal sealed class BenchRun(string sfuName, Scenario scenario, TimeSpan stepTime)
{
    private const double MostLost = 0.001;
    private const double FullCore = 0.95;

    /// <summary>Faster than that the generator cannot, or the machine has others to serve: then a step brings less than this more than the best before.</summary>
    private const double LeastGain = 1.02;

    private const double Growth = 1.6;
    private const int MostSteps = 16;

    /// <exception cref="InvalidOperationException">What arrived is not what was sent.</exception>
    /// <exception cref="TimeoutException">Clients did not connect, or get nothing.</exception>
    public async Task<Measured> MeasureAsync()
    {
        await using var sfu = await Sfus.StartAsync(sfuName, scenario);
        using var generator = new LoadGenerator(sfuName, scenario);
        await generator.ConnectAsync(sfu);
        generator.WarmUp();
        var steps = RaiseRate(generator, sfu);
        var best = steps.Where(step => step.LostShare <= MostLost).MaxBy(step => step.PacketsPerSecond) ?? steps.MinBy(step => step.LostShare)!;
        var limit = sfu is TocsinSfu ours ? await LimitRun.MeasureAsync(ours, scenario, best.PacketsPerSecond, stepTime) : null;
        return Describe(generator, steps, best, limit, await sfu.AskStatisticsAsync());
    }

    private List<Step> RaiseRate(LoadGenerator generator, ISfu sfu)
    {
        var steps = new List<Step>();
        for (var rate = scenario.FirstRate; steps.Count < MostSteps; rate *= Growth)
        {
            var step = generator.Measure(sfu, rate, stepTime);
            var isSpent = steps.Count > 0 && step.Omitted > 0 && step.PacketsPerSecond < LeastGain * steps.Max(before => before.PacketsPerSecond);
            steps.Add(step);
            Console.WriteLine($"{sfuName} {scenario.Name}: {step.PacketsPerSecond:F0} packets/s, {step.NanosecondsPerPacket:F0} ns each, core {step.Load:P0}, lost {step.LostShare:P2}, not sent {step.Omitted:P0}");
            if (step.LostShare > MostLost || step.Load > FullCore || isSpent)
                break;
        }

        return steps;
    }

    private Measured Describe(LoadGenerator generator, List<Step> steps, Step best, Step? limit, IReadOnlyDictionary<string, long> server)
    {
        var verified = generator.Verify();
        var profile = generator.Subscribers[0].Profile.ToString()!;
        return new Measured(sfuName, scenario.Name, profile, best, steps, verified.Packets, verified.Late, verified.Other, limit?.NanosecondsPerPacket, limit?.PacketsPerSecond, server);
    }
}
