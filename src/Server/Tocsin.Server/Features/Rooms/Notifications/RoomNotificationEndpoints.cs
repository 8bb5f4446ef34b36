using Microsoft.AspNetCore.Http.HttpResults;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Rooms;

namespace Tocsin.Server.Features.Rooms.Notifications;

/// <summary>Whether a device is told of a room while Tocsin is closed on it.</summary>
internal static class RoomNotificationEndpoints
{
    private const int MaximumEndpoint = 2048;

    public static void Map(RouteGroupBuilder rooms) => rooms.MapPut("/{id:guid}/push", ChooseAsync).RequireSignedIn().WithName("chooseRoomPush");

    private static async Task<Results<NoContent, ProblemHttpResult>> ChooseAsync(Guid id, RoomPushChoice request, HttpContext context, CommandStore store, CancellationToken cancellationToken)
    {
        if (context.Actor().Person is not { } person) return CommonRefusals.NotAllowed.ToProblem();
        if (request.Endpoint.Length > MaximumEndpoint || !Uri.TryCreate(request.Endpoint, UriKind.Absolute, out var endpoint)) return CommonRefusals.InvalidInput.ToProblem();
        var isKnown = await store.CommitAsync(
            (transaction, token) => RoomPushLedger.ChooseAsync(transaction.Db, new(id), person, endpoint.AbsoluteUri, request.IsMuted, token), cancellationToken);
        return isKnown ? TypedResults.NoContent() : CommonRefusals.NotFound.ToProblem();
    }
}

/// <param name="Endpoint">Of the push subscription of the browser that chooses.</param>
/// <param name="IsMuted">Nothing of this room is sent to it but priority messages.</param>
internal sealed record RoomPushChoice(string Endpoint, bool IsMuted);
