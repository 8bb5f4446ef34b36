using System.Globalization;
using Tocsin.Bench.Alert;
using Tocsin.Rehearsal;

if (args is not [var name, var people, var program, var file])
{
    await Console.Error.WriteLineAsync("usage: Tocsin.Bench.Alert sqlite|postgresql|timeouts|early PEOPLE PROGRAM FILE, or answer-page PEOPLE PROGRAM WEBROOT");
    return 64;
}

if (name == "answer-page")
{
    await AnswerPage.ServeAsync(int.Parse(people, CultureInfo.InvariantCulture), Path.GetFullPath(program), file, CancellationToken.None);
    return 0;
}

var run = new AlertRun(name, int.Parse(people, CultureInfo.InvariantCulture), Path.GetFullPath(program));
return await Measuring.RunAsync(run.MeasureAsync, file);
