using System.Globalization;
using Tocsin.Bench.Import;
using Tocsin.Rehearsal;

if (args is not [var name, var people, var program, var file])
{
    await Console.Error.WriteLineAsync("usage: Tocsin.Bench.Import sqlite|postgresql PEOPLE PROGRAM FILE");
    return 64;
}

var run = new ImportRun(name, int.Parse(people, CultureInfo.InvariantCulture), Path.GetFullPath(program));
return await Measuring.RunAsync(run.MeasureAsync, file);
