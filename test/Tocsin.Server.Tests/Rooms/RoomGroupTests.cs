using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Alerting;
using Tocsin.Storage;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Identities;
using Tocsin.Storage.Model;
using Tocsin.Storage.Rooms;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Rooms;

/// <summary>Rooms that are open to a group of the directory: docs/protocol/rooms.md.</summary>
public sealed class RoomGroupTests
{
    private static readonly RoomStory Story = RoomStories.Read().Honest;
    private static readonly string GroupOfRoom = $"/api/v1/rooms/{Story.RoomId}/group";
    private static readonly string Admission = $"/api/v1/rooms/{Story.RoomId}/admission-request";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_room_of_a_group_is_compared_with_it_found_by_its_people_and_asked_for(bool onPostgres)
    {
        await using var server = await ServerUnderTest.StartAsync(onPostgres ? await ServerUnderTest.NewPostgresDatabaseAsync() : null);
        var (creator, group, outside) = await BeginAsync(server);
        var (nina, ninasId) = await SomebodyAsync(server, "Nadir");
        var (omar, omarsId) = await SomebodyAsync(server, "Abadie");
        var (_, withoutIdentity) = await SomebodyAsync(server, "Zola");
        await PublishIdentitiesAsync(server, ninasId, omarsId);
        await JoinAsync(server, group, ninasId, omarsId, withoutIdentity);

        // Nobody finds what is not open; then everybody of the group does, also through a nested group, and nobody else.
        Assert.Empty(await FoundAsync(nina));
        Assert.Null((await creator.GetJsonAsync(GroupOfRoom))["groupId"]);
        await creator.SendJsonAsync(HttpMethod.Put, GroupOfRoom, new JsonObject { ["groupId"] = group.ToString() }, HttpStatusCode.NoContent);
        var found = Assert.Single(await FoundAsync(nina))!;
        Assert.Equal(Story.RoomId.ToString(), found["id"]!.GetValue<string>());
        Assert.Equal("Toute la production", found["groupName"]!.GetValue<string>());
        Assert.Null(found["requestedAt"]);
        Assert.Empty(await FoundAsync(await server.AsAsync(Roles.Staff)));
        Assert.Empty(await FoundAsync(creator));

        var compared = await creator.GetJsonAsync(GroupOfRoom);
        Assert.Equal(group.ToString(), compared["groupId"]!.GetValue<string>());
        Assert.Equal(["Camille Abadie", "Camille Nadir"], NamesOf(compared));
        Assert.Equal((3, 2, 1), (compared["people"]!.GetValue<int>(), compared["outsideCount"]!.GetValue<int>(), compared["withoutIdentity"]!.GetValue<int>()));
        Assert.Contains(Story.Entries[0].AccountId.ToString(), compared["notInGroup"]!.AsArray().Select(id => id!.GetValue<string>()));

        // Who asks comes first. Asked twice is asked once, and taken back is taken back.
        await nina.SendJsonAsync(HttpMethod.Put, Admission, null, HttpStatusCode.NoContent);
        await nina.SendJsonAsync(HttpMethod.Put, Admission, null, HttpStatusCode.NoContent);
        Assert.NotNull(Assert.Single(await FoundAsync(nina))!["requestedAt"]);
        Assert.Equal(["Camille Nadir", "Camille Abadie"], NamesOf(await creator.GetJsonAsync(GroupOfRoom)));
        Assert.Equal(1, (await creator.GetJsonAsync("/api/v1/rooms"))["items"]![0]!["admissionRequests"]!.GetValue<int>());
        await nina.SendJsonAsync(HttpMethod.Delete, Admission, null, HttpStatusCode.NoContent);
        Assert.Null(Assert.Single(await FoundAsync(nina))!["requestedAt"]);

        // The room's administrators hear of each change, and nobody else.
        await using var db = await DbAsync(server);
        var told = await db.Set<EventRecord>().Where(e => e.Kind == "room.group-changed").ToListAsync(Cancellation);
        Assert.Equal(3, told.Count(e => e.VisibleToPerson == Story.Entries[0].AccountId));
        Assert.All(told, e => Assert.Equal(Roles.None, e.VisibleTo));

        // Whoever has come in asks for nothing any more, and no longer finds the room among those to ask for.
        await JoinAsync(server, group, new PersonId(outside.Account));
        await outside.Client.SendJsonAsync(HttpMethod.Put, Admission, null, HttpStatusCode.NoContent);
        await omar.SendJsonAsync(HttpMethod.Put, Admission, null, HttpStatusCode.NoContent);
        foreach (var sent in Story.Entries.Skip(1).TakeWhile(entry => entry.AccountId == Story.Entries[0].AccountId)) await RoomEndpointTests.AppendAsync(creator, Story.RoomId, sent.Bytes);
        Assert.Contains(outside.Account, await db.Set<StoredRoomMember>().Select(m => m.PersonId.Value).ToListAsync(Cancellation));
        Assert.Equal(omarsId, Assert.Single(await db.Set<RoomAdmissionRequest>().ToListAsync(Cancellation)).PersonId);
        Assert.Empty(await FoundAsync(outside.Client));

        // Closed again, it is found by nobody, and what was asked is forgotten.
        await creator.SendJsonAsync(HttpMethod.Put, GroupOfRoom, new JsonObject { ["groupId"] = null }, HttpStatusCode.NoContent);
        Assert.Empty(await FoundAsync(omar));
        Assert.Empty(await db.Set<RoomAdmissionRequest>().ToListAsync(Cancellation));
        await omar.SendJsonAsync(HttpMethod.Put, Admission, null, HttpStatusCode.NotFound);
        var audited = await db.Set<AuditRecord>().Where(r => r.Subject == $"room:{Story.RoomId}").OrderBy(r => r.Seq).Select(r => r.Action).ToListAsync(Cancellation);
        Assert.Equal(["room.opened-to-group", "room.closed-to-group"], audited.Where(action => action.EndsWith("-group", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Only_administrators_of_the_room_open_it_and_see_who_is_in_the_group_and_only_its_people_ask()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var (creator, group, _) = await BeginAsync(server, Roles.Staff);
        var open = new JsonObject { ["groupId"] = group.ToString() };
        var (member, membersId) = await SomebodyAsync(server, "Membre");
        await server.Store.CommitAsync(
            (transaction, _) =>
            {
                transaction.Db.Add(new StoredRoomMember { RoomId = new(Story.RoomId), PersonId = membersId, SigningKey = new byte[32], SealingKeyHash = new byte[32] });
                return Task.CompletedTask;
            },
            Cancellation);

        // In the room, and not an administrator of it; an administrator of it who may not read the directory; not in it at all.
        Assert.Equal("not-allowed", (await member.SendJsonAsync(HttpMethod.Put, GroupOfRoom, open, HttpStatusCode.Forbidden)).CodeOf());
        Assert.Equal("not-allowed", (await member.GetJsonAsync(GroupOfRoom, HttpStatusCode.Forbidden)).CodeOf());
        Assert.Equal("not-allowed", (await creator.SendJsonAsync(HttpMethod.Put, GroupOfRoom, open, HttpStatusCode.Forbidden)).CodeOf());
        var director = await server.AsAsync(Roles.CrisisDirector);
        Assert.Equal("not-found", (await director.SendJsonAsync(HttpMethod.Put, GroupOfRoom, open, HttpStatusCode.NotFound)).CodeOf());
        Assert.Equal("not-found", (await director.GetJsonAsync(GroupOfRoom, HttpStatusCode.NotFound)).CodeOf());

        // Of the group, while the room is open to nobody; in the room; not of the group.
        var (anna, annasId) = await SomebodyAsync(server, "Arnaud");
        await JoinAsync(server, group, annasId, membersId);
        await anna.SendJsonAsync(HttpMethod.Put, Admission, null, HttpStatusCode.NotFound);
        await server.Store.CommitAsync(
            (transaction, _) =>
            {
                transaction.Db.Add(new RoomGroup { RoomId = new(Story.RoomId), GroupId = group, OpenedAt = transaction.Now });
                return Task.CompletedTask;
            },
            Cancellation);
        await director.SendJsonAsync(HttpMethod.Put, Admission, null, HttpStatusCode.NotFound);
        await member.SendJsonAsync(HttpMethod.Put, Admission, null, HttpStatusCode.NotFound);
        await anna.SendJsonAsync(HttpMethod.Put, Admission, null, HttpStatusCode.NoContent);

        // Who does not read the directory may still close what somebody else opened.
        await creator.SendJsonAsync(HttpMethod.Put, GroupOfRoom, new JsonObject { ["groupId"] = null }, HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Of_a_group_larger_than_a_room_as_many_are_named_as_a_room_holds_and_all_are_counted()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var (creator, group, _) = await BeginAsync(server);
        PersonId[] many = [.. Enumerable.Range(0, 230).Select(_ => new PersonId(Guid.CreateVersion7()))];
        await server.Store.CommitAsync(
            (transaction, _) =>
            {
                foreach (var (number, id) in many.Index())
                {
                    var person = new Person { Id = id, GivenName = "Alex", FamilyName = $"Numéro {number:000}", DisplayName = $"Alex Numéro {number:000}", CreatedAt = transaction.Now, ChangedAt = transaction.Now };
                    person.Refold();
                    transaction.Db.Add(person);
                }

                return Task.CompletedTask;
            },
            Cancellation);
        await PublishIdentitiesAsync(server, many);
        await JoinAsync(server, group, many);
        await creator.SendJsonAsync(HttpMethod.Put, GroupOfRoom, new JsonObject { ["groupId"] = group.ToString() }, HttpStatusCode.NoContent);
        var compared = await creator.GetJsonAsync(GroupOfRoom);
        Assert.Equal(200, compared["outside"]!.AsArray().Count);
        Assert.Equal(230, compared["outsideCount"]!.GetValue<int>());
    }

    /// <summary>The room as its creator has just begun it, a group with one nested in it, and somebody of the story whom the creator adds later.</summary>
    private static async Task<(HttpClient Creator, GroupId Group, (HttpClient Client, Guid Account) Outside)> BeginAsync(ServerUnderTest server, Roles creators = Roles.CrisisDirector)
    {
        var people = await RoomEndpointTests.PeopleOfAsync(server, Story, creators);
        var creator = people[Story.Entries[0].AccountId];
        await RoomEndpointTests.AppendAsync(creator, Story.RoomId, Story.Entries[0].Bytes);
        var group = new GroupId(Guid.CreateVersion7());
        await server.Store.CommitAsync(
            (transaction, _) =>
            {
                transaction.Db.Add(GroupCalled(group, "Toute la production", transaction.Now));
                var nested = GroupCalled(new GroupId(Guid.CreateVersion7()), "Équipe de nuit", transaction.Now);
                transaction.Db.Add(nested);
                transaction.Db.Add(new GroupNesting { ParentId = group, ChildId = nested.Id });
                return Task.CompletedTask;
            },
            Cancellation);
        await using var db = await DbAsync(server);
        var members = await db.Set<StoredRoomMember>().Select(m => m.PersonId.Value).ToListAsync(Cancellation);
        var later = people.First(person => !members.Contains(person.Key));
        return (creator, group, (later.Value, later.Key));
    }

    private static PersonGroup GroupCalled(GroupId id, string name, DateTimeOffset now) =>
        new() { Id = id, Name = name, NameKey = SearchText.NameKey(name), Source = DirectorySource.Manual, CreatedAt = now, ChangedAt = now };

    private static async Task<(HttpClient Client, PersonId Person)> SomebodyAsync(ServerUnderTest server, string familyName)
    {
        var holder = await server.CreateAccountAsync(Roles.Staff, familyName);
        return (await server.SignInAsync(holder), holder.Account.PersonId);
    }

    /// <summary>The first in the group that is nested, the others in the group itself.</summary>
    private static Task JoinAsync(ServerUnderTest server, GroupId group, params PersonId[] people) =>
        server.Store.CommitAsync(
            async (transaction, token) =>
            {
                var nested = await transaction.Db.Set<GroupNesting>().Where(n => n.ParentId == group).Select(n => n.ChildId).SingleAsync(token);
                foreach (var (at, person) in people.Index())
                    transaction.Db.Add(new GroupMember { GroupId = at == 0 ? nested : group, PersonId = person, Source = DirectorySource.Manual });
            },
            Cancellation);

    /// <summary>As far as the comparison looks: that there is one.</summary>
    private static Task PublishIdentitiesAsync(ServerUnderTest server, params PersonId[] people) =>
        server.Store.CommitAsync(
            (transaction, _) =>
            {
                foreach (var (at, person) in people.Index())
                    transaction.Db.Add(new DirectoryLogEntry { Number = at + 1, Kind = DirectoryStatement.Identity, PersonId = person, Entry = [1], Hash = new byte[32], At = transaction.Now });
                return Task.CompletedTask;
            },
            Cancellation);

    private static async Task<JsonArray> FoundAsync(HttpClient client) => (await client.GetJsonAsync("/api/v1/rooms/of-groups"))["items"]!.AsArray();

    private static IEnumerable<string> NamesOf(JsonNode compared) => compared["outside"]!.AsArray().Select(one => one!["name"]!.GetValue<string>());

    private static Task<TocsinDbContext> DbAsync(ServerUnderTest server) =>
        server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);
}
