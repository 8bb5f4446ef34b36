using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Server.Features.Idempotency;

namespace Tocsin.Server.Features.Directory.ContactPoints.Codes;

/// <summary>Everyone's own contact points, verified by a code. Nobody asks for another person's: an administrator confirms those by hand.</summary>
internal static class ContactPointCodeEndpoints
{
    public static void MapContactPointCodes(this IEndpointRouteBuilder endpoints)
    {
        var own = endpoints.MapGroup("/api/v1/me/contact-points/{id:guid}").WithTags("directory");
        own.MapPost("/code", AskAsync).RequireSignedIn().WithIdempotency().WithName("sendContactPointCode");
        own.MapGet("/code", ReadAsync).RequireSignedIn().WithName("readContactPointCode");
        own.MapPost("/verify", CheckAsync).RequireSignedIn().WithIdempotency().WithName("verifyOwnContactPoint");
    }

    private static async Task<Results<Accepted<ContactPointCodeView>, ProblemHttpResult>> AskAsync(
        Guid id, HttpContext context, ContactPointCodes codes, CancellationToken cancellationToken)
    {
        var answer = await codes.AskAsync(Self(context), new ContactPointId(id), context.Actor(), cancellationToken);
        if (answer.View is { } view) return TypedResults.Accepted((string?)null, view);
        if (answer.RetryAfter is { } wait) context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return answer.Refusal!.ToProblem();
    }

    private static async Task<Results<Ok<ContactPointCodeView>, ProblemHttpResult>> ReadAsync(
        Guid id, HttpContext context, ContactPointCodes codes, CancellationToken cancellationToken)
    {
        var answer = await codes.ReadAsync(Self(context), new ContactPointId(id), cancellationToken);
        return answer.View is { } view ? TypedResults.Ok(view) : answer.Refusal!.ToProblem();
    }

    private static async Task<Results<Ok<ContactPointView>, ProblemHttpResult>> CheckAsync(
        Guid id, TypedCode typed, HttpContext context, ContactPointCodes codes, CancellationToken cancellationToken)
    {
        var answer = await codes.CheckAsync(Self(context), new ContactPointId(id), typed.Code, context.Actor(), cancellationToken);
        return answer.Value is { } point ? TypedResults.Ok(ContactPointViews.View(point)) : answer.ToProblem();
    }

    /// <summary>The caller's person; nobody's id for a caller without one, who is then not found.</summary>
    private static PersonId Self(HttpContext context) => context.Actor().Person ?? default;
}

/// <param name="Code">Six digits; spaces do not matter.</param>
internal sealed record TypedCode(string? Code);
