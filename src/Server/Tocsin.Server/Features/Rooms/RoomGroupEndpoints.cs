using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Audience;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Directory;
using Tocsin.Storage;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Identities;
using Tocsin.Storage.Rooms;

namespace Tocsin.Server.Features.Rooms;

/// <summary>Rooms that are open to a group of the directory: found by its people, who ask to come in, and compared with it by the room's administrators, whose clients alone bring anybody in or out.</summary>
internal static class RoomGroupEndpoints
{
    private const string GroupChanged = "room.group-changed";

    // Whoever is in more groups than this with a room each reads the first.
    private const int MostFound = 100;

    public static void Map(RouteGroupBuilder rooms)
    {
        rooms.MapGet("/of-groups", FindAsync).RequireSignedIn().WithName("listRoomsOfGroups");
        rooms.MapPut("/{id:guid}/group", OpenAsync).RequireSignedIn().WithName("openRoomToGroup");
        rooms.MapGet("/{id:guid}/group", CompareAsync).RequireSignedIn().WithName("compareRoomWithGroup");
        rooms.MapPut("/{id:guid}/admission-request", RequestAsync).RequireSignedIn().WithName("requestRoomAdmission");
        rooms.MapDelete("/{id:guid}/admission-request", WithdrawAsync).RequireSignedIn().WithName("withdrawRoomAdmissionRequest");
    }

    /// <summary>Any administrator of the room closes it; to open it one also reads the directory, since from then on its administrators learn who is in the group.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> OpenAsync(
        Guid id, OpenRoomToGroup request, HttpContext context, CommandStore store, CancellationToken cancellationToken)
    {
        var room = new RoomId(id);
        var actor = context.Actor();
        var refusal = await store.CommitAsync(
            async (transaction, token) =>
            {
                var db = transaction.Db;
                if (await RoomAdministration.WhyNotAsync(db, room, actor, token) is { } refused) return refused;
                if (request.GroupId is not null && !actor.Has(DirectoryAccess.Readers)) return CommonRefusals.NotAllowed;
                if (request.GroupId is { } wanted && !await db.Set<PersonGroup>().AnyAsync(g => g.Id == wanted, token)) return CommonRefusals.NotFound;
                var open = await db.Set<RoomGroup>().FirstOrDefaultAsync(g => g.RoomId == room, token);
                if (open?.GroupId == request.GroupId) return null;

                // Who asked, asked as one of another group.
                await db.Set<RoomAdmissionRequest>().Where(r => r.RoomId == room).ExecuteDeleteAsync(token);
                if (request.GroupId is not { } group) db.Remove(open!);
                else if (open is null) db.Add(new RoomGroup { RoomId = room, GroupId = group, OpenedAt = transaction.Now });
                else (open.GroupId, open.OpenedAt) = (group, transaction.Now);
                transaction.Record(new AuditDraft(actor.ForAudit, request.GroupId is null ? "room.closed-to-group" : "room.opened-to-group", $"room:{room}", new { group = request.GroupId }));
                await RoomAdministration.TellAsync(transaction, room, GroupChanged, token);
                return null;
            },
            cancellationToken);
        return refusal is null ? TypedResults.NoContent() : refusal.ToProblem();
    }

    private static async Task<Results<Ok<RoomGroupComparison>, ProblemHttpResult>> CompareAsync(
        Guid id, HttpContext context, IDbContextFactory<TocsinDbContext> contexts, TimeProvider time, CancellationToken cancellationToken)
    {
        var room = new RoomId(id);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await RoomAdministration.WhyNotAsync(db, room, context.Actor(), cancellationToken) is { } refused) return refused.ToProblem();
        var open = await db.Set<RoomGroup>().Where(g => g.RoomId == room)
            .Join(db.Set<PersonGroup>(), open => open.GroupId, group => group.Id, (open, group) => new { group.Id, group.Name }).FirstOrDefaultAsync(cancellationToken);
        if (open is null) return TypedResults.Ok(RoomGroupComparison.Closed);
        var people = await AudienceQuery.ResolveAsync(db, new AudienceExpression { Include = new AudienceSelection { Groups = [open.Id] } }, time.GetUtcNow(), cancellationToken);
        var members = await db.Set<StoredRoomMember>().Where(m => m.RoomId == room).Select(m => m.PersonId).ToListAsync(cancellationToken);
        PersonId[] missing = [.. people.Except(members)];
        var known = missing.Length == 0
            ? []
            : (await db.Set<DirectoryLogEntry>().Where(e => e.Kind == DirectoryStatement.Identity).Select(e => e.PersonId).Distinct().ToListAsync(cancellationToken)).ToHashSet();
        PersonId[] outside = [.. missing.Where(known.Contains)];
        return TypedResults.Ok(new RoomGroupComparison(
            open.Id, open.Name, people.Length, await DescribeAsync(db, room, outside, cancellationToken), outside.Length, missing.Length - outside.Length, [.. members.Except(people)]));
    }

    private static async Task<List<PersonOutside>> DescribeAsync(TocsinDbContext db, RoomId room, PersonId[] outside, CancellationToken cancellationToken)
    {
        var asked = await db.Set<RoomAdmissionRequest>().Where(r => r.RoomId == room).ToDictionaryAsync(r => r.PersonId, r => r.RequestedAt, cancellationToken);
        PersonId[] first = [.. outside.OrderBy(person => asked.GetValueOrDefault(person, DateTimeOffset.MaxValue)).Take(RoomAppending.MostMembers)];
        var names = await db.Set<Person>().Where(p => first.Contains(p.Id)).OrderBy(p => p.SortKey).Select(p => new { p.Id, p.DisplayName }).ToListAsync(cancellationToken);
        return [.. names.Select(person => new PersonOutside(person.Id, person.DisplayName, asked.TryGetValue(person.Id, out var at) ? at : null)).OrderBy(person => person.RequestedAt is null)];
    }

    private static async Task<Ok<RoomsOfGroups>> FindAsync(HttpContext context, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        var person = context.Actor().Person ?? default;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var groups = await GroupsOfAsync(db, person, cancellationToken);
        var rooms = await db.Set<RoomGroup>()
            .Where(open => groups.Contains(open.GroupId) && !db.Set<StoredRoomMember>().Any(m => m.RoomId == open.RoomId && m.PersonId == person))
            .Join(db.Set<PersonGroup>(), open => open.GroupId, group => group.Id, (open, group) => new { open.RoomId, open.OpenedAt, group.Name })
            .OrderByDescending(open => open.OpenedAt).Take(MostFound).ToListAsync(cancellationToken);
        var asked = await db.Set<RoomAdmissionRequest>().Where(r => r.PersonId == person).ToDictionaryAsync(r => r.RoomId, r => r.RequestedAt, cancellationToken);
        return TypedResults.Ok(new RoomsOfGroups([.. rooms.Select(open => new RoomOfGroup(open.RoomId, open.Name, asked.TryGetValue(open.RoomId, out var at) ? at : null))]));
    }

    private static Task<Results<NoContent, ProblemHttpResult>> RequestAsync(Guid id, HttpContext context, CommandStore store, CancellationToken cancellationToken) =>
        AskAsync(new(id), context.Actor().Person ?? default, isAsked: true, store, cancellationToken);

    private static Task<Results<NoContent, ProblemHttpResult>> WithdrawAsync(Guid id, HttpContext context, CommandStore store, CancellationToken cancellationToken) =>
        AskAsync(new(id), context.Actor().Person ?? default, isAsked: false, store, cancellationToken);

    /// <summary>For people of the group who are not in the room; for all others there is no such room.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> AskAsync(RoomId room, PersonId person, bool isAsked, CommandStore store, CancellationToken cancellationToken)
    {
        var isFound = await store.CommitAsync(
            async (transaction, token) =>
            {
                var db = transaction.Db;
                var group = await db.Set<RoomGroup>().Where(g => g.RoomId == room).Select(g => (GroupId?)g.GroupId).FirstOrDefaultAsync(token);
                if (group is null || !(await GroupsOfAsync(db, person, token)).Contains(group.Value)) return false;
                if (await db.Set<StoredRoomMember>().AnyAsync(m => m.RoomId == room && m.PersonId == person, token)) return false;
                var asked = await db.Set<RoomAdmissionRequest>().FirstOrDefaultAsync(r => r.RoomId == room && r.PersonId == person, token);
                if (isAsked == asked is not null) return true;
                if (asked is null) db.Add(new RoomAdmissionRequest { RoomId = room, PersonId = person, RequestedAt = transaction.Now });
                else db.Remove(asked);
                await RoomAdministration.TellAsync(transaction, room, GroupChanged, token);
                return true;
            },
            cancellationToken);
        return isFound ? TypedResults.NoContent() : CommonRefusals.NotFound.ToProblem();
    }

    /// <summary>The groups that somebody is in, by themselves or through one nested in it.</summary>
    private static async Task<IReadOnlyCollection<GroupId>> GroupsOfAsync(TocsinDbContext db, PersonId person, CancellationToken cancellationToken)
    {
        var direct = await db.Set<GroupMember>().Where(m => m.PersonId == person && db.Set<Person>().Any(p => p.Id == person && p.Active)).Select(m => m.GroupId).ToListAsync(cancellationToken);
        return direct.Count == 0 ? [] : (await GroupGraph.ReadAsync(db, cancellationToken)).WithAncestors(direct);
    }
}
