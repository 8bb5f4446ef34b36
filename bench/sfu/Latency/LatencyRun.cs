using Tocsin.Bench.Sfu.Load;

namespace Tocsin.Bench.Sfu.Latency;

/// <param name="Target">The share of the server's core that was aimed at; null: the rate was given.</param>
/// <param name="Median">Microseconds, as <paramref name="Percentile99"/>.</param>
internal sealed record LatencyStep(double? Target, Step Step, int Median, int Percentile99, long Samples);

/// <param name="Fullest">The highest share of its core at which the server lost nothing and the generator kept up.</param>
internal sealed record LatencyMeasured(string Sfu, double Fullest, IReadOnlyList<LatencyStep> Steps, long Verified);

/// <summary>Finds out by which rates a server's core is used to a tenth, a half and four fifths, and how long packets take then.</summary>
/// <param name="otherRates">To measure at besides: those of the server that it stands beside.</param>
internal sealed class LatencyRun(string sfuName, TimeSpan time, IReadOnlyList<double> otherRates)
{
    /// <summary>One of so many subscribers decrypts, compares and measures, so that the generator does not tire before the server; the others count and give feedback.</summary>
    private const int SubscribersPerSample = 5;

    private const double Growth = 1.5;
    private const int MostSteps = 14;
    private const double FullestWanted = 0.85;
    private const double MostLost = 0.001;
    private const double MostOmitted = 0.02;

    private static readonly TimeSpan SearchTime = TimeSpan.FromSeconds(1);
    private static readonly double[] Targets = [0.1, 0.5, 0.8];

    /// <exception cref="InvalidOperationException">What arrived is not what was sent.</exception>
    public async Task<LatencyMeasured> MeasureAsync()
    {
        var scenario = Scenario.Named("meetings-10x5");
        await using var sfu = await Sfus.StartAsync(sfuName, scenario);
        var meter = new DelayMeter();
        using var generator = new LoadGenerator(sfuName, scenario, meter);
        await generator.ConnectAsync(sfu);
        generator.WarmUp();
        for (var index = 0; index < generator.Subscribers.Count; index++)
            generator.Subscribers[index].OnlyCounts = index % SubscribersPerSample != 0;
        var held = Search(generator, sfu, scenario.FirstRate / 2);
        var steps = new List<LatencyStep>();
        foreach (var target in Targets)
            steps.Add(Measure(generator, sfu, meter, RateFor(held, target), target));
        foreach (var rate in otherRates)
            steps.Add(Measure(generator, sfu, meter, rate, null));
        return new(sfuName, held[^1].Load, steps, generator.Verify().Packets);
    }

    /// <returns>Steps that were held, the slowest first; at least one.</returns>
    private static List<Step> Search(LoadGenerator generator, ISfu sfu, double firstRate)
    {
        var held = new List<Step>();
        for (var rate = firstRate; held.Count < MostSteps; rate *= Growth)
        {
            var step = generator.Measure(sfu, rate, SearchTime);
            if (held.Count > 0 && (step.LostShare > MostLost || step.Omitted > MostOmitted))
                break;
            held.Add(step);
            if (step.Load > FullestWanted)
                break;
        }

        return held;
    }

    /// <summary>Between the two steps that the load lies between; no more than what was held.</summary>
    private static double RateFor(List<Step> held, double load)
    {
        var above = held.FindIndex(step => step.Load >= load);
        if (above < 0)
            return held[^1].Rate;
        if (above == 0)
            return held[0].Rate * load / held[0].Load;
        var (low, high) = (held[above - 1], held[above]);
        return low.Rate + ((high.Rate - low.Rate) * (load - low.Load) / (high.Load - low.Load));
    }

    private LatencyStep Measure(LoadGenerator generator, ISfu sfu, DelayMeter meter, double rate, double? target)
    {
        meter.Clear();
        var step = generator.Measure(sfu, rate, time);
        var measured = new LatencyStep(target, step, meter.Percentile(0.5), meter.Percentile(0.99), meter.Count);
        Console.WriteLine($"{sfuName}: {step.PacketsPerSecond:F0} packets/s, core {step.Load:P0}, {measured.Median} us, 99th percentile {measured.Percentile99} us, lost {step.LostShare:P2}");
        return measured;
    }
}
