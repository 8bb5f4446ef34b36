using System.Buffers;
using Microsoft.AspNetCore.Http.HttpResults;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Storage.Identities;

namespace Tocsin.Server.Features.Identities;

/// <summary>Adding a device by another of the same person. Everybody sees and writes their own alone: a hand-over of somebody else is not there.</summary>
internal static class DeviceHandoverEndpoints
{
    public static void Map(RouteGroupBuilder handovers)
    {
        handovers.MapPut("/{commitment}", OpenAsync).RequireSignedIn().WithName("openDeviceHandover");
        handovers.MapGet("/{commitment}", ReadAsync).RequireSignedIn().WithName("readDeviceHandover");
        handovers.MapPut("/{commitment}/{message}", WriteAsync).RequireSignedIn().WithName("writeToDeviceHandover");
        handovers.MapDelete("/{commitment}", EndAsync).RequireSignedIn().WithName("endDeviceHandover");
    }

    private static async Task<Results<Ok<DeviceHandoverView>, ProblemHttpResult>> OpenAsync(
        string commitment, HttpContext context, DeviceHandovers handovers, CancellationToken cancellationToken)
    {
        if (context.Actor().Person is not { } person || Read(commitment) is not { } bytes) return IdentityRefusals.MalformedHandover.ToProblem();
        return Answer(await handovers.OpenAsync(person, bytes, cancellationToken));
    }

    private static async Task<Results<Ok<DeviceHandoverView>, ProblemHttpResult>> ReadAsync(
        string commitment, HttpContext context, DeviceHandovers handovers, CancellationToken cancellationToken)
    {
        if (context.Actor().Person is not { } person || Read(commitment) is not { } bytes) return CommonRefusals.NotFound.ToProblem();
        return Answer(await handovers.ReadAsync(person, bytes, cancellationToken));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> WriteAsync(
        string commitment, string message, HandoverBytes request, HttpContext context, DeviceHandovers handovers, CancellationToken cancellationToken)
    {
        if (context.Actor() is not { Person: { } person } actor || Read(commitment) is not { } bytes || HandoverMessage.Named(message) is not { } named) return CommonRefusals.NotFound.ToProblem();
        if (request.Bytes.Length != named.Length) return IdentityRefusals.MalformedHandover.ToProblem();
        var refusal = await handovers.WriteAsync(person, bytes, named, request.Bytes, actor, cancellationToken);
        return refusal is null ? TypedResults.NoContent() : refusal.ToProblem();
    }

    private static async Task<NoContent> EndAsync(string commitment, HttpContext context, DeviceHandovers handovers, CancellationToken cancellationToken)
    {
        if (context.Actor().Person is { } person && Read(commitment) is { } bytes) await handovers.EndAsync(person, bytes, cancellationToken);
        return TypedResults.NoContent();
    }

    private static Results<Ok<DeviceHandoverView>, ProblemHttpResult> Answer((DeviceHandover? Handover, Refusal? Refusal) read) =>
        read.Handover is { } handover ? TypedResults.Ok(DeviceHandoverView.Of(handover)) : read.Refusal!.ToProblem();

    /// <returns>Null where it is not 16 bytes in hexadecimal.</returns>
    private static byte[]? Read(string commitment)
    {
        var bytes = new byte[DeviceHandovers.CommitmentLength];
        return commitment.Length == 2 * bytes.Length && Convert.FromHexString(commitment, bytes, out _, out _) == OperationStatus.Done ? bytes : null;
    }
}

/// <param name="Bytes">As long as that message always is, in base64.</param>
internal sealed record HandoverBytes(byte[] Bytes);

/// <param name="Introduction">121 bytes in base64: docs/protocol/identities.md; null until it is written, as the others.</param>
/// <param name="Opening">1,265 bytes.</param>
/// <param name="Sealed">1,200 bytes.</param>
internal sealed record DeviceHandoverView(DateTimeOffset ExpiresAt, byte[]? Introduction, byte[]? Opening, byte[]? Sealed)
{
    public static DeviceHandoverView Of(DeviceHandover handover) =>
        new(handover.OpenedAt + DeviceHandovers.Lifetime, handover.Introduction, handover.Opening, handover.Sealed);
}
