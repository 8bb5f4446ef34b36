using Tocsin.Alerting.Plans;
using Tocsin.Rehearsal;
using Tocsin.Rehearsal.Carriers;
using Tocsin.Storage;
using Tocsin.Testing;

namespace Tocsin.Bench.Alert;

/// <summary>A server with one alert, whose personal link is written out; it runs until standard input ends.</summary>
internal static class AnswerPage
{
    public static async Task ServeAsync(int people, string program, string webRoot, CancellationToken cancellationToken)
    {
        using var data = new ScratchDirectory();
        await using var organisation = await Organisation.CreateAsync(DatabaseOptions.SqliteFile(data.File("tocsin.db")), people, _ => ContactPointKind.Mobile, cancellationToken);
        var text = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var sms = new SmppCarrier();
        sms.Arrivals = new Arrivals((_, words) =>
        {
            text.TrySetResult(words);
            return null;
        });
        await using var server = ServerProcess.Prepare(data, database: null, CarrierConfiguration.Of(sms.Port), program, webRoot);
        await server.StartAsync();
        await server.ListensAsync();
        using var client = AlertCall.Browser(server, organisation);
        await AlertCall.RaiseAsync(client, AlertCall.Everyone, cancellationToken);
        var words = await text.Task.WaitAsync(TimeSpan.FromMinutes(1), cancellationToken);

        // On the port of this server, whatever name its links go by.
        var link = new Uri(words[words.IndexOf("http", StringComparison.Ordinal)..].Split('\n')[0]);
        await Console.Out.WriteLineAsync(new Uri(server.Address, link.PathAndQuery).AbsoluteUri);
        await Console.In.ReadToEndAsync(cancellationToken);
    }
}
