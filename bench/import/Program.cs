using System.Globalization;
using System.Text.Json;
using Tocsin.Bench.Import;

if (args is not [var name, var people, var program, var file])
{
    await Console.Error.WriteLineAsync("usage: Tocsin.Bench.Import sqlite|postgresql PEOPLE PROGRAM FILE");
    return 64;
}

var run = new ImportRun(name, int.Parse(people, CultureInfo.InvariantCulture), Path.GetFullPath(program));
await File.WriteAllTextAsync(file, JsonSerializer.Serialize(await run.MeasureAsync(CancellationToken.None), JsonSerializerOptions.Web));
return 0;
