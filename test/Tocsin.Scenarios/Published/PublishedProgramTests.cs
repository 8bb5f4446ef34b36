using System.Net;
using System.Text.Json.Nodes;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Deliveries;
using Tocsin.Alerting.Plans;
using Tocsin.Rehearsal;
using Tocsin.Rehearsal.Carriers;
using Tocsin.Storage;
using Tocsin.Storage.Model;
using Tocsin.Storage.Schema;
using Tocsin.Testing;

namespace Tocsin.Scenarios.Published;

/// <summary>The published program is trimmed: code of .NET is missing that nothing was seen to call. Here every part of it is used, and must not miss any.</summary>
public sealed class PublishedProgramTests
{
    // The first are told; each of the others sends one request of the walk, because some of them end the session.
    private const int Told = 20;
    private const int People = 300;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.PostgreSql)]
    public async Task It_tells_people_and_answers_every_operation_of_its_contract(DatabaseKind kind)
    {
        using var data = new ScratchDirectory();
        await using var postgres = kind == DatabaseKind.PostgreSql ? await PostgresServer.StartAsync() : null;
        var url = postgres is null ? null : PostgresServer.AsUrl(await postgres.CreateDatabaseAsync(Cancellation));
        var database = url is not null && DatabaseOptions.TryParse(url, out var parsed) ? parsed! : DatabaseOptions.SqliteFile(data.File("tocsin.db"));
        await using var organisation = await Organisation.CreateAsync(
            database, People, i => i % 2 == 0 ? ContactPointKind.Mobile : ContactPointKind.Email, Cancellation, Roles.All);
        var arrivals = new Arrivals(AlertCall.Judge);
        await using var sms = new SmppCarrier { Arrivals = arrivals };
        await using var mail = new MailCarrier { Arrivals = arrivals };
        await using var server = ServerProcess.Prepare(data, url, CarrierConfiguration.Of(sms.Port, mail.Port), PublishedProgram.Executable, PublishedProgram.WebRoot);
        await server.StartAsync();
        await server.ListensAsync();
        await server.IsReadyAsync();
        using var director = AlertCall.Browser(server, organisation);
        Assert.Contains("<script", await director.GetStringAsync(new Uri("/", UriKind.Relative), Cancellation), StringComparison.Ordinal);

        var (alert, _, _) = await AlertCall.RaiseAsync(director, AlertCall.Only(organisation.People.Take(Told)), Cancellation);
        await arrivals.AddressesReachAsync(Told).WaitAsync(Limit, Cancellation);
        Assert.Empty(arrivals.Complaints);
        sms.GiveReceipts();
        await Eventually.HoldsWithinAsync(
            Limit,
            async () => (await organisation.TotalsAsync(alert, Cancellation)).Deliveries.GetValueOrDefault(ChannelKind.Sms)?.GetValueOrDefault(DeliveryState.Delivered) == Told / 2,
            () => $"The receipts are not on the board:\n{server.Output}");

        var contract = await director.GetStringAsync(new Uri("/api/v1/openapi.json", UriKind.Relative), Cancellation);
        Assert.Equal(
            await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "protocol", "openapi.json"), Cancellation), contract.ReplaceLineEndings("\n").TrimEnd() + "\n");
        Assert.Empty(await WalkAsync(server, organisation, JsonNode.Parse(contract)!.AsObject(), alert.Value));
        var complaints = server.Output.Split('\n').Where(IsComplaint).ToList();
        Assert.True(complaints.Count == 0, string.Join('\n', complaints));
    }

    [Fact]
    public async Task Its_commands_save_a_database_and_bring_it_back()
    {
        using var data = new ScratchDirectory();
        using var other = new ScratchDirectory();
        await using (await Organisation.CreateAsync(DatabaseOptions.SqliteFile(data.File("tocsin.db")), Told, _ => ContactPointKind.Email, Cancellation))
        {
        }

        var archive = other.File("saved.backup");
        var people = other.File("people.csv");
        await File.WriteAllTextAsync(people, "Nom;Prénom;Courriel;Matricule\nMartin;Léa;lea@hospital.example;7\n", Cancellation);
        await RunAsync("people", "import", people, "--apply", "--data", data.Path, "--json");
        await RunAsync("backup", archive, "--data", data.Path, "--json");
        await RunAsync("restore", archive, "--data", other.File("restored"), "--json");
        await RunAsync("accounts", "setup-link", "director", "--data", other.File("restored"), "--json");
    }

    /// <returns>Which operations broke.</returns>
    private static async Task<List<string>> WalkAsync(ServerProcess server, Organisation organisation, JsonObject contract, Guid alert)
    {
        var walk = new ContractWalk(contract, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["alerts"] = alert.ToString(),
            ["people"] = organisation.People[1].ToString(),
            ["person"] = organisation.People[1].ToString(),
            ["everyone"] = "false",
        });
        List<string> broken = [];
        var next = Told;
        foreach (var (operation, request) in walk.Requests())
        {
            using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = server.Address };
            request.Headers.Add("Cookie", await organisation.SignInAsync(next++, Roles.All, Cancellation));
            request.Headers.Add("Sec-Fetch-Site", "same-origin");
            using var answer = await client.SendAsync(request, Cancellation);
            var text = await answer.Content.ReadAsStringAsync(Cancellation);
            if (answer.StatusCode >= HttpStatusCode.InternalServerError) broken.Add($"{operation}: {(int)answer.StatusCode} {text}");
            TestContext.Current.TestOutputHelper?.WriteLine($"{operation}: {(int)answer.StatusCode}");
            request.Dispose();
        }

        return broken;
    }

    /// <summary>Not ready is what it says until the first alert is rehearsed, and the log says so too.</summary>
    private static bool IsComplaint(string line) =>
        (line.Contains("\"LogLevel\":\"Error\"", StringComparison.Ordinal) || line.Contains("\"LogLevel\":\"Critical\"", StringComparison.Ordinal)) &&
        !line.Contains("Diagnostics.HealthChecks", StringComparison.Ordinal);

    private static async Task RunAsync(params string[] arguments)
    {
        await using var program = ChildProcess.Start(PublishedProgram.Executable, arguments);
        await program.WaitForExitAsync(Limit);
        Assert.True(program.ExitCode == 0, $"tocsin {string.Join(' ', arguments)} ended with {program.ExitCode}:\n{program.Output}");
    }
}
