using System.Globalization;
using System.Text.Json;
using Tocsin.Alerting;
using Tocsin.Alerting.Plans;
using Tocsin.Rehearsal;
using Tocsin.Rehearsal.Carriers;
using Tocsin.Storage;
using Tocsin.Testing;

namespace Tocsin.Scenarios.Long.Crashes;

/// <summary>Two real programs on one PostgreSQL database carry out one alert; either is killed and started again.</summary>
public sealed class TwoNodesTests
{
    private const int People = 2_000;
    private const int Mobiles = People / 2;
    private const int Kills = 6;
    private const int Window = 20;

    /// <summary>Past it, the other node takes over what a dead one had in hand (20 s of silence), and a busy machine has time to send it.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly Arrivals arrivals = new(AlertCall.Judge);
    private readonly InFlight inFlight = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_programs_share_an_alert_and_whichever_is_killed_everyone_is_told_and_nobody_by_both()
    {
        var random = TestSeed.Random();
        var connection = await (await PostgresServer.Shared).CreateDatabaseAsync(Cancellation);
        Assert.True(DatabaseOptions.TryParse(PostgresServer.AsUrl(connection), out var database));
        await using var organisation = await Organisation.CreateAsync(database!, People, i => i % 2 == 0 ? ContactPointKind.Mobile : ContactPointKind.Email, Cancellation);
        using var data = new ScratchDirectory();
        await using var first = new Node("first", 1, data, PostgresServer.AsUrl(connection), arrivals);
        await using var second = new Node("second", 2, data, PostgresServer.AsUrl(connection), arrivals);
        Node[] nodes = [first, second];
        foreach (var node in nodes) await node.StartAsync();
        foreach (var node in nodes) await Eventually.HoldsWithinAsync(Limit, () => Task.FromResult(node.Sms.IsBound), () => "each node is bound");

        arrivals.Allow(0);
        using var client = AlertCall.Browser(first.Server, organisation);
        var alert = (await AlertCall.RaiseAsync(client, AlertCall.Everyone, Cancellation)).Id;
        for (var kill = 0; kill < Kills; kill++)
        {
            await MoreArriveAsync(random.Next(1, People / Kills / 2), random.Next(People / Kills / 2));
            await KillAndStartAsync(nodes[random.Next(2)], organisation);
        }

        arrivals.Allow(int.MaxValue);
        foreach (var node in nodes) node.Sms.GiveReceipts();
        await Eventually.HoldsWithinAsync(Limit, () => Task.FromResult(arrivals.Addresses == People), () => $"everyone is reached: {arrivals.Addresses} are\n{first.Server.Output}\n{second.Server.Output}");
        await BoardIsExactAsync(client, alert);
        NobodyWasToldMoreOftenThanMustBe(organisation, nodes);
        TestContext.Current.TestOutputHelper?.WriteLine($"In flight at each kill: {string.Join(", ", inFlight.Counts)}; {arrivals.Total - People} messages came twice.");
    }

    private async Task MoreArriveAsync(int messages, int afterwards)
    {
        var wanted = arrivals.Total + messages;
        arrivals.Allow(wanted + afterwards);
        await Eventually.HoldsWithinAsync(Limit, () => Task.FromResult(arrivals.Total >= wanted || arrivals.Addresses == People), () => $"{messages} more messages arrive; {arrivals.Total} have");
    }

    private async Task KillAndStartAsync(Node node, Organisation organisation)
    {
        await node.Server.KillAsync();

        // What the dead node had sent is read to its end; what the living one sends meanwhile arrives too.
        arrivals.Allow(int.MaxValue);
        await Eventually.HoldsAsync(() => !node.Sms.IsConnected && !node.Mail.IsConnected, "the carriers have seen the node's connections end");
        arrivals.Allow(arrivals.Total);

        // The other node leaves what the dead one had in hand alone for 20 seconds: until then, what the database does not know was in flight.
        await inFlight.TakeAsync(arrivals, node.Life, organisation, Cancellation);
        await node.StartAsync();
    }

    private static async Task BoardIsExactAsync(HttpClient client, AlertId alert)
    {
        var expected = new SortedDictionary<string, long>(StringComparer.Ordinal) { ["email accepted"] = People - Mobiles, ["sms delivered"] = Mobiles };
        var shown = new SortedDictionary<string, long>(StringComparer.Ordinal);
        await Eventually.HoldsWithinAsync(
            Limit,
            async () =>
            {
                using var board = JsonDocument.Parse(await client.GetStringAsync(new Uri($"/api/v1/alerts/{alert.Value}/board", UriKind.Relative), Cancellation));
                shown = new(board.RootElement.GetProperty("deliveries").EnumerateArray().ToDictionary(
                    d => $"{d.GetProperty("channel").GetString()} {d.GetProperty("state").GetString()}", d => d.GetProperty("count").GetInt64(), StringComparer.Ordinal), StringComparer.Ordinal);
                return shown.SequenceEqual(expected);
            },
            () => $"the board is exact: it shows {string.Join(", ", shown)}\nand not {string.Join(", ", expected)}");
    }

    private void NobodyWasToldMoreOftenThanMustBe(Organisation organisation, Node[] nodes)
    {
        Assert.Empty(nodes.SelectMany(node => node.Sms.Faults.Concat(node.Mail.Faults)).Concat(arrivals.Complaints));
        Assert.All(inFlight.Counts, count => Assert.InRange(count, 0, InFlight.Most(Window)));
        var reached = arrivals.Snapshot();
        Assert.Equal(organisation.Addresses.Order(StringComparer.Ordinal), reached.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([0, 1], reached.Values.SelectMany(lives => lives).Select(life => life % 2).Distinct().Order());
        foreach (var (address, lives) in reached)
        {
            Assert.True(
                lives.Length <= inFlight.MostMessagesTo(address) && lives.Distinct().Count() == lives.Length,
                string.Create(CultureInfo.InvariantCulture, $"{address} got {lives.Length} messages, in lives {string.Join(", ", lives)}; at most {inFlight.MostMessagesTo(address)} were due"));
        }
    }

    /// <summary>A program with carriers of its own, so that each message tells who sent it.</summary>
    private sealed class Node : IAsyncDisposable
    {
        public Node(string name, int firstLife, ScratchDirectory data, string database, Arrivals arrivals)
        {
            Life = firstLife - 2;
            (Sms.Arrivals, Mail.Arrivals) = (arrivals, arrivals);
            Server = ServerProcess.Prepare(data, database, CarrierConfiguration.Of(Sms.Port, Mail.Port, window: Window, name: name));
        }

        public SmppCarrier Sms { get; } = new();

        public MailCarrier Mail { get; } = new();

        public ServerProcess Server { get; }

        /// <summary>Odd for one node, even for the other.</summary>
        public int Life { get; private set; }

        public async Task StartAsync()
        {
            Life += 2;
            (Sms.Life, Mail.Life) = (Life, Life);
            await Server.StartAsync();
            await Server.ListensAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await Server.DisposeAsync();
            await Sms.DisposeAsync();
            await Mail.DisposeAsync();
        }
    }
}
