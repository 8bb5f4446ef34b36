using System.Globalization;
using System.Text.Json;
using Tocsin.Bench.Sfu.Load;
using Tocsin.Bench.Sfu.Server;

switch (args)
{
    case ["server"]:
        await new ServerRole(Console.In, Console.Out).RunAsync();
        return 0;
    case ["load", var sfu, var scenario, var seconds, var file]:
        var run = new BenchRun(sfu, Scenario.Named(scenario), TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)));
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(await run.MeasureAsync(), JsonSerializerOptions.Web));
        return 0;
    default:
        await Console.Error.WriteLineAsync("usage: Tocsin.Bench.Sfu load tocsin|janus SCENARIO SECONDS FILE, or server");
        return 64;
}
