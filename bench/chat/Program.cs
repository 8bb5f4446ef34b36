using System.Globalization;
using Tocsin.Bench.Chat;
using Tocsin.Bench.Chat.Load;
using Tocsin.Rehearsal;

if (args is not [var name, var clients, var seconds, var program, var file])
{
    await Console.Error.WriteLineAsync("usage: Tocsin.Bench.Chat tocsin|prosody|ejabberd CLIENTS SECONDS PROGRAM FILE");
    return 64;
}

var shape = new Shape(int.Parse(clients, CultureInfo.InvariantCulture));
var run = new ChatRun(name, shape, TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)), Path.GetFullPath(program));
return await Measuring.RunAsync(run.MeasureAsync, file);
