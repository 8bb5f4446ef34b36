using Microsoft.AspNetCore.Http.HttpResults;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Accounts;
using Tocsin.Server.Features.Idempotency;
using Tocsin.Storage.Identities;

namespace Tocsin.Server.Features.Identities;

/// <summary>The directory log over HTTP. Everybody signed in reads all of it, as every client must; everybody writes for themselves.</summary>
internal static class DirectoryLogEndpoints
{
    public static void Map(RouteGroupBuilder log)
    {
        log.MapGet("", ReadAsync).RequireSignedIn().WithName("readDirectoryLog");
        log.MapGet("/head", ReadHeadAsync).RequireSignedIn().WithName("readDirectoryLogHead");
        log.MapPost("", PublishAsync).RequireSignedIn().WithIdempotency().WithName("publishToDirectoryLog");

        // Whoever finds an unlocked screen must not be able to take an identity away for good.
        log.MapPost("/reset", ResetAsync).RequireSignedIn().RequireFreshSignIn().WithIdempotency().WithName("resetIdentity");
    }

    private static async Task<Ok<DirectoryLogPage>> ReadAsync(DirectoryLog log, CancellationToken cancellationToken, long after = 0)
    {
        var (entries, head) = await log.ReadAsync(Math.Max(0, after), cancellationToken);
        return TypedResults.Ok(new DirectoryLogPage([.. entries.Select(entry => new PublishedEntry(entry.Number, entry.Entry))], HeadView.Of(head)));
    }

    private static async Task<Ok<HeadView>> ReadHeadAsync(DirectoryLog log, CancellationToken cancellationToken) => TypedResults.Ok(HeadView.Of(await log.HeadAsync(cancellationToken)));

    private static Task<Results<Ok<HeadView>, ProblemHttpResult>> PublishAsync(PublishEntries request, HttpContext context, DirectoryLog log, CancellationToken cancellationToken) =>
        WriteAsync(request, context, log, isReset: false, cancellationToken);

    private static Task<Results<Ok<HeadView>, ProblemHttpResult>> ResetAsync(PublishEntries request, HttpContext context, DirectoryLog log, CancellationToken cancellationToken) =>
        WriteAsync(request, context, log, isReset: true, cancellationToken);

    private static async Task<Results<Ok<HeadView>, ProblemHttpResult>> WriteAsync(
        PublishEntries request, HttpContext context, DirectoryLog log, bool isReset, CancellationToken cancellationToken)
    {
        if (request.Entries.Count is 0 or > DirectoryLog.MostAtOnce)
            return CommonRefusals.InvalidInput.ToProblem(fields: new Dictionary<string, string>(StringComparer.Ordinal) { ["entries"] = FieldCodes.OutOfRange });
        var (head, refusal) = await log.PublishAsync(request.Entries, isReset, context.Actor(), cancellationToken);
        return refusal is null ? TypedResults.Ok(HeadView.Of(head!)) : refusal.ToProblem();
    }
}

/// <param name="Entries">One after the other, all or none; each as its owner signed it, in base64. An identity and its first device are published together.</param>
internal sealed record PublishEntries(IReadOnlyList<byte[]> Entries);

/// <param name="Entries">In order, without a gap; empty at the end.</param>
/// <param name="Head">Of the whole log.</param>
internal sealed record DirectoryLogPage(IReadOnlyList<PublishedEntry> Entries, HeadView Head);

/// <param name="Entry">As it was signed, in base64: docs/protocol/identities.md.</param>
internal sealed record PublishedEntry(long Number, byte[] Entry);

/// <param name="Number">How many entries there are.</param>
/// <param name="Hash">Over all of them, in base64.</param>
internal sealed record HeadView(long Number, byte[] Hash)
{
    private static readonly HeadView Empty = new(0, new byte[32]);

    public static HeadView Of(DirectoryLogEntry? last) => last is null ? Empty : new(last.Number, last.Hash);
}
