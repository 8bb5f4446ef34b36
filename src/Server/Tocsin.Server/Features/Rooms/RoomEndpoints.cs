using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Storage;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Events;
using Tocsin.Storage.Rooms;

namespace Tocsin.Server.Features.Rooms;

/// <summary>Rooms over HTTP, for who is in them; for all others they do not exist.</summary>
internal static class RoomEndpoints
{
    private const int MostEntries = 500;
    private const int MostFiles = 20;

    // A page is an answer's size on a bad line; one entry of the longest kind always fits.
    private const int MostBytes = 512 * 1024;

    public static void Map(RouteGroupBuilder rooms)
    {
        rooms.MapGet("", ListAsync).RequireSignedIn().WithName("listRooms");
        rooms.MapGet("/{id:guid}/entries", ReadAsync).RequireSignedIn().WithName("readRoomEntries");
        rooms.MapPost("/{id:guid}/entries", AppendAsync).RequireSignedIn().WithName("appendRoomEntry");
        rooms.MapPut("/{id:guid}/read-marker", MarkAsync).RequireSignedIn().WithName("markRoomRead");
    }

    /// <summary>The same of the one room that a guest's session names.</summary>
    public static void MapForGuest(RouteGroupBuilder guest)
    {
        guest.MapGet("/entries", (HttpContext context, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken, long after = 0) =>
            ReadAsync(context.RoomOfGuest().Value, context, contexts, cancellationToken, after)).RequireRoomGuest().WithName("readEntriesAsGuest");
        guest.MapPost("/entries", (AppendEntryRequest request, HttpContext context, RoomAppending appending, AppendRate rate, CancellationToken cancellationToken) =>
            AppendAsync(context.RoomOfGuest().Value, AsGuestMaySay(request), context, appending, rate, cancellationToken)).RequireRoomGuest().WithName("appendEntryAsGuest");
    }

    /// <summary>What has to be confirmed, and is told again until it was, is for the organisation's own people to say.</summary>
    private static AppendEntryRequest AsGuestMaySay(AppendEntryRequest request) => request.Notify is null ? request : request with { Notify = EntryNotice.Message };

    private static async Task<Ok<RoomList>> ListAsync(HttpContext context, IDbContextFactory<TocsinDbContext> contexts, TimeProvider time, CancellationToken cancellationToken)
    {
        var person = context.Actor().Person ?? default;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rooms = await db.Set<StoredRoomMember>().Where(member => member.PersonId == person)
            .Join(db.Set<Room>(), member => member.RoomId, room => room.Id, (member, room) => new { room.Id, room.HeadSeq, member.ReadSeq, member.IsAdministrator, room.LastEntryAt })
            .OrderByDescending(room => room.LastEntryAt).ToListAsync(cancellationToken);
        var administered = rooms.Where(room => room.IsAdministrator).Select(room => room.Id).ToList();
        var asking = await db.Set<RoomAdmissionRequest>().Where(request => administered.Contains(request.RoomId)).GroupBy(request => request.RoomId)
            .ToDictionaryAsync(requests => requests.Key, requests => requests.Count(), cancellationToken);
        var now = time.GetUtcNow();
        var guests = await db.Set<RoomGuest>().Where(guest => administered.Contains(guest.RoomId) && guest.AdmittedAt == null && guest.ExpiresAt > now).GroupBy(guest => guest.RoomId)
            .ToDictionaryAsync(waiting => waiting.Key, waiting => waiting.Count(), cancellationToken);
        return TypedResults.Ok(new RoomList([.. rooms.Select(room =>
            new RoomView(room.Id, room.HeadSeq, room.ReadSeq, room.LastEntryAt, asking.GetValueOrDefault(room.Id) + guests.GetValueOrDefault(room.Id)))]));
    }

    private static async Task<Results<Ok<RoomEntryPage>, ProblemHttpResult>> ReadAsync(
        Guid id, HttpContext context, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken, long after = 0)
    {
        var room = new RoomId(id);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindMemberAsync(db, room, context.Actor().Person, cancellationToken) is null) return CommonRefusals.NotFound.ToProblem();
        var entries = new List<RoomEntryView>();
        var bytes = 0;
        await foreach (var entry in db.Set<StoredRoomEntry>().AsNoTracking().Where(e => e.RoomId == room && e.Seq > after).OrderBy(e => e.Seq).Take(MostEntries)
            .AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            bytes += entry.Entry.Length;
            if (entries.Count > 0 && bytes > MostBytes) break;
            entries.Add(new RoomEntryView(entry.Seq, entry.WrittenAt, entry.Entry));
        }

        // After the entries: what comes in between is then read next. The other way round the room would seem to end before what was just shown of it.
        var head = await db.Set<Room>().Where(r => r.Id == room).Select(r => r.HeadSeq).SingleAsync(cancellationToken);
        return TypedResults.Ok(new RoomEntryPage(entries, head));
    }

    private static async Task<Results<Ok<AppendedEntry>, ProblemHttpResult>> AppendAsync(
        Guid id, AppendEntryRequest request, HttpContext context, RoomAppending appending, AppendRate rate, CancellationToken cancellationToken)
    {
        var actor = context.Actor();
        if (actor.Person is not { } person) return CommonRefusals.NotAllowed.ToProblem();
        if (request.Files?.Count > MostFiles) return CommonRefusals.InvalidInput.ToProblem();
        if (!rate.TryTake(person)) return CommonRefusals.TooManyRequests.ToProblem();
        var (appended, refusal, code) = await appending.AppendAsync(new(id), request.Entry, new(request.Files ?? [], request.Notify, request.Reminder), person, actor, cancellationToken);
        if (appended is not null) return TypedResults.Ok(appended);
        return refusal!.ToProblem(fields: code is null ? null : new Dictionary<string, string>(StringComparer.Ordinal) { ["entry"] = code });
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> MarkAsync(Guid id, ReadMarker request, HttpContext context, CommandStore store, CancellationToken cancellationToken)
    {
        var room = new RoomId(id);
        var person = context.Actor().Person;
        var isMember = await store.CommitAsync(
            async (transaction, token) =>
            {
                var member = transaction.Db.Set<StoredRoomMember>().Where(m => m.RoomId == room && m.PersonId == person);
                if (person is not { } reader || !await member.AnyAsync(token)) return false;
                var head = await transaction.Db.Set<Room>().Where(r => r.Id == room).Select(r => r.HeadSeq).SingleAsync(token);
                var read = Math.Min(request.Seq, head);

                // Of two devices that say it at once the one that has read further has its way, whichever comes last.
                var moved = await member.Where(m => m.ReadSeq < read).ExecuteUpdateAsync(set => set.SetProperty(m => m.ReadSeq, read), token);
                if (moved > 0) transaction.Append("room.read", EventVisibility.To(reader), new RoomEventData(room, read));
                return true;
            },
            cancellationToken);
        return isMember ? TypedResults.NoContent() : CommonRefusals.NotFound.ToProblem();
    }

    private static Task<StoredRoomMember?> FindMemberAsync(TocsinDbContext db, RoomId room, PersonId? person, CancellationToken cancellationToken) =>
        db.Set<StoredRoomMember>().FirstOrDefaultAsync(member => member.RoomId == room && member.PersonId == person, cancellationToken);
}
