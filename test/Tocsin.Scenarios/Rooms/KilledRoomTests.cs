using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Plans;
using Tocsin.Rehearsal;
using Tocsin.Scenarios.Published;
using Tocsin.Storage;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Scenarios.Rooms;

/// <summary>Somebody writes in a room of the real program while it is killed with SIGKILL.</summary>
public sealed class KilledRoomTests
{
    private const int Kills = 3;

    /// <summary>For the whole scenario, in milliseconds: it takes a quarter of a minute on a quiet machine.</summary>
    private const int TimeLimit = 300_000;

    private static readonly RoomStory Steady = RoomStories.Read().Steady;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = TimeLimit)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_entry_that_was_accepted_survives_once_and_in_order(bool onPostgres)
    {
        var random = TestSeed.Random();
        using var data = new ScratchDirectory();
        var url = onPostgres ? PostgresServer.AsUrl(await (await PostgresServer.Shared).CreateDatabaseAsync(Cancellation)) : null;
        var database = url is null ? DatabaseOptions.SqliteFile(data.File("tocsin.db")) : DatabaseOptions.TryParse(url, out var parsed) && parsed is not null ? parsed : throw new InvalidOperationException(url);
        await using var organisation = await Organisation.CreateAsync(database, 1, _ => ContactPointKind.Email, Cancellation, Roles.Staff);
        await BecomeAuthorAsync(organisation);
        await using var server = ServerProcess.Prepare(data, url, new Dictionary<string, object>(StringComparer.Ordinal), PublishedProgram.IfThere);
        using var client = AlertCall.Browser(server, organisation);
        await StartAsync(server);

        var killAt = Enumerable.Range(0, Kills).Select(_ => random.Next(1, Steady.Entries.Count)).ToHashSet();
        var lost = 0;
        foreach (var (index, sent) in Steady.Entries.Index())
        {
            var appending = AppendAsync(client, sent);
            if (killAt.Contains(index)) await KillAsync(server, random);
            JsonNode? answer;

            // As an outbox does: what was not answered is sent again as it is.
            while ((answer = await appending) is null)
            {
                lost++;
                if (server.HasEnded) throw new InvalidOperationException($"The server ended by itself:\n{server.Output}");
                appending = AppendAsync(client, sent);
            }

            // Its place and the hash of all before it: nothing is missing, nothing is there twice, and what was answered was kept.
            Assert.Equal(index + 1, answer["seq"]!.GetValue<int>());
            Assert.Equal(sent.ChainHash, Convert.ToHexStringLower(Convert.FromBase64String(answer["chainHash"]!.GetValue<string>())));
        }

        await server.KillAsync();
        await StartAsync(server);
        Assert.Equal(Steady.Entries.Select(sent => sent.Entry), await ReadAllAsync(client));
        TestContext.Current.TestOutputHelper?.WriteLine($"{Steady.Entries.Count} entries, {killAt.Count + 1} kills, {lost} answers lost.");
    }

    private static async Task StartAsync(ServerProcess server)
    {
        await server.StartAsync();
        await server.ListensAsync();
        await server.IsReadyAsync();
    }

    /// <summary>Kills the server in the midst of an entry, and starts it again.</summary>
    private static async Task KillAsync(ServerProcess server, Random random)
    {
        // Not a wait but the moment of the kill: an entry takes a few milliseconds.
        await Task.Delay(random.Next(20), Cancellation);
        await server.KillAsync();
        await StartAsync(server);
    }

    /// <summary>Null where the connection broke: the entry may be in the room or not.</summary>
    private static async Task<JsonNode?> AppendAsync(HttpClient client, StoryEntry sent)
    {
        try
        {
            using var answer = await client.PostAsJsonAsync(new Uri($"/api/v1/rooms/{Steady.RoomId}/entries", UriKind.Relative), new { entry = Convert.ToBase64String(sent.Bytes) }, Cancellation);
            var text = await answer.Content.ReadAsStringAsync(Cancellation);
            Assert.True(answer.IsSuccessStatusCode, text);
            return JsonNode.Parse(text);
        }
        catch (HttpRequestException exception) when (exception.StatusCode is null)
        {
            return null;
        }
    }

    private static async Task<List<string>> ReadAllAsync(HttpClient client)
    {
        var read = new List<string>();
        while (true)
        {
            var text = await client.GetStringAsync(new Uri($"/api/v1/rooms/{Steady.RoomId}/entries?after={read.Count}", UriKind.Relative), Cancellation);
            var page = JsonNode.Parse(text)!["entries"]!.AsArray();
            if (page.Count == 0) return read;
            read.AddRange(page.Select(entry => Convert.ToHexStringLower(Convert.FromBase64String(entry!["entry"]!.GetValue<string>()))));
        }
    }

    /// <summary>The one who is signed in is the one who signed the entries.</summary>
    private static async Task BecomeAuthorAsync(Organisation organisation)
    {
        await using var db = await organisation.ContextAsync(Cancellation);
        var author = await db.Set<Person>().AsNoTracking().SingleAsync(Cancellation);
        author.Id = new PersonId(Steady.Entries[0].AccountId);
        db.Add(author);
        (await db.Set<Account>().SingleAsync(Cancellation)).PersonId = author.Id;
        await db.SaveChangesAsync(Cancellation);
    }
}
