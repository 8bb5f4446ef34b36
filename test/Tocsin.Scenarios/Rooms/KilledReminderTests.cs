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
using Tocsin.Storage.Rooms;
using Tocsin.Testing;

namespace Tocsin.Scenarios.Rooms;

/// <summary>The real program is killed with SIGKILL at the moment at which a task is due.</summary>
public sealed class KilledReminderTests
{
    private const int Kills = 4;

    /// <summary>For the whole scenario, in milliseconds: it took 37 s on a busy machine.</summary>
    private const int TimeLimit = 300_000;

    private static readonly TimeSpan ahead = TimeSpan.FromMilliseconds(400);

    private static readonly RoomStory Steady = RoomStories.Read().Steady;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = TimeLimit)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_due_while_the_server_dies_is_told_once_by_this_life_or_the_next(bool onPostgres)
    {
        var random = TestSeed.Random();
        using var data = new ScratchDirectory();
        var url = onPostgres ? PostgresServer.AsUrl(await (await PostgresServer.Shared).CreateDatabaseAsync(Cancellation)) : null;
        var database = url is null ? DatabaseOptions.SqliteFile(data.File("tocsin.db")) : DatabaseOptions.TryParse(url, out var parsed) && parsed is not null ? parsed : throw new InvalidOperationException(url);
        await using var organisation = await Organisation.CreateAsync(database, 1, _ => ContactPointKind.Email, Cancellation, Roles.Staff);
        var author = await BecomeAuthorAsync(organisation);
        await using var server = ServerProcess.Prepare(data, url, new Dictionary<string, object>(StringComparer.Ordinal), PublishedProgram.IfThere);
        using var client = AlertCall.Browser(server, organisation);
        await StartAsync(server);
        foreach (var before in Steady.Entries.SkipLast(Kills)) await AppendAsync(client, before, null);

        var toldBefore = 0;
        foreach (var (told, entry) in Steady.Entries.TakeLast(Kills).Index())
        {
            var id = Guid.NewGuid();
            await AppendAsync(client, entry, new JsonObject { ["id"] = id, ["personId"] = author.Value, ["at"] = DateTimeOffset.UtcNow + ahead });

            // Not a wait but the moment of the kill: around the time at which it is due.
            await Task.Delay(ahead + TimeSpan.FromMilliseconds(random.Next(-60, 60)), Cancellation);
            await server.KillAsync();
            if (await TimesToldAsync(organisation, id) > 0) toldBefore++;
            await StartAsync(server);
            await Eventually.HoldsAsync(async () => await TimesToldAsync(organisation, id) > 0, "it is told");

            // Of this person and room once: what is counted as told has its event, and what has its event is not told again.
            Assert.Equal(1, await TimesToldAsync(organisation, id));
            Assert.Equal(Enumerable.Repeat(1, told + 1), await EventsAsync(organisation, author));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{Kills} kills, of which {toldBefore} after it was told.");
    }

    private static async Task StartAsync(ServerProcess server)
    {
        await server.StartAsync();
        await server.ListensAsync();
        await server.IsReadyAsync();
    }

    private static async Task AppendAsync(HttpClient client, StoryEntry entry, JsonObject? reminder)
    {
        using var answer = await client.PostAsJsonAsync(
            new Uri($"/api/v1/rooms/{Steady.RoomId}/entries", UriKind.Relative), new { entry = Convert.ToBase64String(entry.Bytes), reminder }, Cancellation);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }

    private static async Task<int> TimesToldAsync(Organisation organisation, Guid reminder)
    {
        await using var db = await organisation.ContextAsync(Cancellation);
        return await db.Set<RoomReminder>().Where(r => r.ReminderId == reminder).Select(r => r.Told).SingleAsync(Cancellation);
    }

    /// <returns>Which time each told of.</returns>
    private static async Task<IEnumerable<int>> EventsAsync(Organisation organisation, PersonId person)
    {
        await using var db = await organisation.ContextAsync(Cancellation);
        var events = await db.Set<EventRecord>().AsNoTracking().Where(e => e.Kind == "room.task-due").OrderBy(e => e.Seq).ToListAsync(Cancellation);
        Assert.All(events, one => Assert.Equal(person.Value, one.VisibleToPerson));
        return events.Select(one => JsonNode.Parse(one.Data)!["told"]!.GetValue<int>());
    }

    /// <summary>The one who is signed in is the one who signed the entries.</summary>
    private static async Task<PersonId> BecomeAuthorAsync(Organisation organisation)
    {
        await using var db = await organisation.ContextAsync(Cancellation);
        var author = await db.Set<Person>().AsNoTracking().SingleAsync(Cancellation);
        author.Id = new PersonId(Steady.Entries[0].AccountId);
        db.Add(author);
        (await db.Set<Account>().SingleAsync(Cancellation)).PersonId = author.Id;
        await db.SaveChangesAsync(Cancellation);
        return author.Id;
    }
}
