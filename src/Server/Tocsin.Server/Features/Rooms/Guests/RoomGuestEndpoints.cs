using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Rooms;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Events;
using Tocsin.Server.Features.Rooms.Files;
using Tocsin.Server.Features.Settings;
using Tocsin.Storage;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Rooms;

namespace Tocsin.Server.Features.Rooms.Guests;

/// <summary>All that somebody without an account can reach of one room. None of these addresses names a room: the guest's session does.</summary>
internal static class RoomGuestEndpoints
{
    /// <summary>Sealed requests are of one length, so that they tell nothing: web/src/e2ee/rooms/guest-request.ts.</summary>
    public const int RequestLength = 1586;

    // As many as a person looks through; nobody fills a room's waiting list by one link.
    private const int MostWaiting = 10;
    private const string Because = "the link's secret, of which the id is a hash of 128 unguessable bits, is the right to ask; who is let in, members decide";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var guest = endpoints.MapGroup("/api/v1/room-guest").WithTags("room guests");
        guest.MapPost("/look-up", LookUpAsync).AllowAnonymousBecause(Because).WithName("lookUpRoomGuestLink");
        guest.MapPost("", AskAsync).AllowAnonymousBecause(Because).WithName("askToBeRoomGuest");
        guest.MapGet("", ReadAsync).RequireRoomGuest().WithName("readRoomGuest");
        guest.MapDelete("", EndAsync).RequireRoomGuest().WithName("endRoomGuest");
        RoomEndpoints.MapForGuest(guest);
        RoomFileEndpoints.MapForGuest(guest);
        endpoints.MapHubWhenCalled<RoomGuestHub>("/hub/room-guest").RequireRoomGuest();
    }

    private static async Task<Results<Ok<RoomGuestInvitation>, ProblemHttpResult>> LookUpAsync(
        FindRoomGuestLink request, HttpContext context, RoomGuestRate rate, IDbContextFactory<TocsinDbContext> contexts, OrganisationName organisation, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!rate.TryTake(context.Connection.RemoteIpAddress)) return CommonRefusals.TooManyRequests.ToProblem();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await FindLinkAsync(db, request.Room, request.Link, time.GetUtcNow(), cancellationToken) is { } link
            ? TypedResults.Ok(new RoomGuestInvitation(await organisation.GetAsync(cancellationToken), link.ExpiresAt))
            : CommonRefusals.NotFound.ToProblem();
    }

    private static async Task<Results<Ok<RoomGuestStanding>, ProblemHttpResult>> AskAsync(
        AskToBeGuest request, HttpContext context, RoomGuestRate rate, CommandStore store, OrganisationName organisation, RoomGuestCookie cookie, CancellationToken cancellationToken)
    {
        if (!rate.TryTake(context.Connection.RemoteIpAddress)) return CommonRefusals.TooManyRequests.ToProblem();
        if (request is not { SigningKey.Length: 32, SealingKeyHash.Length: SHA256.HashSizeInBytes, Request.Length: RequestLength }) return CommonRefusals.InvalidInput.ToProblem();
        var secret = BearerSecret.Create();

        // The server takes nobody's word for an account: one of the directory could be named.
        var account = new PersonId(RoomMember.GuestAccountOf(request.Room.Value, request.SigningKey, request.SealingKeyHash));
        var (asking, refusal) = await store.CommitAsync<(RoomGuest?, Refusal?)>(
            async (transaction, token) =>
            {
                var db = transaction.Db;
                if (await FindLinkAsync(db, request.Room, request.Link, transaction.Now, token) is not { } link) return (null, CommonRefusals.NotFound);
                if (await db.Set<RoomGuest>().AnyAsync(g => g.RoomId == request.Room && g.Account == account, token)) return (null, RoomGuestRefusals.AskedBefore);
                if (await db.Set<RoomGuest>().CountAsync(g => g.LinkId == link.Id && g.AdmittedAt == null, token) >= MostWaiting) return (null, RoomGuestRefusals.TooManyWaiting);
                var guest = new RoomGuest
                {
                    RoomId = request.Room,
                    Account = account,
                    LinkId = link.Id,
                    Request = request.Request,
                    TokenHash = BearerSecret.HashOf(secret),
                    RequestedAt = transaction.Now,
                    ExpiresAt = link.ExpiresAt,
                };
                db.Add(guest);
                await RoomAdministration.TellAsync(transaction, request.Room, RoomGuestAdmission.GuestsChanged, token);
                return (guest, null);
            },
            cancellationToken);
        if (asking is null) return refusal!.ToProblem();
        cookie.Write(context, secret, asking.ExpiresAt);
        return TypedResults.Ok(new RoomGuestStanding(asking.RoomId, account, false, asking.ExpiresAt, await organisation.GetAsync(cancellationToken)));
    }

    private static async Task<Results<Ok<RoomGuestStanding>, ProblemHttpResult>> ReadAsync(
        HttpContext context, IDbContextFactory<TocsinDbContext> contexts, OrganisationName organisation, CancellationToken cancellationToken)
    {
        var room = context.RoomOfGuest();
        var account = context.Actor().Person ?? default;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var guest = await db.Set<RoomGuest>().AsNoTracking().FirstOrDefaultAsync(g => g.RoomId == room && g.Account == account, cancellationToken);
        if (guest is null) return CommonRefusals.NotFound.ToProblem();
        return TypedResults.Ok(new RoomGuestStanding(room, account, guest.AdmittedAt is not null, guest.ExpiresAt, await organisation.GetAsync(cancellationToken)));
    }

    /// <summary>Asks no more, or goes from this browser. Whoever is in the room leaves it first, by an entry.</summary>
    private static async Task<NoContent> EndAsync(HttpContext context, CommandStore store, AccessEnds ends, RoomGuestCookie cookie, CancellationToken cancellationToken)
    {
        var room = context.RoomOfGuest();
        var account = context.Actor().Person ?? default;
        await store.CommitAsync(
            async (transaction, token) =>
            {
                if (await transaction.Db.Set<RoomGuest>().FirstOrDefaultAsync(g => g.RoomId == room && g.Account == account, token) is not { } guest) return;
                ends.Revoke(transaction, guest);
                if (guest.AdmittedAt is not null) return;
                transaction.Db.Remove(guest);
                await RoomAdministration.TellAsync(transaction, room, RoomGuestAdmission.GuestsChanged, token);
            },
            cancellationToken);
        cookie.Delete(context);
        return TypedResults.NoContent();
    }

    private static Task<RoomGuestLink?> FindLinkAsync(TocsinDbContext db, RoomId room, Guid link, DateTimeOffset now, CancellationToken cancellationToken) =>
        db.Set<RoomGuestLink>().AsNoTracking()
            .FirstOrDefaultAsync(l => l.Id == link && l.RoomId == room && l.RevokedAt == null && l.ExpiresAt > now && l.GuestsLeft > 0, cancellationToken);
}
