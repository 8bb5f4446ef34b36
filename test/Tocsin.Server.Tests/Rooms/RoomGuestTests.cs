using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Rooms;
using Tocsin.Server.Features.Rooms.Guests;
using Tocsin.Server.Hosting;
using Tocsin.Storage;
using Tocsin.Storage.Model;
using Tocsin.Storage.Rooms;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Rooms;

/// <summary>Decision 0125 on both databases: links, who asks by them, and what of a room a guest reaches, as long as its entries say that they are in it.</summary>
public sealed class RoomGuestTests
{
    private const string Guest = "/api/v1/room-guest";
    private static readonly RoomStory Story = RoomStories.Read().Guests;
    private static readonly string Room = $"/api/v1/rooms/{Story.RoomId}";
    private static readonly byte[] Sealed = RandomNumberGenerator.GetBytes(RoomGuestEndpoints.RequestLength);

    /// <summary>Those whom the story lets in, with their keys, in its order.</summary>
    private static readonly IReadOnlyList<RoomMember> Applicants = [.. Story.Entries.SelectMany(GuestsSetBy)];

    private readonly Guid link = Guid.NewGuid();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_guest_asks_is_let_in_by_an_entry_writes_and_is_out_with_the_entry_that_says_so(bool onPostgres)
    {
        await using var server = await ServerUnderTest.StartAsync(onPostgres ? await ServerUnderTest.NewPostgresDatabaseAsync() : null);
        var people = await RoomEndpointTests.PeopleOfAsync(server, Story with { Entries = [.. Story.Entries.Where(entry => !IsGuest(entry.AccountId))] });
        var creator = people[Story.Entries[0].AccountId];
        var guests = new Dictionary<Guid, HttpClient>();
        var isFirst = true;
        foreach (var sent in Story.Entries)
        {
            if (GuestsSetBy(sent) is [var applicant])
            {
                if (isFirst)
                {
                    // Nobody is let in who has not asked by a link, whatever the entry says; nobody asks by a link that there is not.
                    Assert.Equal("room-guest-not-asking", (await AppendAsync(creator, sent, HttpStatusCode.Conflict)).CodeOf());
                    Assert.Equal("not-found", (await server.Anonymous.PostJsonAsync(Guest, Asking(applicant), HttpStatusCode.NotFound)).CodeOf());
                    await CreateLinkAsync(creator, 2);
                }

                guests[applicant.Account] = await AskAsync(server, applicant);
                Assert.Equal("not-found", (await guests[applicant.Account].GetJsonAsync($"{Guest}/entries", HttpStatusCode.NotFound)).CodeOf());
                var waiting = Assert.Single((await creator.GetJsonAsync($"{Room}/guests"))["waiting"]!.AsArray())!;
                Assert.Equal((applicant.Account, link, Convert.ToBase64String(Sealed)), (waiting["account"]!.GetValue<Guid>(), waiting["link"]!.GetValue<Guid>(), waiting["request"]!.GetValue<string>()));
                Assert.Equal(1, (await creator.GetJsonAsync("/api/v1/rooms"))["items"]![0]!["admissionRequests"]!.GetValue<int>());
                await AppendAsync(creator, sent);
                var standing = await guests[applicant.Account].GetJsonAsync(Guest);
                Assert.Equal((true, applicant.Account, Story.RoomId), (standing["isIn"]!.GetValue<bool>(), standing["account"]!.GetValue<Guid>(), standing["room"]!.GetValue<Guid>()));
                var listed = await creator.GetJsonAsync($"{Room}/guests");
                Assert.Empty(listed["waiting"]!.AsArray());
                Assert.Equal(isFirst ? [1] : [0], listed["links"]!.AsArray().Select(one => one!["guestsLeft"]!.GetValue<int>()));
                isFirst = false;
                continue;
            }

            await AppendAsync(IsGuest(sent.AccountId) ? guests[sent.AccountId] : people[sent.AccountId], sent, path: IsGuest(sent.AccountId) ? $"{Guest}/entries" : $"{Room}/entries");
        }

        // Used up, the link lets nobody ask; gone, nobody has a session, and the same keys do not ask again.
        Assert.Equal("not-found", (await server.Anonymous.PostJsonAsync($"{Guest}/look-up", new JsonObject { ["room"] = Story.RoomId, ["link"] = link }, HttpStatusCode.NotFound)).CodeOf());
        foreach (var (_, guest) in guests)
        {
            Assert.Equal("not-signed-in", (await guest.GetJsonAsync(Guest, HttpStatusCode.Unauthorized)).CodeOf());
            Assert.Equal("not-signed-in", (await guest.GetJsonAsync($"{Guest}/entries", HttpStatusCode.Unauthorized)).CodeOf());
        }

        Assert.Empty((await creator.GetJsonAsync($"{Room}/guests"))["guests"]!.AsArray());
        await server.Store.CommitAsync(async (transaction, token) => (await transaction.Db.Set<RoomGuestLink>().SingleAsync(token)).GuestsLeft = 1, Cancellation);
        Assert.Equal("room-guest-asked-before", (await server.Anonymous.PostJsonAsync(Guest, Asking(Applicants[0]), HttpStatusCode.Conflict)).CodeOf());
        await using var db = await DbAsync(server);
        Assert.All(await db.Set<RoomGuest>().ToListAsync(Cancellation), kept => Assert.True(kept is { TokenHash: null, Request: null, AdmittedAt: not null, EndedAt: not null }));
        Assert.DoesNotContain(await db.Set<StoredRoomMember>().ToListAsync(Cancellation), member => member.IsGuest);
        var told = await db.Set<EventRecord>().Where(e => e.Kind == RoomGuestAdmission.GuestsChanged).ToListAsync(Cancellation);
        Assert.NotEmpty(told);
        Assert.All(told, e => Assert.Equal((Roles.None, Story.Entries[0].AccountId), (e.VisibleTo, e.VisibleToPerson)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_readers_refuse_about_guests_is_refused_here_too_also_with_what_the_database_kept(bool onPostgres)
    {
        await using var server = await ServerUnderTest.StartAsync(onPostgres ? await ServerUnderTest.NewPostgresDatabaseAsync() : null);
        var people = await RoomEndpointTests.PeopleOfAsync(server, Story with { Entries = [.. Story.Entries.Where(entry => !IsGuest(entry.AccountId))] });
        var creator = people[Story.Entries[0].AccountId];
        await AppendAsync(creator, Story.Entries[0]);
        foreach (var sent in Story.Entries.Skip(1).TakeWhile(sent => GuestsSetBy(sent).Count == 0)) await AppendAsync(people[sent.AccountId], sent);

        // Had been here before: the database knows it, whatever the new request says.
        await CreateLinkAsync(creator, 5);
        await AskAsync(server, Applicants[0]);
        await server.Store.CommitAsync(async (transaction, token) => (await transaction.Db.Set<RoomGuest>().SingleAsync(token)).EndedAt = transaction.Now, Cancellation);
        var admission = Story.Entries.First(sent => GuestsSetBy(sent).Count > 0);
        Assert.Equal("guest-gone", (await AppendAsync(creator, admission, HttpStatusCode.Conflict)).FieldOf("entry"));
    }

    [Fact]
    public async Task Links_are_made_listed_and_withdrawn_by_administrators_of_the_room_and_bounded()
    {
        var time = new ManualTimeProvider();
        await using var server = await ServerUnderTest.StartAsync(time: time);
        var people = await RoomEndpointTests.PeopleOfAsync(server, Story with { Entries = [.. Story.Entries.Where(entry => !IsGuest(entry.AccountId))] });
        var creator = people[Story.Entries[0].AccountId];
        foreach (var sent in Story.Entries.TakeWhile(sent => GuestsSetBy(sent).Count == 0)) await AppendAsync(people[sent.AccountId], sent);
        var path = $"{Room}/guest-links/{link}";
        JsonObject For(int guests, double days) => new() { ["expiresAt"] = time.GetUtcNow().AddDays(days), ["guests"] = guests };
        foreach (var wrong in new[] { For(0, 1), For(21, 1), For(1, 0), For(1, 31) }) Assert.Equal("invalid-input", (await creator.SendJsonAsync(HttpMethod.Put, path, wrong, HttpStatusCode.BadRequest)).CodeOf());
        var member = people.First(one => one.Key != Story.Entries[0].AccountId).Value;
        var stranger = await server.AsAsync(Roles.CrisisDirector);
        foreach (var (client, status) in new[] { (member, HttpStatusCode.Forbidden), (stranger, HttpStatusCode.NotFound) })
        {
            await client.SendJsonAsync(HttpMethod.Put, path, For(1, 1), status);
            await client.SendJsonAsync(HttpMethod.Delete, path, null, status);
            await client.GetJsonAsync($"{Room}/guests", status);
            await client.SendJsonAsync(HttpMethod.Delete, $"{Room}/guests/{Applicants[0].Account}", null, status);
        }

        // The same again is one link. It shows the organisation, and nothing of the room.
        await creator.SendJsonAsync(HttpMethod.Put, path, For(3, 1), HttpStatusCode.NoContent);
        await creator.SendJsonAsync(HttpMethod.Put, path, For(3, 1), HttpStatusCode.NoContent);
        var listed = await creator.GetJsonAsync($"{Room}/guests");
        Assert.Single(listed["links"]!.AsArray());
        Assert.Null(listed["page"]);
        var found = await server.Anonymous.PostJsonAsync($"{Guest}/look-up", new JsonObject { ["room"] = Story.RoomId, ["link"] = link });
        Assert.Equal(["expiresAt", "organisation"], found.AsObject().Select(one => one.Key).Order(StringComparer.Ordinal));
        await server.Anonymous.PostJsonAsync($"{Guest}/look-up", new JsonObject { ["room"] = Guid.NewGuid(), ["link"] = link }, HttpStatusCode.NotFound);

        // A request of another length is none. Refused, withdrawn or by a link that is withdrawn, nobody waits and nobody has a session.
        var malformed = Asking(Applicants[0]);
        malformed["request"] = Convert.ToBase64String(Sealed[1..]);
        Assert.Equal("invalid-input", (await server.Anonymous.PostJsonAsync(Guest, malformed, HttpStatusCode.BadRequest)).CodeOf());
        var refused = await AskAsync(server, Applicants[0]);
        await creator.SendJsonAsync(HttpMethod.Delete, $"{Room}/guests/{Applicants[0].Account}", null, HttpStatusCode.NoContent);
        await refused.GetJsonAsync(Guest, HttpStatusCode.Unauthorized);
        var withdrawn = await AskAsync(server, Applicants[0]);
        await withdrawn.SendJsonAsync(HttpMethod.Delete, Guest, null, HttpStatusCode.NoContent);
        await withdrawn.GetJsonAsync(Guest, HttpStatusCode.Unauthorized);
        Assert.Empty((await creator.GetJsonAsync($"{Room}/guests"))["waiting"]!.AsArray());

        // As many as somebody looks through; then the link is withdrawn, and they are all out.
        var many = new List<HttpClient>();
        for (var number = 0; number < 10; number++) many.Add(await AskAsync(server, Somebody()));
        Assert.Equal("room-guests-too-many-waiting", (await server.Anonymous.PostJsonAsync(Guest, Asking(Somebody()), HttpStatusCode.TooManyRequests)).CodeOf());
        await creator.SendJsonAsync(HttpMethod.Delete, path, null, HttpStatusCode.NoContent);
        foreach (var waiting in many) await waiting.GetJsonAsync(Guest, HttpStatusCode.Unauthorized);
        await creator.SendJsonAsync(HttpMethod.Delete, path, null, HttpStatusCode.NotFound);
        await server.Anonymous.PostJsonAsync(Guest, Asking(Somebody()), HttpStatusCode.NotFound);

        for (var number = 0; number < 20; number++) await creator.SendJsonAsync(HttpMethod.Put, $"{Room}/guest-links/{Guid.NewGuid()}", For(1, 1), HttpStatusCode.NoContent);
        Assert.Equal("room-guest-links-too-many", (await creator.SendJsonAsync(HttpMethod.Put, $"{Room}/guest-links/{Guid.NewGuid()}", For(1, 1), HttpStatusCode.Conflict)).CodeOf());
        time.Advance(TimeSpan.FromDays(2));
        Assert.Empty((await creator.GetJsonAsync($"{Room}/guests"))["links"]!.AsArray());
    }

    [Fact]
    public async Task Links_begin_with_the_address_by_which_people_reach_the_server_from_outside()
    {
        TocsinOptions? options = null;
        await using var server = await ServerUnderTest.StartAsync(configure: given => options = given);
        var people = await RoomEndpointTests.PeopleOfAsync(server, Story with { Entries = [.. Story.Entries.Where(entry => !IsGuest(entry.AccountId))] });
        var creator = people[Story.Entries[0].AccountId];
        await AppendAsync(creator, Story.Entries[0]);
        // Only now: no name leads there from here.
        options!.PublicUrl = "https://alerte.example/";
        Assert.Equal("https://alerte.example/guest", (await creator.GetJsonAsync($"{Room}/guests"))["page"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_guest_is_out_when_the_link_has_expired_and_one_address_asks_no_faster_than_people_do()
    {
        var time = new ManualTimeProvider();
        await using var server = await ServerUnderTest.StartAsync(time: time);
        var people = await RoomEndpointTests.PeopleOfAsync(server, Story with { Entries = [.. Story.Entries.Where(entry => !IsGuest(entry.AccountId))] });
        var creator = people[Story.Entries[0].AccountId];
        foreach (var sent in Story.Entries.TakeWhile(sent => GuestsSetBy(sent).Count == 0)) await AppendAsync(people[sent.AccountId], sent);
        await CreateLinkAsync(creator, 1, time.GetUtcNow().AddHours(1));
        var guest = await AskAsync(server, Applicants[0]);
        await AppendAsync(creator, Story.Entries.First(sent => GuestsSetBy(sent).Count > 0));
        await guest.GetJsonAsync($"{Guest}/entries");
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("not-signed-in", (await guest.GetJsonAsync($"{Guest}/entries", HttpStatusCode.Unauthorized)).CodeOf());
        Assert.Equal("not-found", (await server.Anonymous.PostJsonAsync(Guest, Asking(Somebody()), HttpStatusCode.NotFound)).CodeOf());
        var body = new JsonObject { ["room"] = Guid.NewGuid(), ["link"] = Guid.NewGuid() };
        for (var round = 1; round < RoomGuestRate.InARow; round++) await server.Anonymous.PostJsonAsync($"{Guest}/look-up", body.DeepClone(), HttpStatusCode.NotFound);
        Assert.Equal("too-many-requests", (await server.Anonymous.PostJsonAsync($"{Guest}/look-up", body, HttpStatusCode.TooManyRequests)).CodeOf());
    }

    [Fact]
    public async Task Two_sessions_in_one_browser_are_never_taken_for_each_other()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var guest = await RoomGuests.WithCookieAsync(server);
        Assert.False((await guest.GetJsonAsync(Guest))["isIn"]!.GetValue<bool>());
        await guest.GetJsonAsync("/api/v1/session", HttpStatusCode.Unauthorized);
        await guest.GetJsonAsync("/api/v1/rooms", HttpStatusCode.Unauthorized);
        await (await server.AsAsync(Roles.Administrator)).GetJsonAsync(Guest, HttpStatusCode.Unauthorized);

        // From another site's page nothing is done with it.
        guest.DefaultRequestHeaders.Remove("Sec-Fetch-Site");
        guest.DefaultRequestHeaders.Add("Sec-Fetch-Site", "cross-site");
        Assert.Equal("cross-site-request", (await guest.SendJsonAsync(HttpMethod.Delete, Guest, null, HttpStatusCode.Forbidden)).CodeOf());
    }

    private static IReadOnlyList<RoomMember> GuestsSetBy(StoryEntry sent) =>
        RoomEntry.TryParse(sent.Bytes, out var entry, out _) && entry.Class == EntryClass.Membership && MembershipChange.TryParse(entry.Payload) is { } change
            ? [.. change.Set.Where(member => member.IsGuest)]
            : [];

    private static bool IsGuest(Guid account) => Applicants.Any(applicant => applicant.Account == account);

    private static RoomMember Somebody() => new(Guid.NewGuid(), RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32), RoomRole.Guest);

    private static async Task<JsonNode> AppendAsync(HttpClient client, StoryEntry sent, HttpStatusCode expected = HttpStatusCode.OK, string? path = null) =>
        await client.PostJsonAsync(path ?? $"{Room}/entries", new JsonObject { ["entry"] = Convert.ToBase64String(sent.Bytes) }, expected);

    private static async Task<TocsinDbContext> DbAsync(ServerUnderTest server) =>
        await server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);

    private Task<JsonNode> CreateLinkAsync(HttpClient creator, int guests, DateTimeOffset? until = null) =>
        creator.SendJsonAsync(
            HttpMethod.Put, $"{Room}/guest-links/{link}", new JsonObject { ["expiresAt"] = until ?? DateTimeOffset.UtcNow.AddDays(1), ["guests"] = guests }, HttpStatusCode.NoContent);

    private JsonObject Asking(RoomMember applicant) => new()
    {
        ["room"] = Story.RoomId,
        ["link"] = link,
        ["signingKey"] = Convert.ToBase64String(applicant.SigningKey),
        ["sealingKeyHash"] = Convert.ToBase64String(applicant.SealingKeyHash),
        ["request"] = Convert.ToBase64String(Sealed),
    };

    private async Task<HttpClient> AskAsync(ServerUnderTest server, RoomMember applicant)
    {
        using var answer = await server.Anonymous.PostAsync(new Uri(Guest, UriKind.Relative), System.Net.Http.Json.JsonContent.Create(Asking(applicant)), Cancellation);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        return RoomGuests.WithCookie(server, cookie.Split(';')[0]["tocsin-guest=".Length..]);
    }
}
