using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting.Plans;
using Tocsin.Rehearsal;
using Tocsin.Rehearsal.Carriers;
using Tocsin.Storage;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Bench.Import;

/// <summary>What one run measured. Times are milliseconds.</summary>
/// <param name="Preview">From the first octet of the file to the answer.</param>
/// <param name="Apply">From the request to the state "applied".</param>
/// <param name="ApplyAlone">The same with no alert meanwhile: the same people, each with another job.</param>
/// <param name="AlertsMeanwhile">How many alerts were raised during preview and apply; each that meets the writing has it begin again.</param>
/// <param name="AlertSlowest">The longest of them to be accepted.</param>
/// <param name="ProcessorSeconds">The server's processor time for preview and apply.</param>
/// <param name="MemoryPeak">Most resident at any time, MiB.</param>
/// <param name="SearchMedian">A search as one types, one to six letters.</param>
internal sealed record Measured(
    double Preview, double Apply, double PreviewChanged, double ApplyAlone, int AlertsMeanwhile, double AlertSlowest, double ProcessorSeconds, double MemoryBefore, double MemoryPeak, double SearchMedian, double Search95, double SearchSlowest);

/// <summary>A file of people, previewed and applied over the API while alerts are raised, and then searched.</summary>
internal sealed class ImportRun(string name, int people, string program)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    // While the file is compared, while it is written, and while it is written again. An import waits for alerts: raised without end, it would never be measured.
    private static readonly double[] previewAlerts = [1.5];
    private static readonly double[] applyAlerts = [1, 4, 8];

    private static readonly string[] familyNames = ["Martin", "Bernard", "Thomas", "Petit", "Robert", "Richard", "Durand", "Dubois", "Moreau", "Laurent", "Lefèvre", "Garçon", "Œuvrard", "Nguyễn", "O'Hara"];
    private static readonly string[] givenNames = ["Élodie", "Luc", "Ana", "Camille", "Zoë", "Jean-Pierre", "Noël", "Fatima", "Łukasz", "Inès"];

    public async Task<Measured> MeasureAsync(CancellationToken cancellationToken)
    {
        using var data = new ScratchDirectory();
        var postgres = name == "postgresql" ? await PostgresServer.StartAsync() : null;
        var url = postgres is null ? null : PostgresServer.AsUrl(await postgres.CreateDatabaseAsync(cancellationToken));
        var options = url is not null && DatabaseOptions.TryParse(url, out var parsed) ? parsed! : DatabaseOptions.SqliteFile(data.File("tocsin.db"));
        await using var organisation = await Organisation.CreateAsync(options, 10, _ => ContactPointKind.Mobile, cancellationToken);
        await using (var db = await organisation.ContextAsync(cancellationToken))
            await db.Users.ExecuteUpdateAsync(set => set.SetProperty(account => account.Roles, Roles.Administrator | Roles.CrisisDirector | Roles.Staff), cancellationToken);
        await using var sms = new SmppCarrier();
        sms.Arrivals = new Arrivals((_, _) => null);
        await using var server = ServerProcess.Prepare(data, url, CarrierConfiguration.Of(sms.Port), program);
        await server.StartAsync();
        var measured = await Measuring.OfAsync(server, () => MeasureAsync(server, organisation, cancellationToken));
        if (postgres is not null) await postgres.DisposeAsync();
        return measured;
    }

    private async Task<Measured> MeasureAsync(ServerProcess server, Organisation organisation, CancellationToken cancellationToken)
    {
        await server.ListensAsync();
        using var client = AlertCall.Browser(server, organisation);
        client.Timeout = Limit;
        using var alerting = AlertCall.Browser(server, organisation);
        await AlertCall.RaiseAsync(alerting, AlertCall.Only(organisation.People.Take(1)), cancellationToken);
        var before = server.MemoryMebibytes("VmRSS");
        var processor = server.ProcessorTime();

        var waits = new List<double>();
        var (preview, apply) = await ImportAsync(client, Csv("Infirmier"), after => RaiseAsync(alerting, organisation, after, waits, cancellationToken), cancellationToken);
        var used = server.ProcessorTime() - processor;
        var searches = await SearchAsync(client, cancellationToken);
        var (previewChanged, alone) = await ImportAsync(client, Csv("Aide-soignant"), _ => Task.CompletedTask, cancellationToken);
        return new Measured(
            preview, apply, previewChanged, alone, waits.Count, waits.Count == 0 ? 0 : waits.Max(), used.TotalSeconds, before, server.MemoryMebibytes("VmHWM"), searches[searches.Count / 2], searches[searches.Count * 95 / 100], searches[^1]);
    }

    private byte[] Csv(string job)
    {
        var text = new StringBuilder("Nom;Prénom;Mobile;Courriel;Matricule;Poste;Site;Groupes\n");
        for (var i = 0; i < people; i++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{familyNames[i % familyNames.Length]}{i / 150};{givenNames[i / familyNames.Length % givenNames.Length]};+336{i:D8};p{i}@import.example;M{i};{job};Site {i % 20};Service {i % 200}|Étage {i % 9}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private async Task<(double Preview, double Apply)> ImportAsync(HttpClient client, byte[] csv, Func<double[], Task> meanwhile, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var file = new ByteArrayContent(csv);
        file.Headers.ContentType = new("text/csv");
        var alerts = meanwhile(previewAlerts);
        var preview = await AnswerAsync(await client.PostAsync(new Uri("/api/v1/imports?fileName=people.csv", UriKind.Relative), file, cancellationToken), cancellationToken);
        var previewed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        if ((int)preview["added"]! + (int)preview["changed"]! != people) throw new InvalidOperationException($"The preview is another: {preview}");
        await alerts;
        started = Stopwatch.GetTimestamp();
        using var nothing = new StringContent("{}", Encoding.UTF8, "application/json");
        await AnswerAsync(await client.PostAsync(new Uri($"/api/v1/imports/{preview["id"]}/apply", UriKind.Relative), nothing, cancellationToken), cancellationToken);
        alerts = meanwhile(applyAlerts);
        while (true)
        {
            var now = await AnswerAsync(await client.GetAsync(new Uri($"/api/v1/imports/{preview["id"]}", UriKind.Relative), cancellationToken), cancellationToken);
            if ((string?)now["state"] == "applied")
            {
                var applied = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                await alerts;
                return (previewed, applied);
            }

            if ((string?)now["state"] == "failed" || Stopwatch.GetElapsedTime(started) > Limit) throw new InvalidOperationException($"The import was not applied: {now}");
            await Task.Delay(LookEvery, cancellationToken);
        }
    }

    /// <summary>Raises one alert at each of these seconds, and notes how long each took to be accepted.</summary>
    private static async Task RaiseAsync(HttpClient client, Organisation organisation, double[] seconds, List<double> waits, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        foreach (var second in seconds)
        {
            var left = TimeSpan.FromSeconds(second) - Stopwatch.GetElapsedTime(started);
            if (left > TimeSpan.Zero) await Task.Delay(left, cancellationToken);
            var (_, asked, answered) = await AlertCall.RaiseAsync(client, AlertCall.Only(organisation.People.Take(1)), cancellationToken);
            waits.Add(Stopwatch.GetElapsedTime(asked, answered).TotalMilliseconds);
        }
    }

    /// <returns>In ascending order.</returns>
    private static async Task<List<double>> SearchAsync(HttpClient client, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        foreach (var word in familyNames.Concat(givenNames).Concat(["M4711", "infirmier", "martin12 elodie"]))
        {
            for (var length = 1; length <= Math.Min(6, word.Length); length++)
            {
                var started = Stopwatch.GetTimestamp();
                await AnswerAsync(await client.GetAsync(new Uri($"/api/v1/people?limit=20&search={Uri.EscapeDataString(word[..length])}", UriKind.Relative), cancellationToken), cancellationToken);
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
        }

        times.Sort();
        return times;
    }

    private static async Task<JsonNode> AnswerAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            return answer.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"{(int)answer.StatusCode} {text}");
        }
    }
}
