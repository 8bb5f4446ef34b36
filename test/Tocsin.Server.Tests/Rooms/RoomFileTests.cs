using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Alerting;
using Tocsin.Server.Features.Retention;
using Tocsin.Server.Features.Rooms.Files;
using Tocsin.Server.Hosting;
using Tocsin.Storage;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Model;
using Tocsin.Storage.Rooms;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Rooms;

/// <summary>Files of docs/protocol/rooms.md over HTTP.</summary>
public abstract class RoomFileSpecification
{
    private const int Chunk = 512 * 1024;

    private static readonly RoomStory Honest = RoomStories.Read().Honest;

    private readonly ManualTimeProvider time = new();

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract Task<string?> DatabaseAsync();

    [Fact]
    public async Task A_file_arrives_in_any_order_goes_on_where_it_stopped_and_is_read_back_by_members_alone()
    {
        await using var server = await StartAsync();
        var (creator, other, stranger) = await PeopleAsync(server);
        var file = Guid.NewGuid();
        var parts = Seal((2 * Chunk) + 5);
        Assert.Equal([(0, 2)], Missing(await BeginAsync(creator, file, (2 * Chunk) + 5)));
        await SendAsync(creator, file, 2, parts[2]);
        await SendAsync(creator, file, 0, parts[0]);
        await SendAsync(creator, file, 0, parts[0]);
        Assert.Equal([(1, 1)], Missing(await BeginAsync(creator, file, (2 * Chunk) + 5)));
        Assert.Equal([(1, 1)], Missing(await other.GetJsonAsync(Of(file))));

        // Under one nonce nothing else is sealed.
        Assert.Equal("room-file-differs", await SendAsync(creator, file, 0, parts[1], HttpStatusCode.Conflict));
        Assert.Equal("room-file-part-malformed", await SendAsync(creator, file, 1, parts[1][..^1], HttpStatusCode.BadRequest));
        Assert.Equal("room-file-part-malformed", await SendAsync(creator, file, 1, [.. parts[1], 0], HttpStatusCode.BadRequest));
        Assert.Equal("room-file-part-malformed", await SendAsync(creator, file, 3, parts[1], HttpStatusCode.BadRequest));
        Assert.Equal("room-file-part-malformed", await SendAsync(creator, file, -1, parts[1], HttpStatusCode.BadRequest));

        // Another member neither adds to it nor takes it over, and whoever is not in the room learns of nothing.
        Assert.Equal("room-file-part-malformed", await SendAsync(other, file, 1, parts[1], HttpStatusCode.BadRequest));
        Assert.Equal("room-file-differs", (await BeginAsync(other, file, (2 * Chunk) + 5, HttpStatusCode.Conflict)).CodeOf());
        Assert.Equal("not-found", await SendAsync(stranger, file, 1, parts[1], HttpStatusCode.NotFound));
        Assert.Equal("not-found", (await BeginAsync(stranger, Guid.NewGuid(), 5, HttpStatusCode.NotFound)).CodeOf());
        await stranger.GetJsonAsync(Of(file), HttpStatusCode.NotFound);
        await stranger.GetJsonAsync($"{Of(file)}/parts/0", HttpStatusCode.NotFound);

        // Whoever lost an answer sends again while the first is still under way.
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => SendAsync(creator, file, 1, parts[1])));
        Assert.Empty(Missing(await creator.GetJsonAsync(Of(file))));
        for (var number = 0; number < 3; number++)
        {
            using var answer = await other.GetAsync($"{Of(file)}/parts/{number}", Cancellation);
            Assert.Equal(parts[number], await answer.Content.ReadAsByteArrayAsync(Cancellation));
            Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
            Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType?.MediaType);
        }
    }

    [Fact]
    public async Task An_entry_carries_whole_files_only_and_keeps_them()
    {
        await using var server = await StartAsync();
        var (creator, other, _) = await PeopleAsync(server);
        var (kept, left, given) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        foreach (var file in (Guid[])[kept, left, given]) await BeginAsync(creator, file, 3);
        Assert.Equal("room-file-incomplete", (await AppendAsync(4, [kept], HttpStatusCode.Conflict)).CodeOf());
        Assert.Equal("room-file-incomplete", (await AppendAsync(4, [Guid.NewGuid()], HttpStatusCode.Conflict)).CodeOf());
        foreach (var file in (Guid[])[kept, left, given]) await SendAsync(creator, file, 0, Seal(3)[0]);
        Assert.Equal(5, (await AppendAsync(4, [kept]))["seq"]!.GetValue<int>());
        Assert.Equal(5, (await AppendAsync(4, [kept]))["seq"]!.GetValue<int>());

        // What an entry carries is not given up any more, and what is given up comes back under no name.
        await creator.SendJsonAsync(HttpMethod.Delete, Of(kept), null, HttpStatusCode.NotFound);
        await other.SendJsonAsync(HttpMethod.Delete, Of(given), null, HttpStatusCode.NotFound);
        await creator.SendJsonAsync(HttpMethod.Delete, Of(given), null, HttpStatusCode.NoContent);
        await other.GetJsonAsync(Of(given), HttpStatusCode.NotFound);
        Assert.Equal("room-file-differs", (await BeginAsync(creator, given, 3, HttpStatusCode.Conflict)).CodeOf());

        time.Advance(TimeSpan.FromHours(71));
        await server.Services.GetRequiredService<Purge>().RunAsync(Cancellation);
        Assert.Equal([kept, left], await FilesAsync(server, kept, left, given));
        time.Advance(TimeSpan.FromHours(2));
        await server.Services.GetRequiredService<Purge>().RunAsync(Cancellation);
        Assert.Equal([kept], await FilesAsync(server, kept, left, given));
        await using var db = await server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);
        Assert.Equal(kept, (await db.Set<RoomFileChunk>().SingleAsync(Cancellation)).FileId);

        Task<JsonNode> AppendAsync(int at, Guid[] files, HttpStatusCode expected = HttpStatusCode.OK) => creator.PostJsonAsync(
            $"/api/v1/rooms/{Honest.RoomId}/entries", new JsonObject { ["entry"] = Convert.ToBase64String(Honest.Entries[at].Bytes), ["files"] = new JsonArray([.. files.Select(id => JsonValue.Create(id))]) }, expected);
    }

    [Fact]
    public async Task What_a_browser_that_died_left_goes_by_itself_and_what_is_still_sent_stays()
    {
        await using var server = await StartAsync(options => options.Files = new RoomFileOptions { UploadHours = 2 });
        var (creator, _, _) = await PeopleAsync(server);
        var (orphan, slow) = (Guid.NewGuid(), Guid.NewGuid());
        foreach (var file in (Guid[])[orphan, slow]) await BeginAsync(creator, file, 3 * Chunk);
        foreach (var number in (int[])[0, 2]) await SendAsync(creator, orphan, number, Seal(3 * Chunk)[number]);

        // Nobody asks for it: the server's own clock does. Of the other a part comes each hour.
        for (var hour = 0; hour < 3; hour++)
        {
            await SendAsync(creator, slow, hour, Seal(3 * Chunk)[hour]);
            time.Advance(TimeSpan.FromHours(1));
        }

        await EventuallyLeftAsync(server, [slow], orphan, slow);
        await using var db = await server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);
        Assert.Equal([0L, 1, 2], await db.Set<RoomFileChunk>().Where(c => c.FileId == slow).OrderBy(c => c.Number).Select(c => c.Number).ToListAsync(Cancellation));
        Assert.Equal(3, await db.Set<RoomFileChunk>().CountAsync(Cancellation));
    }

    [Fact]
    public async Task Nobody_takes_more_than_there_is()
    {
        await using var server = await StartAsync(options => options.Files = new RoomFileOptions { LargestMegabytes = 4, PersonMegabytes = 6, RoomMegabytes = 8, TotalMegabytes = 9 });
        var (creator, other, _) = await PeopleAsync(server);
        const long megabyte = 1024 * 1024;
        Assert.Equal("room-file-too-large", (await BeginAsync(creator, Guid.NewGuid(), (4 * megabyte) + 1, HttpStatusCode.Conflict)).CodeOf());
        Assert.Equal("invalid-input", (await BeginAsync(creator, Guid.NewGuid(), -1, HttpStatusCode.BadRequest)).CodeOf());
        var first = Guid.NewGuid();
        await BeginAsync(creator, first, 4 * megabyte);
        await BeginAsync(creator, first, 4 * megabyte);
        Assert.Equal("room-files-person-full", (await BeginAsync(creator, Guid.NewGuid(), 3 * megabyte, HttpStatusCode.Conflict)).CodeOf());
        await BeginAsync(other, Guid.NewGuid(), 3 * megabyte);
        Assert.Equal("room-files-room-full", (await BeginAsync(other, Guid.NewGuid(), 2 * megabyte, HttpStatusCode.Conflict)).CodeOf());

        // What is given up counts no more.
        await creator.SendJsonAsync(HttpMethod.Delete, Of(first), null, HttpStatusCode.NoContent);
        for (var i = 0; i < 20; i++) await BeginAsync(creator, Guid.NewGuid(), 0);
        Assert.Equal("room-file-too-many-uploads", (await BeginAsync(creator, Guid.NewGuid(), 0, HttpStatusCode.Conflict)).CodeOf());
    }

    private static string Of(Guid file) => $"/api/v1/rooms/{Honest.RoomId}/files/{file}";

    private protected static Task<JsonNode> BeginAsync(HttpClient client, Guid file, long size, HttpStatusCode expected = HttpStatusCode.OK) =>
        client.SendJsonAsync(HttpMethod.Put, Of(file), new JsonObject { ["size"] = size }, expected);

    private protected static async Task<string?> SendAsync(HttpClient client, Guid file, long number, byte[] part, HttpStatusCode expected = HttpStatusCode.NoContent)
    {
        using var content = new ByteArrayContent(part) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        using var answer = await client.PutAsync($"{Of(file)}/parts/{number}", content, Cancellation);
        Assert.Equal(expected, answer.StatusCode);
        return answer.IsSuccessStatusCode ? null : (await answer.Content.ReadFromJsonAsync<JsonNode>(Cancellation))!.CodeOf();
    }

    private static IEnumerable<(int From, int To)> Missing(JsonNode file) => file["missing"]!.AsArray().Select(range => (range!["from"]!.GetValue<int>(), range["to"]!.GetValue<int>()));

    /// <summary>Bytes that stand for sealed ones: the server knows no difference.</summary>
    private protected static byte[][] Seal(int size) =>
        [.. Enumerable.Range(0, (int)FileParts.CountOf(size)).Select(number => Enumerable.Range(0, FileParts.LengthOf(size, number)).Select(at => (byte)(at + (number * 7))).ToArray())];

    private protected static async Task<List<Guid>> FilesAsync(ServerUnderTest server, params Guid[] order)
    {
        await using var db = await server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);
        var there = await db.Set<RoomFile>().Select(f => f.Id).ToListAsync(Cancellation);
        return [.. order.Where(there.Contains)];
    }

    /// <summary>The clock goes on by a minute between two looks, so that what began to wait late is woken, too.</summary>
    private protected Task EventuallyLeftAsync(ServerUnderTest server, Guid[] expected, params Guid[] order) => Eventually.HoldsWithinAsync(
        TimeSpan.FromMinutes(1),
        async () =>
        {
            time.Advance(TimeSpan.FromMinutes(1));
            return (await FilesAsync(server, order)).SequenceEqual(expected);
        },
        () => "the uploads that were left are still there");

    private protected static Task<JsonNode> AppendWithAsync(HttpClient author, int at, Guid file, HttpStatusCode expected) => author.PostJsonAsync(
        $"/api/v1/rooms/{Honest.RoomId}/entries", new JsonObject { ["entry"] = Convert.ToBase64String(Honest.Entries[at].Bytes), ["files"] = new JsonArray(JsonValue.Create(file)) }, expected);

    private protected void Advance(TimeSpan by) => time.Advance(by);

    private protected async Task<ServerUnderTest> StartAsync(Action<TocsinOptions>? configure = null) => await ServerUnderTest.StartAsync(await DatabaseAsync(), time, configure: configure);

    /// <summary>The first four entries' room: who began it, another member, and somebody who is not in it.</summary>
    private protected static async Task<(HttpClient Creator, HttpClient Other, HttpClient Stranger)> PeopleAsync(ServerUnderTest server)
    {
        var creator = await WithAccountAsync(server, Honest.Entries[0].AccountId);
        var other = await WithAccountAsync(server, Honest.Entries[3].AccountId);
        foreach (var sent in Honest.Entries.Take(4))
        {
            await (sent.AccountId == Honest.Entries[0].AccountId ? creator : other)
                .PostJsonAsync($"/api/v1/rooms/{Honest.RoomId}/entries", new JsonObject { ["entry"] = Convert.ToBase64String(sent.Bytes) });
        }

        return (creator, other, await server.AsAsync(Roles.Staff));
    }

    private static async Task<HttpClient> WithAccountAsync(ServerUnderTest server, Guid account)
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
        return await server.SignInAsync(await server.CreateAccountAsync(Roles.Staff, person: new PersonId(account)));
    }
}

public sealed class RoomFilesOnSqliteTests : RoomFileSpecification
{
    private const int Size = 24 * 512 * 1024;

    /// <summary>As docs/decisions/0112 says: the database is not smaller after it, and the next file takes the same room.</summary>
    [Fact]
    public async Task The_room_that_an_abandoned_upload_had_is_the_next_ones()
    {
        await using var server = await StartAsync(options => options.Files = new RoomFileOptions { UploadHours = 1 });
        var (creator, _, _) = await PeopleAsync(server);
        var abandoned = Guid.NewGuid();
        await SendAllAsync(creator, abandoned);
        var before = await PagesAsync(server);
        Advance(TimeSpan.FromHours(2));
        await EventuallyLeftAsync(server, [], abandoned);
        var (between, free) = await PagesAsync(server);
        Assert.Equal(before.All, between);
        Assert.True(free * 4096 >= Size, $"{free} pages are free");
        await SendAllAsync(creator, Guid.NewGuid());
        var after = await PagesAsync(server);
        Assert.InRange(after.All, 1, before.All + 16);
    }

    protected override Task<string?> DatabaseAsync() => Task.FromResult<string?>(null);

    private static async Task SendAllAsync(HttpClient client, Guid file)
    {
        await BeginAsync(client, file, Size);
        foreach (var (number, part) in Seal(Size).Index()) await SendAsync(client, file, number, part);
    }

    private static async Task<(long All, long Free)> PagesAsync(ServerUnderTest server)
    {
        await using var db = await server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);
        return (await db.Database.SqlQueryRaw<long>("SELECT page_count AS Value FROM pragma_page_count").SingleAsync(Cancellation),
            await db.Database.SqlQueryRaw<long>("SELECT freelist_count AS Value FROM pragma_freelist_count").SingleAsync(Cancellation));
    }
}

public sealed class RoomFilesOnPostgresTests : RoomFileSpecification
{
    /// <summary>SQLite has one writer: there the two come one after the other.</summary>
    [Fact]
    public async Task A_file_that_is_given_up_while_an_entry_takes_it_is_carried_by_none()
    {
        await using var server = await StartAsync();
        var (creator, _, _) = await PeopleAsync(server);
        var file = Guid.NewGuid();
        await BeginAsync(creator, file, 3);
        await SendAsync(creator, file, 0, Seal(3)[0]);
        var (given, end) = (new TaskCompletionSource(), new TaskCompletionSource());
        var giving = server.Store.CommitAsync(
            async (transaction, token) =>
            {
                await transaction.Db.Set<RoomFile>().Where(f => f.Id == file && f.EntrySeq == null).ExecuteUpdateAsync(set => set.SetProperty(f => f.IsDiscarded, true), token);
                given.TrySetResult();
                await end.Task.WaitAsync(token);
            },
            Cancellation);
        await given.Task;
        var appending = AppendWithAsync(creator, 4, file, HttpStatusCode.Conflict);
        await Eventually.HoldsAsync(async () =>
        {
            await using var db = await server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);
            return await db.Database.SqlQueryRaw<int>("SELECT COUNT(*)::int AS \"Value\" FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").SingleAsync(Cancellation) > 0;
        });
        end.SetResult();
        await giving;
        Assert.Equal("room-file-incomplete", (await appending).CodeOf());
    }

    protected override async Task<string?> DatabaseAsync() => await ServerUnderTest.NewPostgresDatabaseAsync();
}
