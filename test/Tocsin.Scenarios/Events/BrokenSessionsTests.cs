using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting.Plans;
using Tocsin.Rehearsal;
using Tocsin.Scenarios.Published;
using Tocsin.Storage;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Scenarios.Events;

/// <summary>Sessions that follow the event stream of the real program over sockets, while connections break and the program is killed.</summary>
public sealed class BrokenSessionsTests
{
    private const int Sessions = 200;
    private const int Commands = 400;
    private const int Kills = 6;

    /// <summary>For the whole scenario, in milliseconds: it takes two minutes on a quiet machine.</summary>
    private const int TimeLimit = 480_000;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly List<HubProbe> probes = [];
    private volatile TaskCompletionSource listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile int breaks;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TimeLimit)]
    public async Task Two_hundred_sessions_end_with_the_same_sequence_as_the_log_though_the_server_is_killed()
    {
        var random = TestSeed.Random();
        using var data = new ScratchDirectory();
        var database = DatabaseOptions.SqliteFile(data.File("tocsin.db"));
        await using var organisation = await Organisation.CreateAsync(database, 1, _ => ContactPointKind.Email, Cancellation, Roles.Administrator | Roles.Staff);
        await using var server = ServerProcess.Prepare(data, null, new Dictionary<string, object>(StringComparer.Ordinal), PublishedProgram.Executable);
        using var client = AlertCall.Browser(server, organisation);
        await StartAsync(server);

        var head = new TaskCompletionSource<long>();
        var readers = Enumerable.Range(0, Sessions).Select(i => ReadThroughBreaksAsync(server, organisation, head.Task, longPolling: i % 2 == 0, new Random(random.Next()))).ToList();
        var killAfter = Enumerable.Range(0, Kills).Select(_ => random.Next(1, Commands)).ToHashSet();
        for (var i = 1; i <= Commands; i++)
        {
            var command = ChangeAsync(client, i);
            if (killAfter.Contains(i)) await KillAsync(server, random);
            while (!await command)
            {
                await listening.Task;
                if (server.HasEnded) throw new InvalidOperationException($"The server ended by itself:\n{server.Output}");
                command = ChangeAsync(client, i);
            }
        }

        var log = await LogAsync(organisation);
        head.SetResult(log[^1].Seq);
        var all = Task.WhenAll(readers);
        await Eventually.HoldsWithinAsync(Limit, () => Task.FromResult(all.IsCompleted), () => $"{Behind(log[^1].Seq)} of {Sessions} sessions have not got event {log[^1].Seq}:\n{server.Output}");
        await all;

        Assert.True(log.Count >= Commands, $"{log.Count} events");
        Assert.All(probes, probe => Assert.Equal(log, probe.Received));
        Assert.All(probes, probe => Assert.Equal(0, probe.Resets));
        TestContext.Current.TestOutputHelper?.WriteLine($"{log.Count} events, {breaks} broken connections, {killAfter.Count} kills.");
    }

    private async Task StartAsync(ServerProcess server)
    {
        await server.StartAsync();
        await server.ListensAsync();
        listening.SetResult();
    }

    /// <summary>Kills the server in the midst of a command and of what it tells the sessions, and starts it again.</summary>
    private async Task KillAsync(ServerProcess server, Random random)
    {
        listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // Not a wait but the moment of the kill: a command takes a few milliseconds.
        await Task.Delay(random.Next(20), Cancellation);
        await server.KillAsync();
        await StartAsync(server);
    }

    /// <summary>One command, one event. False where the connection broke: it may have been carried out or not; and where a server that is being prepared asks to come again.</summary>
    private static async Task<bool> ChangeAsync(HttpClient client, int number)
    {
        try
        {
            using var answer = await client.PutAsJsonAsync(new Uri("/api/v1/settings", UriKind.Relative), new { organisationName = $"Name {number}", defaultLanguage = "fr", timeZone = "Europe/Paris" }, Cancellation);
            answer.EnsureSuccessStatusCode();
            return true;
        }
        catch (HttpRequestException exception) when (exception.StatusCode is null or HttpStatusCode.ServiceUnavailable)
        {
            return false;
        }
    }

    /// <summary>Reads to the end over as many connections as it takes; each breaks off after a random number of batches, or when the server is killed.</summary>
    private async Task ReadThroughBreaksAsync(ServerProcess server, Organisation organisation, Task<long> head, bool longPolling, Random random)
    {
        var probe = new HubProbe(server.Address, organisation.Cookie);
        lock (probes) probes.Add(probe);
        while (!head.IsCompletedSuccessfully || probe.Through < head.Result)
        {
            await listening.Task;
            var batches = random.Next(1, 60);
            try
            {
                await probe.StreamAsync(longPolling, p => --batches == 0 || (head.IsCompletedSuccessfully && p.Through >= head.Result), Cancellation);
            }
            catch (Exception exception) when (exception is HttpRequestException or WebSocketException or IOException)
            {
                Interlocked.Increment(ref breaks);

                // The kill may be seen here before it is seen there; a browser does not hammer a server that is gone either.
                await Task.Delay(random.Next(100), Cancellation);
            }
        }
    }

    private int Behind(long head) => probes.Count(probe => probe.Through < head);

    private static async Task<List<ProbedEvent>> LogAsync(Organisation organisation)
    {
        await using var db = await organisation.ContextAsync(Cancellation);
        var records = await db.Set<EventRecord>().AsNoTracking().OrderBy(e => e.Seq).ToListAsync(Cancellation);
        return [.. records.Select(e => new ProbedEvent(e.Seq, e.Kind, e.Data))];
    }
}
