using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Storage;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Rooms;

namespace Tocsin.Server.Features.Rooms;

/// <summary>That somebody types, and how far they have read, as far as they let the other members know it: sealed, passed on unread.</summary>
internal static class RoomSignalEndpoints
{
    // A signal has one length; room for another version.
    private const int LongestSignal = 512;

    public static void Map(RouteGroupBuilder rooms)
    {
        rooms.MapPost("/{id:guid}/signals", SendAsync).RequireSignedIn().WithName("sendRoomSignal");
        rooms.MapGet("/{id:guid}/receipts", ListAsync).RequireSignedIn().WithName("listRoomReceipts");
        rooms.MapPut("/{id:guid}/receipt", KeepAsync).RequireSignedIn().WithName("keepRoomReceipt");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> SendAsync(
        Guid id, SendRoomSignal request, HttpContext context, RoomSignals signals, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        var person = context.Actor().Person ?? default;
        if (request.Signal.Length is 0 or > LongestSignal) return CommonRefusals.InvalidInput.ToProblem();
        if (!signals.TryTake(person)) return CommonRefusals.TooManyRequests.ToProblem();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await PassOnAsync(db, signals, new(id), person, request.Signal, cancellationToken) ? TypedResults.NoContent() : CommonRefusals.NotFound.ToProblem();
    }

    private static async Task<Results<Ok<RoomReceipts>, ProblemHttpResult>> ListAsync(
        Guid id, HttpContext context, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        var room = new RoomId(id);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var members = await db.Set<StoredRoomMember>().AsNoTracking().Where(m => m.RoomId == room).Select(m => new { m.PersonId, m.Receipt }).ToListAsync(cancellationToken);
        if (!members.Exists(m => m.PersonId == context.Actor().Person)) return CommonRefusals.NotFound.ToProblem();
        return TypedResults.Ok(new RoomReceipts([.. members.Where(m => m.Receipt is not null).Select(m => m.Receipt!)]));
    }

    /// <summary>Kept for those who look later, and passed on to those who look now.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> KeepAsync(
        Guid id, KeepRoomReceipt request, HttpContext context, RoomSignals signals, CommandStore store, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        var room = new RoomId(id);
        var person = context.Actor().Person ?? default;
        if (request.Receipt is { Length: 0 or > LongestSignal }) return CommonRefusals.InvalidInput.ToProblem();
        if (!signals.TryTake(person)) return CommonRefusals.TooManyRequests.ToProblem();
        var isMember = await store.CommitAsync(
            async (transaction, token) => await transaction.Db.Set<StoredRoomMember>().Where(m => m.RoomId == room && m.PersonId == person)
                .ExecuteUpdateAsync(set => set.SetProperty(m => m.Receipt, request.Receipt), token) == 1,
            cancellationToken);
        if (!isMember) return CommonRefusals.NotFound.ToProblem();
        if (request.Receipt is not { } receipt) return TypedResults.NoContent();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await PassOnAsync(db, signals, room, person, receipt, cancellationToken);
        return TypedResults.NoContent();
    }

    /// <returns>False where the sender is not in the room.</returns>
    private static async Task<bool> PassOnAsync(TocsinDbContext db, RoomSignals signals, RoomId room, PersonId sender, byte[] signal, CancellationToken cancellationToken)
    {
        var members = (await db.Set<StoredRoomMember>().Where(m => m.RoomId == room).Select(m => m.PersonId).ToListAsync(cancellationToken)).ToHashSet();
        if (!members.Remove(sender)) return false;
        signals.Publish(members, new RoomSignal(room, signal));
        return true;
    }
}

/// <param name="Signal">As the device sealed it, in base64: docs/protocol/rooms.md.</param>
internal sealed record SendRoomSignal(byte[] Signal);

/// <param name="Receipt">A sealed signal; null takes back what was told.</param>
internal sealed record KeepRoomReceipt(byte[]? Receipt);

/// <param name="Items">Sealed signals, of each member who has told how far they have read.</param>
internal sealed record RoomReceipts(IReadOnlyList<byte[]> Items);
