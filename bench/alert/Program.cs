using System.Globalization;
using System.Text.Json;
using Tocsin.Bench.Alert;

if (args is not [var name, var people, var program, var file])
{
    await Console.Error.WriteLineAsync("usage: Tocsin.Bench.Alert sqlite|postgresql|timeouts PEOPLE PROGRAM FILE, or answer-page PEOPLE PROGRAM WEBROOT");
    return 64;
}

if (name == "answer-page")
{
    await AnswerPage.ServeAsync(int.Parse(people, CultureInfo.InvariantCulture), Path.GetFullPath(program), file, CancellationToken.None);
    return 0;
}

var run = new AlertRun(name, int.Parse(people, CultureInfo.InvariantCulture), Path.GetFullPath(program));
var measured = await run.MeasureAsync(CancellationToken.None);
await File.WriteAllTextAsync(file, JsonSerializer.Serialize(measured, JsonSerializerOptions.Web));
return 0;
