using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Alerting;
using Tocsin.Rooms.Tests;
using Tocsin.Server.Features.Rooms;
using Tocsin.Storage;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Model;
using Tocsin.Storage.Rooms;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Rooms;

/// <summary>docs/protocol/rooms.md over HTTP, with entries that the web client wrote.</summary>
public sealed class RoomEndpointTests
{
    private static readonly RoomStory Honest = RoomStories.Read().Honest;
    private static readonly RoomStory Hostile = RoomStories.Read().Hostile;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Entries_get_numbers_and_hashes_and_are_read_back_by_who_is_in_the_room(bool onPostgres)
    {
        await using var server = await ServerUnderTest.StartAsync(onPostgres ? await ServerUnderTest.NewPostgresDatabaseAsync() : null);
        var people = await PeopleOfAsync(server, Honest);
        foreach (var (index, sent) in Honest.Entries.Index())
        {
            var appended = await AppendAsync(people[sent.AccountId], Honest.RoomId, sent.Bytes);
            Assert.Equal(index + 1, appended["seq"]!.GetValue<int>());
            Assert.Equal(sent.ChainHash, Convert.ToHexStringLower(Convert.FromBase64String(appended["chainHash"]!.GetValue<string>())));

            // Sent again, as after an answer that was lost: the number it has, and nothing more is written.
            if (people[sent.AccountId] is { } author && await IsMemberAsync(author)) Assert.Equal(index + 1, (await AppendAsync(author, Honest.RoomId, sent.Bytes))["seq"]!.GetValue<int>());
        }

        var present = Honest.Members.Select(line => RoomOf(line)).ToHashSet();
        foreach (var (account, person) in people)
        {
            if (!present.Contains(account))
            {
                Assert.Equal("not-found", (await person.GetJsonAsync(EntriesOf(Honest), HttpStatusCode.NotFound)).CodeOf());
                Assert.Empty((await person.GetJsonAsync("/api/v1/rooms"))["items"]!.AsArray());
                continue;
            }

            Assert.Equal(Honest.Entries.Select(entry => entry.Entry), await ReadAllAsync(person));
            Assert.Equal(Honest.Entries.Count, Assert.Single((await person.GetJsonAsync("/api/v1/rooms"))["items"]!.AsArray())!["headSeq"]!.GetValue<int>());
        }

        // What the database has of the room is what the entries say.
        await using var db = await server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);
        var members = await db.Set<StoredRoomMember>().ToListAsync(Cancellation);
        Assert.Equal(Honest.Members, members.Select(m => $"{m.PersonId.Value:N} {(m.IsAdministrator ? "administrator" : "member")}").Order(StringComparer.Ordinal));
        var devices = await db.Set<StoredRoomDevice>().ToListAsync(Cancellation);
        Assert.Equal(Honest.Devices, devices.Select(d => $"{d.Device:N} {d.LastSeq} {(d.IsRevoked ? "true" : "false")}").Order(StringComparer.Ordinal));

        async Task<bool> IsMemberAsync(HttpClient client)
        {
            using var answer = await client.GetAsync(EntriesOf(Honest), Cancellation);
            return answer.IsSuccessStatusCode;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_room_that_grows_while_it_is_read_never_ends_before_what_is_shown_of_it(bool onPostgres)
    {
        var story = RoomStories.Read().Steady;
        await using var server = await ServerUnderTest.StartAsync(onPostgres ? await ServerUnderTest.NewPostgresDatabaseAsync() : null);
        var author = (await PeopleOfAsync(server, story))[story.Entries[0].AccountId];
        await AppendAsync(author, story.RoomId, story.Entries[0].Bytes);
        using var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(
            async () =>
            {
                while (!done.IsCancellationRequested)
                {
                    var page = await author.GetJsonAsync(EntriesOf(story));
                    Assert.True(page["entries"]!.AsArray()[^1]!["seq"]!.GetValue<int>() <= page["headSeq"]!.GetValue<int>(), page["headSeq"]!.ToString());
                }
            },
            Cancellation)).ToList();
        foreach (var sent in story.Entries.Skip(1)) await AppendAsync(author, story.RoomId, sent.Bytes);
        await done.CancelAsync();
        await Task.WhenAll(readers);
    }

    [Fact]
    public async Task What_readers_refuse_is_refused_and_leaves_nothing_behind()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var people = await PeopleOfAsync(server, Hostile);
        var chain = Tocsin.Rooms.RoomChain.Begin(Convert.FromHexString(Hostile.Room));
        foreach (var sent in Hostile.Entries)
        {
            // After a refusal the chain here is another than in the story, which keeps what was refused.
            if (chain.Seq > 0 && Convert.ToHexStringLower(chain.Append(sent.Bytes).Hash) != sent.ChainHash && sent.IsAccepted) break;
            using var answer = await PostAsync(people[sent.AccountId], Hostile.RoomId, sent.Bytes);
            Assert.Equal(sent.IsAccepted, answer.IsSuccessStatusCode);
            if (sent.IsAccepted) chain = chain.Append(sent.Bytes);
        }

        await using var db = await server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);
        Assert.Equal((long)chain.Seq, await db.Set<StoredRoomEntry>().LongCountAsync(Cancellation));
        Assert.Equal(chain.Hash.ToArray(), (await db.Set<Room>().SingleAsync(Cancellation)).HeadHash);
    }

    [Fact]
    public async Task The_code_says_why_an_entry_is_refused()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var people = await PeopleOfAsync(server, Honest);
        var creator = people[Honest.Entries[0].AccountId];
        Assert.Equal("not-found", (await RefuseAsync(creator, Honest.Entries[1].Bytes, HttpStatusCode.NotFound)).CodeOf());
        Assert.Equal("malformed-entry", (await RefuseAsync(creator, [])).FieldOf("entry"));
        Assert.Equal("malformed-entry", (await RefuseAsync(creator, new byte[200])).FieldOf("entry"));
        Assert.Equal("entry-too-long", (await RefuseAsync(creator, new byte[262_313])).FieldOf("entry"));
        Assert.Equal("other-room", (await RefuseAsync(creator, Hostile.Entries[0].Bytes)).FieldOf("entry"));
        await AppendAsync(creator, Honest.RoomId, Honest.Entries[0].Bytes);
        Assert.Equal("fork", (await RefuseAsync(creator, Honest.Entries[2].Bytes)).FieldOf("entry"));

        // Somebody else's session with the creator's device: whoever is not in the room learns nothing of it.
        var stranger = await server.AsAsync(Roles.Staff);
        Assert.Equal("not-found", (await RefuseAsync(stranger, Honest.Entries[1].Bytes, HttpStatusCode.NotFound)).CodeOf());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_leaves_is_told_so_once_and_hears_nothing_of_what_follows(bool onPostgres)
    {
        await using var server = await ServerUnderTest.StartAsync(onPostgres ? await ServerUnderTest.NewPostgresDatabaseAsync() : null);
        var story = RoomStories.Read().Parting;
        var people = await PeopleOfAsync(server, story);
        foreach (var sent in story.Entries) await AppendAsync(people[sent.AccountId], story.RoomId, sent.Bytes);
        foreach (var (account, person) in people) Assert.Equal("not-found", (await person.GetJsonAsync(EntriesOf(story), HttpStatusCode.NotFound)).CodeOf());
        await using var db = await server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);
        Assert.Empty(await db.Set<StoredRoomMember>().ToListAsync(Cancellation));
        Assert.Equal(story.Eras, (await db.Set<StoredRoomEra>().OrderBy(e => e.Number).ToListAsync(Cancellation)).Select(e => $"{e.Number} {e.StartSeq}"));
        Assert.Equal(story.Entries.Count, await db.Set<StoredRoomEntry>().CountAsync(Cancellation));
        var events = await db.Set<EventRecord>().Where(e => e.Kind == "room.entry-appended").OrderBy(e => e.Seq).ToListAsync(Cancellation);
        foreach (var account in people.Keys)
        {
            var left = story.Entries.Count - story.Entries.Reverse().TakeWhile(entry => entry.AccountId != account).Count();
            Assert.Equal(left, JsonNode.Parse(events.Last(e => e.VisibleToPerson == account).Data)!["seq"]!.GetValue<int>());
        }
    }

    [Fact]
    public async Task Members_hear_of_entries_others_do_not_and_the_audit_trail_says_who_came_and_went()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var people = await PeopleOfAsync(server, Honest);
        foreach (var sent in Honest.Entries) await AppendAsync(people[sent.AccountId], Honest.RoomId, sent.Bytes);
        await using var db = await server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);
        var events = await db.Set<EventRecord>().Where(e => e.Kind == "room.entry-appended").OrderBy(e => e.Seq).ToListAsync(Cancellation);
        Assert.All(events, e => Assert.Equal(Roles.None, e.VisibleTo));
        var creator = Honest.Entries[0].AccountId;
        Assert.Equal(Honest.Entries.Count, events.Count(e => e.VisibleToPerson == creator));

        // Who was removed hears of that, and of nothing after it.
        var removed = people.Keys.Single(account => !Honest.Members.Any(line => RoomOf(line) == account));
        var lastHeard = JsonNode.Parse(events.Last(e => e.VisibleToPerson == removed).Data)!["seq"]!.GetValue<int>();
        Assert.Equal(int.Parse(Honest.Eras[^1].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), lastHeard);
        var audited = await db.Set<AuditRecord>().Where(r => r.Subject == $"room:{Honest.RoomId}").OrderBy(r => r.Seq).ToListAsync(Cancellation);
        Assert.Equal(["room.created", "room.members-changed", "room.members-changed", "room.members-changed"], audited.Select(r => r.Action));
    }

    [Fact]
    public async Task A_room_of_200_is_begun_with_one_entry_and_the_audit_trail_names_them_all()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var people = Enumerable.Range(0, RoomAppending.MostMembers).Select(_ => Guid.CreateVersion7()).ToList();
        await server.Store.CommitAsync(
            (transaction, _) =>
            {
                foreach (var person in people) transaction.Db.Add(NewPerson(person, transaction.Now));
                return Task.CompletedTask;
            },
            Cancellation);
        var creator = await server.SignInAsync(await server.CreateAccountAsync(Roles.Staff, person: new PersonId(people[0])));
        using var device = new RoomAuthor(people[0]);
        var (room, creation) = device.Create(people.Skip(1).Select(person => (person, new byte[32])), new byte[32]);
        var id = new Guid(room, bigEndian: true);

        Assert.Equal(1, (await AppendAsync(creator, id, creation))["seq"]!.GetValue<int>());

        await using var db = await server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);
        Assert.Equal(people.Count, await db.Set<StoredRoomMember>().CountAsync(Cancellation));
        var audited = await db.Set<AuditRecord>().Where(r => r.Subject == $"room:{id}").OrderBy(r => r.Seq).ToListAsync(Cancellation);
        Assert.Equal("room.created", audited[0].Action);
        Assert.All(audited.Skip(1), r => Assert.Equal("room.members-changed", r.Action));
        var added = audited.SelectMany(r => JsonNode.Parse(r.Detail)!["added"]!.AsArray()).Select(person => person!.GetValue<Guid>());
        Assert.Equal(people.Order(), added.Order());
    }

    [Fact]
    public async Task A_room_of_201_is_not_begun()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var people = Enumerable.Range(0, RoomAppending.MostMembers + 1).Select(_ => Guid.CreateVersion7()).ToList();
        await server.Store.CommitAsync(
            (transaction, _) =>
            {
                foreach (var person in people) transaction.Db.Add(NewPerson(person, transaction.Now));
                return Task.CompletedTask;
            },
            Cancellation);
        var creator = await server.SignInAsync(await server.CreateAccountAsync(Roles.Staff, person: new PersonId(people[0])));
        using var device = new RoomAuthor(people[0]);
        var (room, creation) = device.Create(people.Skip(1).Select(person => (person, new byte[32])), new byte[32]);
        var refused = await creator.PostJsonAsync(
            $"/api/v1/rooms/{new Guid(room, bigEndian: true)}/entries", new JsonObject { ["entry"] = Convert.ToBase64String(creation) }, HttpStatusCode.Conflict);
        Assert.Equal("room-too-many-members", refused.CodeOf());
        Assert.Empty((await creator.GetJsonAsync("/api/v1/rooms"))["items"]!.AsArray());
    }

    [Fact]
    public async Task Who_follows_live_is_given_short_contents_with_their_news_and_never_what_changes_the_roster()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var people = await PeopleOfAsync(server, Honest);
        var creator = Honest.Entries[0].AccountId;
        var cookie = people[creator].DefaultRequestHeaders.GetValues("Cookie").Single();
        var tail = server.Services.GetRequiredService<Tocsin.Server.Features.Events.EventTail>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var live = tail.ReadAsync(new(Roles.None, new PersonId(creator)), tail.Head, stop.Token).GetAsyncEnumerator(stop.Token);
        var told = 0;
        foreach (var sent in Honest.Entries)
        {
            // It follows before the entry is there.
            var next = live.MoveNextAsync().AsTask();
            await AppendAsync(people[sent.AccountId], Honest.RoomId, sent.Bytes);
            Assert.True(await Eventually.CompletesAsync(next));
            var news = Assert.Single(live.Current.Events, happened => happened.Kind == RoomAppending.EntryAppended).Data;
            Assert.Equal(++told, news.GetProperty("seq").GetInt64());
            Assert.True(Tocsin.Rooms.RoomEntry.TryParse(sent.Bytes, out var entry, out _));
            var isContent = entry.Class == Tocsin.Rooms.EntryClass.Content;
            Assert.Equal(isContent, news.TryGetProperty("entry", out var given));
            if (isContent) Assert.Equal(sent.Bytes, given.GetBytesFromBase64());
        }

        // What is kept is the number alone: whoever comes later asks for the entry.
        var late = new HubProbe(server.Address, cookie);
        await late.StreamAsync(longPolling: false, probe => probe.Received.Count(happened => happened.Kind == RoomAppending.EntryAppended) == told, Cancellation).WaitAsync(Eventually.Limit, Cancellation);
        Assert.DoesNotContain(late.Received, happened => happened.Data.Contains("entry\"", StringComparison.Ordinal));
        await stop.CancelAsync();
    }

    [Fact]
    public async Task What_was_read_is_kept_for_all_devices_and_never_goes_back()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var people = await PeopleOfAsync(server, Honest);
        foreach (var sent in Honest.Entries.Take(3)) await AppendAsync(people[sent.AccountId], Honest.RoomId, sent.Bytes);
        var creator = people[Honest.Entries[0].AccountId];
        Assert.Equal(2, await MarkAsync(2));
        Assert.Equal(2, await MarkAsync(1));
        Assert.Equal(2, await MarkAsync(-5));
        Assert.Equal(3, await MarkAsync(1000));
        var stranger = await server.AsAsync(Roles.Staff);
        await stranger.SendJsonAsync(HttpMethod.Put, $"/api/v1/rooms/{Honest.RoomId}/read-marker", new JsonObject { ["seq"] = 1 }, HttpStatusCode.NotFound);

        async Task<int> MarkAsync(int seq)
        {
            await creator.SendJsonAsync(HttpMethod.Put, $"/api/v1/rooms/{Honest.RoomId}/read-marker", new JsonObject { ["seq"] = seq }, HttpStatusCode.NoContent);
            return (await creator.GetJsonAsync("/api/v1/rooms"))["items"]![0]!["readSeq"]!.GetValue<int>();
        }
    }

    [Fact]
    public async Task Nobody_writes_faster_than_a_full_outbox_needs()
    {
        await using var server = await ServerUnderTest.StartAsync(time: new ManualTimeProvider());
        var somebody = await server.AsAsync(Roles.Staff);
        for (var round = 0; round < AppendRate.EntriesInARow; round++) await RefuseAsync(somebody, []);
        Assert.Equal("too-many-requests", (await RefuseAsync(somebody, [], HttpStatusCode.TooManyRequests)).CodeOf());
    }

    private static Person NewPerson(Guid id, DateTimeOffset now) => new()
    {
        Id = new PersonId(id),
        GivenName = "Camille",
        FamilyName = "Martin",
        DisplayName = "Camille Martin",
        Source = DirectorySource.Import,
        CreatedAt = now,
        ChangedAt = now,
    };

    private static string EntriesOf(RoomStory story) => $"/api/v1/rooms/{story.RoomId}/entries";

    private static Guid RoomOf(string line) => Guid.Parse(line.Split(' ')[0]);

    private static async Task<List<string>> ReadAllAsync(HttpClient client)
    {
        var read = new List<string>();
        while (true)
        {
            var page = (await client.GetJsonAsync($"{EntriesOf(Honest)}?after={read.Count}"))["entries"]!.AsArray();
            if (page.Count == 0) return read;
            read.AddRange(page.Select(entry => Convert.ToHexStringLower(Convert.FromBase64String(entry!["entry"]!.GetValue<string>()))));
        }
    }

    internal static async Task<JsonNode> AppendAsync(HttpClient client, Guid room, byte[] bytes)
    {
        using var answer = await PostAsync(client, room, bytes);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    private static Task<JsonNode> RefuseAsync(HttpClient client, byte[] bytes, HttpStatusCode expected = HttpStatusCode.Conflict) =>
        client.PostJsonAsync(EntriesOf(Honest), new JsonObject { ["entry"] = Convert.ToBase64String(bytes) }, expected);

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, Guid room, byte[] bytes) =>
        client.PostAsJsonAsync($"/api/v1/rooms/{room}/entries", new { entry = Convert.ToBase64String(bytes) }, Cancellation);

    /// <summary>Everybody of the story with a session, by account.</summary>
    internal static async Task<Dictionary<Guid, HttpClient>> PeopleOfAsync(ServerUnderTest server, RoomStory story, Roles roles = Roles.Staff)
    {
        var people = new Dictionary<Guid, HttpClient>();
        foreach (var account in story.Entries.Select(entry => entry.AccountId).Distinct())
        {
            var known = await server.CreateAccountAsync(Roles.Staff);
            await server.Store.CommitAsync(
                async (transaction, token) =>
                {
                    var person = await transaction.Db.Set<Person>().AsNoTracking().SingleAsync(p => p.Id == known.Account.PersonId, token);
                    person.Id = new PersonId(account);
                    transaction.Db.Add(person);
                },
                Cancellation);
            people[account] = await server.SignInAsync(await server.CreateAccountAsync(roles, person: new PersonId(account)));
        }

        return people;
    }
}
