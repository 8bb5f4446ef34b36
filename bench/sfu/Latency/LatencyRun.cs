using Tocsin.Bench.Sfu.Load;

namespace Tocsin.Bench.Sfu.Latency;

/// <param name="Target">The share of the server's core that was aimed at; null: the rate was given.</param>
/// <param name="Whole">From the publisher's beginning with a frame.</param>
/// <param name="Direct">What it takes without a server.</param>
/// <param name="Added">What the server adds to that.</param>
/// <param name="Waited">The share of the time that the server's threads, added up, were ready and had no core.</param>
internal sealed record LatencyStep(double? Target, Step Step, Delay Whole, Delay Direct, Delay Added, double Waited);

/// <summary>Microseconds.</summary>
internal sealed record Delay(int Median, int Percentile99, long Samples);

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
        var waited = CoreWait.SecondsOf(sfu.ProcessId);
        var step = generator.Measure(sfu, rate, time);
        waited = (CoreWait.SecondsOf(sfu.ProcessId) - waited) / step.Seconds;
        var measured = new LatencyStep(target, step, DelayOf(meter.Whole), DelayOf(meter.Direct), DelayOf(meter.Added), waited);
        Console.WriteLine(
            $"{sfuName}: {step.PacketsPerSecond:F0} packets/s, core {step.Load:P0}, added {measured.Added.Median} us, 99th percentile {measured.Added.Percentile99} us"
            + $" (direct {measured.Direct.Median} and {measured.Direct.Percentile99}), lost {step.LostShare:P2}, waited for the core {waited:P0} of the time");
        return measured;
    }

    private static Delay DelayOf(Percentiles delays) => new(delays.At(0.5), delays.At(0.99), delays.Count);
}
