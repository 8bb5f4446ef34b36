using Microsoft.AspNetCore.Http.HttpResults;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Alerts.Raising;
using Tocsin.Server.Features.AlertsApi.Board;
using Tocsin.Server.Features.Idempotency;

namespace Tocsin.Server.Features.AlertsApi.Raising;

internal static class RaiseEndpoint
{
    /// <summary>Answers once the alert is durable. Sent again with the same key it raises nothing twice, even where the first answer was lost.</summary>
    public static async Task<Results<Ok<AlertSummary>, ProblemHttpResult>> RaiseAsync(
        RuleBody<RaiseRequest> body, AskedAlert asked, RaiseAlert raise, AlertReading reading, HttpContext context, CancellationToken cancellationToken)
    {
        if (body.Refused is { } refused) return refused;
        var actor = context.Actor();
        var (draft, problem) = await asked.ToDraftAsync(body.Value, actor, cancellationToken);
        if (draft is null) return problem!;
        string? key = context.Request.Headers[IdempotencyFilter.Header];
        return await raise.RaiseAsync(draft, actor.ForAudit, string.IsNullOrEmpty(key) ? null : key, cancellationToken) switch
        {
            RaiseResult.Raised raised => TypedResults.Ok((await reading.FindAsync(raised.Id, CancellationToken.None))!),
            RaiseResult.Refused violations => violations.Violations.ToProblem(),
            var other => throw new InvalidOperationException($"No answer for {other.GetType().Name}."),
        };
    }
}
