using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Tocsin.Server.Errors;

/// <summary>An expected "no", with a stable code that is the same over HTTP, in the interface's texts and in docs/protocol/errors.md.</summary>
/// <param name="Code">kebab-case, never reused for another meaning.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Title">One clear English sentence; the interface has its own words per code, in French and English.</param>
internal sealed record Refusal(string Code, int Status, string Title)
{
    /// <summary>RFC 9457 body. <paramref name="detail"/> says what exactly, <paramref name="fields"/> which input (path to code).</summary>
    public ProblemHttpResult ToProblem(string? detail = null, IReadOnlyDictionary<string, string>? fields = null)
    {
        var problem = new ProblemDetails { Type = $"urn:tocsin:error:{Code}", Title = Title, Status = Status, Detail = detail };
        problem.Extensions["code"] = Code;
        if (fields is not null) problem.Extensions["fields"] = fields;
        return TypedResults.Problem(problem);
    }
}

/// <summary>Refusals that belong to no single feature.</summary>
internal static class CommonRefusals
{
    public static readonly Refusal InvalidInput = new("invalid-input", 400, "Something in the request is missing or out of bounds.");
    public static readonly Refusal NotSignedIn = new("not-signed-in", 401, "Sign in first.");
    public static readonly Refusal NotAllowed = new("not-allowed", 403, "Your roles do not allow this.");
    public static readonly Refusal NotFound = new("not-found", 404, "There is no such thing, or you may not see it.");
    public static readonly Refusal TooLarge = new("too-large", 413, "The request is larger than is accepted here.");
    public static readonly Refusal TooManyRequests = new("too-many-requests", 429, "Too many requests: wait a moment.");
    public static readonly Refusal CrossSite = new("cross-site-request", 403, "This request did not come from Tocsin's own pages.");
    public static readonly Refusal IdempotencyKeyReused = new("idempotency-key-reused", 422, "This idempotency key was used for another request.");
    public static readonly Refusal IdempotencyAnswerLost = new("idempotency-answer-lost", 409, "This command was carried out before, once; its answer was lost. Look at the present state.");
    public static readonly Refusal IdempotencyKeyInvalid = new("idempotency-key-invalid", 400, "An idempotency key is 1 to 128 printable ASCII characters.");
    public static readonly Refusal Internal = new("internal-error", 500, "Something broke on our side. What was accepted before is kept.");
    public static readonly Refusal Starting = new("starting", 503, "The server has just been started and cannot answer this yet: ask again in a moment.");
}
