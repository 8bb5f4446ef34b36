using System.Globalization;
using System.Text.Json;
using Tocsin.Bench.Sfu.Hostile;
using Tocsin.Bench.Sfu.Join;
using Tocsin.Bench.Sfu.Latency;
using Tocsin.Bench.Sfu.Load;
using Tocsin.Bench.Sfu.Server;
using Tocsin.Bench.Sfu.Soak;

switch (args)
{
    case ["server"]:
        await new ServerRole(Console.In, Console.Out).RunAsync();
        return 0;
    case ["load", var sfu, var scenario, var seconds, var file]:
        var run = new BenchRun(sfu, Scenario.Named(scenario), TimeSpan.FromSeconds(Number(seconds)));
        await WriteAsync(file, await run.MeasureAsync());
        return 0;
    case ["latency", var sfu, var seconds, var rates, var file]:
        var others = rates.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Number).ToArray();
        await WriteAsync(file, await new LatencyRun(sfu, TimeSpan.FromSeconds(Number(seconds)), others).MeasureAsync());
        return 0;
    case ["join", var sfu, var joins, var rounds, var file]:
        await WriteAsync(file, await new JoinRun(sfu, (int)Number(joins), (int)Number(rounds)).MeasureAsync());
        return 0;
    case ["soak", var joins, var file]:
        await WriteAsync(file, await new SoakRun((int)Number(joins)).MeasureAsync());
        return 0;
    case ["hostile", var rate, var seconds, var file]:
        await WriteAsync(file, await new HostileRun(Number(rate), TimeSpan.FromSeconds(Number(seconds))).MeasureAsync());
        return 0;
    default:
        await Console.Error.WriteLineAsync("usage: Tocsin.Bench.Sfu load tocsin|janus SCENARIO SECONDS FILE, latency tocsin|janus SECONDS RATES FILE, hostile RATE SECONDS FILE, join tocsin|janus JOINS ROUNDS FILE, soak JOINS FILE, or server");
        return 64;
}

static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

static Task WriteAsync<T>(string file, T measured) => File.WriteAllTextAsync(file, JsonSerializer.Serialize(measured, JsonSerializerOptions.Web));
