using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Hosting;
using Tocsin.Storage;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Rooms;

namespace Tocsin.Server.Features.Rooms.Guests;

/// <summary>Links for guests and who asks by them, for the room's administrators. Letting somebody in is an entry of the room like any other.</summary>
internal static class RoomGuestLinkEndpoints
{
    private const int MostLinks = 20;
    private const int MostGuests = 20;
    private static readonly TimeSpan longestLife = TimeSpan.FromDays(30);

    public static void Map(RouteGroupBuilder rooms)
    {
        rooms.MapGet("/{id:guid}/guests", ListAsync).RequireSignedIn().WithName("listRoomGuests");
        rooms.MapPut("/{id:guid}/guest-links/{link:guid}", CreateAsync).RequireSignedIn().WithName("createRoomGuestLink");
        rooms.MapDelete("/{id:guid}/guest-links/{link:guid}", RevokeAsync).RequireSignedIn().WithName("revokeRoomGuestLink");
        rooms.MapDelete("/{id:guid}/guests/{account:guid}", RefuseAsync).RequireSignedIn().WithName("refuseRoomGuest");
    }

    private static async Task<Results<Ok<RoomGuests>, ProblemHttpResult>> ListAsync(
        Guid id, HttpContext context, IDbContextFactory<TocsinDbContext> contexts, TocsinOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var room = new RoomId(id);
        var now = time.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await RoomAdministration.WhyNotAsync(db, room, context.Actor(), cancellationToken) is { } refused) return refused.ToProblem();
        var links = await db.Set<RoomGuestLink>().AsNoTracking().Where(l => l.RoomId == room && l.RevokedAt == null && l.ExpiresAt > now).OrderBy(l => l.CreatedAt).ToListAsync(cancellationToken);
        var guests = await db.Set<RoomGuest>().AsNoTracking().Where(g => g.RoomId == room && g.EndedAt == null && (g.AdmittedAt != null || g.ExpiresAt > now))
            .OrderBy(g => g.RequestedAt).ToListAsync(cancellationToken);
        return TypedResults.Ok(new RoomGuests(
            [.. links.Select(l => new RoomGuestLinkView(l.Id, l.CreatedAt, l.ExpiresAt, l.GuestsLeft))],
            [.. guests.Where(g => g.AdmittedAt is null && g.Request is not null).Select(g => new RoomGuestRequestView(g.Account, g.LinkId, g.Request!, g.RequestedAt))],
            [.. guests.Where(g => g.AdmittedAt is not null).Select(g => new RoomGuestView(g.Account, g.AdmittedAt!.Value, g.ExpiresAt))],
            options.PublicUrl is { } url ? $"{url.TrimEnd('/')}/guest" : null));
    }

    /// <summary>The link's id is a hash over its secret, which stays with the browsers. The same again changes nothing.</summary>
    private static Task<Results<NoContent, ProblemHttpResult>> CreateAsync(
        Guid id, Guid link, NewRoomGuestLink request, HttpContext context, CommandStore store, CancellationToken cancellationToken) =>
        ChangingAsync(
            id,
            context,
            store,
            async (transaction, room, actor, token) =>
            {
                if (request.Guests is < 1 or > MostGuests || request.ExpiresAt <= transaction.Now || request.ExpiresAt > transaction.Now + longestLife) return CommonRefusals.InvalidInput;
                var links = transaction.Db.Set<RoomGuestLink>();
                if (await links.FirstOrDefaultAsync(l => l.Id == link, token) is { } before) return before.RoomId == room ? null : CommonRefusals.InvalidInput;
                if (await links.CountAsync(l => l.RoomId == room && l.RevokedAt == null && l.ExpiresAt > transaction.Now, token) >= MostLinks) return RoomGuestRefusals.TooManyLinks;
                links.Add(new RoomGuestLink
                {
                    Id = link,
                    RoomId = room,
                    CreatedBy = actor.Person ?? default,
                    CreatedAt = transaction.Now,
                    ExpiresAt = request.ExpiresAt,
                    GuestsLeft = request.Guests,
                });
                transaction.Record(new AuditDraft(actor.ForAudit, "room.guest-link-created", $"room:{room}", new { link, request.ExpiresAt, request.Guests }));
                return null;
            },
            cancellationToken);

    /// <summary>Nobody asks by it any more. Who is in the room stays until they are removed.</summary>
    private static Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(
        Guid id, Guid link, HttpContext context, CommandStore store, AccessEnds ends, CancellationToken cancellationToken) =>
        ChangingAsync(
            id,
            context,
            store,
            async (transaction, room, actor, token) =>
            {
                var found = await transaction.Db.Set<RoomGuestLink>().FirstOrDefaultAsync(l => l.Id == link && l.RoomId == room && l.RevokedAt == null, token);
                if (found is null) return CommonRefusals.NotFound;
                found.RevokedAt = transaction.Now;
                foreach (var waiting in await transaction.Db.Set<RoomGuest>().Where(g => g.LinkId == link && g.AdmittedAt == null).ToListAsync(token))
                {
                    ends.Revoke(transaction, waiting);
                    transaction.Db.Remove(waiting);
                }

                transaction.Record(new AuditDraft(actor.ForAudit, "room.guest-link-revoked", $"room:{room}", new { link }));
                return null;
            },
            cancellationToken);

    private static Task<Results<NoContent, ProblemHttpResult>> RefuseAsync(
        Guid id, Guid account, HttpContext context, CommandStore store, AccessEnds ends, CancellationToken cancellationToken) =>
        ChangingAsync(
            id,
            context,
            store,
            async (transaction, room, _, token) =>
            {
                var key = new PersonId(account);
                var waiting = await transaction.Db.Set<RoomGuest>().FirstOrDefaultAsync(g => g.RoomId == room && g.Account == key && g.AdmittedAt == null, token);
                if (waiting is null) return CommonRefusals.NotFound;
                ends.Revoke(transaction, waiting);
                transaction.Db.Remove(waiting);
                return null;
            },
            cancellationToken);

    private static async Task<Results<NoContent, ProblemHttpResult>> ChangingAsync(
        Guid id, HttpContext context, CommandStore store, Func<CommandTransaction, RoomId, Actor, CancellationToken, Task<Refusal?>> change, CancellationToken cancellationToken)
    {
        var room = new RoomId(id);
        var actor = context.Actor();
        var refusal = await store.CommitAsync(
            async (transaction, token) =>
            {
                if (await RoomAdministration.WhyNotAsync(transaction.Db, room, actor, token) is { } refused) return refused;
                if (await change(transaction, room, actor, token) is { } wrong) return wrong;
                await RoomAdministration.TellAsync(transaction, room, RoomGuestAdmission.GuestsChanged, token);
                return null;
            },
            cancellationToken);
        return refusal is null ? TypedResults.NoContent() : refusal.ToProblem();
    }
}
