using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Server.Features.Meetings.Durable;
using Tocsin.Storage;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Meetings;
using Tocsin.Storage.Model;
using Tocsin.Storage.Rooms;

namespace Tocsin.Server.Tests.Meetings;

/// <summary>What of meetings outlasts their calls, over HTTP.</summary>
public sealed class MeetingEndpointTests
{
    private const string Meetings = "/api/v1/meetings";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_meeting_is_listed_to_who_may_join_it_until_it_is_ended()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var staff = await server.CreateAccountAsync(Roles.Staff);
        var invited = await server.SignInAsync(staff);
        var director = await server.AsAsync(Roles.CrisisDirector);
        var opened = await PostAsync(director, Meetings, new { title = " Cellule\u00A0de crise ", invited = new[] { staff.Account.PersonId.Value } });
        var id = opened.GetProperty("id").GetString();
        Assert.Equal("Cellule\u00A0de crise", opened.GetProperty("title").GetString());
        Assert.Equal([id], await ListAsync(director));
        Assert.Equal([id], await ListAsync(invited));
        Assert.Empty(await ListAsync(await server.AsAsync(Roles.Staff)));
        Assert.Equal("not-found", await CodeAsync(await server.AsAsync(Roles.CrisisMember), HttpMethod.Post, $"{Meetings}/{id}/end"));
        Assert.Equal("only-hosts", await CodeAsync(invited, HttpMethod.Post, $"{Meetings}/{id}/end"));
        Assert.Null(await CodeAsync(director, HttpMethod.Post, $"{Meetings}/{id}/end"));
        Assert.Equal("meeting-ended", await CodeAsync(director, HttpMethod.Post, $"{Meetings}/{id}/end"));
        Assert.Empty(await ListAsync(director));
        var read = JsonElement.Parse(await invited.GetStringAsync($"{Meetings}/{id}", Cancellation));
        Assert.NotEqual(JsonValueKind.Null, read.GetProperty("endedAt").ValueKind);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_call_of_a_room_is_opened_and_joined_by_its_members_and_there_is_one(bool onPostgres)
    {
        await using var server = await ServerUnderTest.StartAsync(onPostgres ? await ServerUnderTest.NewPostgresDatabaseAsync() : null);
        var (anna, omar) = (await server.CreateAccountAsync(Roles.Staff), await server.CreateAccountAsync(Roles.Staff));
        var (annas, omars) = (await server.SignInAsync(anna), await server.SignInAsync(omar));
        var room = new RoomId(Guid.CreateVersion7());
        await server.Store.CommitAsync(
            (transaction, _) =>
            {
                transaction.Db.Add(new Room { Id = room, CreatedAt = transaction.Now, LastEntryAt = transaction.Now });
                transaction.Db.AddRange(new[] { anna, omar }.Select(one => new StoredRoomMember { RoomId = room, PersonId = one.Account.PersonId }));
                return Task.CompletedTask;
            },
            Cancellation);

        // Whatever their roles, and whoever is faster.
        var calls = await Task.WhenAll(new[] { annas, omars }.Select(each => PostAsync(each, $"/api/v1/rooms/{room}/call", new { title = "Appel" })));
        var id = calls[0].GetProperty("id").GetString();
        Assert.All(calls, call => Assert.Equal((id, room.ToString()), (call.GetProperty("id").GetString(), call.GetProperty("roomId").GetString())));
        Assert.Equal([id], await ListAsync(annas));
        Assert.Equal([id], await ListAsync(omars));

        // For a director who is not in the room there is neither.
        var director = await server.AsAsync(Roles.CrisisDirector);
        Assert.Empty(await ListAsync(director));
        using (var refused = await director.PostAsJsonAsync($"/api/v1/rooms/{room}/call", new { title = "Appel" }, Cancellation)) Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        Assert.Equal("not-found", await CodeAsync(director, HttpMethod.Post, $"{Meetings}/{id}/end"));

        // Who is taken out of the room has no way back to its call, not even where they opened it (RoomCallTests).
        var guest = calls[0].GetProperty("isHost").GetBoolean() ? omar : anna;
        await server.Store.CommitAsync((transaction, token) => transaction.Db.Set<StoredRoomMember>().Where(m => m.PersonId == guest.Account.PersonId).ExecuteDeleteAsync(token), Cancellation);
        Assert.Empty(await ListAsync(guest == omar ? omars : annas));

        var host = guest == omar ? annas : omars;
        Assert.Null(await CodeAsync(host, HttpMethod.Post, $"{Meetings}/{id}/end"));
        Assert.NotEqual(id, (await PostAsync(host, $"/api/v1/rooms/{room}/call", new { title = "Appel" })).GetProperty("id").GetString());
        using var untitled = await host.PostAsJsonAsync($"/api/v1/rooms/{room}/call", new { title = " " }, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, untitled.StatusCode);
    }

    [Fact]
    public async Task What_is_wrong_with_a_request_is_said_by_field()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var director = await server.AsAsync(Roles.CrisisDirector);
        using var answer = await director.PostAsJsonAsync(Meetings, new { title = new string('x', 121), alertId = Guid.NewGuid(), invited = new[] { Guid.NewGuid() } }, Cancellation);
        var problem = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(["invited", "title"], problem.GetProperty("fields").EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal));
        using var many = await director.PostAsJsonAsync(Meetings, new { title = "x", invited = Enumerable.Range(0, 501).Select(_ => Guid.NewGuid()) }, Cancellation);
        Assert.Equal("invitations-too-many", JsonElement.Parse(await many.Content.ReadAsStringAsync(Cancellation)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_guests_link_is_shown_once_kept_as_a_hash_and_opens_nothing_once_revoked()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var claire = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        await using var guest = MeetingPerson.Guest(server);
        var meeting = await claire.OpenMeetingAsync();
        var created = await PostAsync(claire.Http, $"{Meetings}/{meeting}/guest-links", new { label = "Mairie" });
        var secret = created.GetProperty("secret").GetString()!;
        Assert.EndsWith($"/meet#{secret}", created.GetProperty("url").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(secret, await claire.Http.GetStringAsync($"{Meetings}/{meeting}/guest-links", Cancellation), StringComparison.Ordinal);
        await using (var db = await server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation))
            Assert.Equal(BearerSecret.HashOf(secret), (await db.Set<GuestLink>().SingleAsync(Cancellation)).TokenHash);
        var found = await PostAsync(server.Anonymous, "/api/v1/guest-links/look-up", new { secret });
        Assert.Equal("Cellule de crise", found.GetProperty("title").GetString());

        await claire.JoinAsync(meeting);
        await guest.ComeAsync(new { link = secret, name = "Mairie" });
        await claire.DoAsync("Admit", new { waitingIds = (string[]?)null });
        await guest.HearAsync("joined");
        var id = created.GetProperty("link").GetProperty("id").GetString();
        Assert.Null(await CodeAsync(claire.Http, HttpMethod.Delete, $"{Meetings}/{meeting}/guest-links/{id}"));
        Assert.Equal("removed", (await guest.HearAsync("left")).GetProperty("reason").GetString());
        using var gone = await server.Anonymous.PostAsJsonAsync("/api/v1/guest-links/look-up", new { secret }, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        var refused = await guest.ComeAsync(new { link = secret, name = "Mairie", resume = guest.Resume });
        Assert.Equal("not-found", refused.GetProperty("refusal").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Many_are_invited_at_once_and_all_who_wait_are_let_in_at_once_and_each_is_named_in_the_audit_trail()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var director = await server.AsAsync(Roles.CrisisDirector);
        var id = new MeetingId((await PostAsync(director, Meetings, new { title = "Cellule" })).GetProperty("id").GetGuid());
        var people = Enumerable.Range(0, 400).Select(_ => new PersonId(Guid.CreateVersion7())).ToList();
        await server.Store.CommitAsync(
            (transaction, _) =>
            {
                transaction.Db.AddRange(people.Select(person => new Person { Id = person, GivenName = "A", FamilyName = "A", DisplayName = "A", CreatedAt = transaction.Now, ChangedAt = transaction.Now }));
                return Task.CompletedTask;
            },
            Cancellation);
        Assert.Null(await CodeAsync(director, HttpMethod.Post, $"{Meetings}/{id}/invitations", new { people = people.Select(person => person.Value) }));
        var names = people.Take(100).Select(_ => new string('é', 200)).ToList();
        await server.Services.GetRequiredService<MeetingCommands>().AdmitAsync(id, [.. people.Take(100).Select(person => $"person:{person}")], names, AuditActor.System, Cancellation);
        await using var db = await server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);
        async Task<string> SaidAsync(string action) => string.Concat(await db.Set<AuditRecord>().Where(record => record.Action == action).Select(record => record.Detail).ToListAsync(Cancellation));
        var (invited, admitted) = (await SaidAsync("meeting.people-invited"), await SaidAsync("meeting.participants-admitted"));
        Assert.All(people, person => Assert.Contains(person.ToString(), invited, StringComparison.Ordinal));
        Assert.All(people.Take(100), person => Assert.Contains(person.ToString(), admitted, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_durable_change_is_in_the_audit_trail()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var claire = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        await using var karim = await MeetingPerson.WithRolesAsync(server, Roles.Staff);
        var meeting = await claire.OpenMeetingAsync();
        await claire.CreateGuestLinkAsync(meeting);
        await claire.JoinAsync(meeting);
        await karim.JoinAsync(meeting);
        await claire.DoAsync("ChangeMeeting", new { isLocked = true });
        await claire.DoAsync("RemoveParticipant", new { participantId = karim.ParticipantId });
        await karim.ComeAsync(new { meetingId = meeting });
        await claire.DoAsync("ChangeMeeting", new { isLocked = false });
        await karim.ComeAsync(new { meetingId = meeting });
        await claire.DoAsync("Admit", new { waitingIds = (string[]?)null });
        await claire.DoAsync("EndMeeting");
        await using var db = await server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);
        var actions = await db.Set<AuditRecord>().Where(record => record.Subject == $"meeting:{meeting}").OrderBy(record => record.Seq).Select(record => record.Action).ToListAsync(Cancellation);
        Assert.Equal(
            ["meeting.opened", "guest-link.created", "meeting.doors-changed", "meeting.participant-removed", "meeting.doors-changed", "meeting.participants-admitted", "meeting.ended"], actions);
    }

    [Fact]
    public async Task Devices_can_be_prepared_before_joining_by_anybody()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var router = JsonElement.Parse(await server.Anonymous.GetStringAsync($"{Meetings}/router", Cancellation));
        Assert.Contains("audio/opus", router.GetProperty("codecs").EnumerateArray().Select(codec => codec.GetProperty("mimeType").GetString()));
        Assert.All(router.GetProperty("codecs").EnumerateArray(), codec => Assert.True(!codec.TryGetProperty("channels", out var channels) || channels.ValueKind == JsonValueKind.Number));
    }

    private static async Task<JsonElement> PostAsync(HttpClient client, string path, object request)
    {
        using var answer = await client.PostAsync(path, JsonContent.Create(request, request.GetType()), Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonElement.Parse(text);
    }

    private static async Task<IReadOnlyList<string?>> ListAsync(HttpClient client) =>
        [.. JsonElement.Parse(await client.GetStringAsync(Meetings, Cancellation)).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString())];

    private static async Task<string?> CodeAsync(HttpClient client, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = JsonContent.Create(body);
        using var answer = await client.SendAsync(request, Cancellation);
        return answer.IsSuccessStatusCode ? null : JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).GetProperty("code").GetString();
    }
}
