using Microsoft.AspNetCore.Http.HttpResults;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;

namespace Tocsin.Server.Features.Rooms.Files;

/// <summary>Files of rooms over HTTP, for who is in the room; for all others they do not exist.</summary>
internal static class RoomFileEndpoints
{
    private const string Sealed = "application/octet-stream";

    public static void Map(RouteGroupBuilder rooms)
    {
        rooms.MapPut("/{id:guid}/files/{file:guid}", BeginAsync).RequireSignedIn().WithName("beginRoomFile");
        rooms.MapGet("/{id:guid}/files/{file:guid}", ReadAsync).RequireSignedIn().WithName("readRoomFile");
        rooms.MapDelete("/{id:guid}/files/{file:guid}", DiscardAsync).RequireSignedIn().WithName("discardRoomFile");
        rooms.MapPut("/{id:guid}/files/{file:guid}/parts/{number:long}", KeepAsync).RequireSignedIn().WithName("sendRoomFilePart");
        rooms.MapGet("/{id:guid}/files/{file:guid}/parts/{number:long}", ReadPartAsync).RequireSignedIn().Produces<byte[]>(200, Sealed).WithName("readRoomFilePart");
    }

    /// <summary>The same of the one room that a guest's session names.</summary>
    public static void MapForGuest(RouteGroupBuilder guest)
    {
        guest.MapPut("/files/{file:guid}", (Guid file, NewRoomFile request, HttpContext context, RoomFiles files, CancellationToken cancellationToken) =>
            BeginAsync(context.RoomOfGuest().Value, file, request, context, files, cancellationToken)).RequireRoomGuest().WithName("beginFileAsGuest");
        guest.MapGet("/files/{file:guid}", (Guid file, HttpContext context, RoomFiles files, CancellationToken cancellationToken) =>
            ReadAsync(context.RoomOfGuest().Value, file, context, files, cancellationToken)).RequireRoomGuest().WithName("readFileAsGuest");
        guest.MapDelete("/files/{file:guid}", (Guid file, HttpContext context, RoomFiles files, CancellationToken cancellationToken) =>
            DiscardAsync(context.RoomOfGuest().Value, file, context, files, cancellationToken)).RequireRoomGuest().WithName("discardFileAsGuest");
        guest.MapPut("/files/{file:guid}/parts/{number:long}", (Guid file, long number, HttpContext context, RoomFiles files, CancellationToken cancellationToken) =>
            KeepAsync(context.RoomOfGuest().Value, file, number, context, files, cancellationToken)).RequireRoomGuest().WithName("sendFilePartAsGuest");
        guest.MapGet("/files/{file:guid}/parts/{number:long}", (Guid file, long number, HttpContext context, RoomFiles files, CancellationToken cancellationToken) =>
            ReadPartAsync(context.RoomOfGuest().Value, file, number, context, files, cancellationToken)).RequireRoomGuest().Produces<byte[]>(200, Sealed).WithName("readFilePartAsGuest");
    }

    private static async Task<Results<Ok<RoomFileView>, ProblemHttpResult>> BeginAsync(
        Guid id, Guid file, NewRoomFile request, HttpContext context, RoomFiles files, CancellationToken cancellationToken)
    {
        if (context.Actor().Person is not { } person) return CommonRefusals.NotAllowed.ToProblem();
        var (begun, refusal) = await files.BeginAsync(new(id), file, request.Size, person, cancellationToken);
        return begun is not null ? TypedResults.Ok(begun) : refusal!.ToProblem();
    }

    private static async Task<Results<Ok<RoomFileView>, ProblemHttpResult>> ReadAsync(Guid id, Guid file, HttpContext context, RoomFiles files, CancellationToken cancellationToken) =>
        context.Actor().Person is { } person && await files.ReadAsync(new(id), file, person, cancellationToken) is { } found ? TypedResults.Ok(found) : CommonRefusals.NotFound.ToProblem();

    private static async Task<Results<NoContent, ProblemHttpResult>> DiscardAsync(Guid id, Guid file, HttpContext context, RoomFiles files, CancellationToken cancellationToken) =>
        context.Actor().Person is { } person && await files.DiscardAsync(new(id), file, person, cancellationToken) ? TypedResults.NoContent() : CommonRefusals.NotFound.ToProblem();

    /// <summary>Takes one sealed part as the request's body; the same again changes nothing.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> KeepAsync(
        Guid id, Guid file, long number, HttpContext context, RoomFiles files, CancellationToken cancellationToken)
    {
        if (context.Actor().Person is not { } person) return CommonRefusals.NotAllowed.ToProblem();
        var (length, unexpected) = await files.ExpectAsync(new(id), file, number, person, cancellationToken);
        if (unexpected is not null) return unexpected.ToProblem();
        var part = new byte[length];
        var read = await context.Request.Body.ReadAtLeastAsync(part, length, throwOnEndOfStream: false, cancellationToken);
        if (read < length || await context.Request.Body.ReadAsync(new byte[1], cancellationToken) > 0) return RoomFileRefusals.Malformed.ToProblem();
        return await files.KeepAsync(new(id), file, number, part, person, cancellationToken) is { } refusal ? refusal.ToProblem() : TypedResults.NoContent();
    }

    /// <summary>Whoever opens it as a page gets bytes to keep, nothing to run.</summary>
    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> ReadPartAsync(
        Guid id, Guid file, long number, HttpContext context, RoomFiles files, CancellationToken cancellationToken)
    {
        if (context.Actor().Person is not { } person || await files.ReadPartAsync(new(id), file, number, person, cancellationToken) is not { } part) return CommonRefusals.NotFound.ToProblem();
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Bytes(part, Sealed, "sealed");
    }
}
