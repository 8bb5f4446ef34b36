using Microsoft.AspNetCore.Http.HttpResults;
using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Alerts.Raising;

namespace Tocsin.Server.Features.AlertsApi.Acting;

internal static class ResendToRecipient
{
    /// <summary>By every way of the plan. Contact points are read anew: one may have been mended meanwhile.</summary>
    public static async Task<Results<Ok<ToldAgain>, ProblemHttpResult>> ResendAsync(
        Guid id, long recipientId, TellAgain tellAgain, HttpContext context, CancellationToken cancellationToken) =>
        Answer(await tellAgain.ToAsync(new AlertId(id), [new RecipientId(recipientId)], context.Actor().ForAudit, cancellationToken));

    /// <summary>To everyone whom nothing could reach.</summary>
    public static async Task<Results<Ok<ToldAgain>, ProblemHttpResult>> ResendToFailedAsync(
        Guid id, TellAgain tellAgain, HttpContext context, CancellationToken cancellationToken) =>
        Answer(await tellAgain.ToFailedAsync(new AlertId(id), context.Actor().ForAudit, cancellationToken));

    private static Results<Ok<ToldAgain>, ProblemHttpResult> Answer(TellAgainResult result) => result switch
    {
        TellAgainResult.Started { People: > 0 } started => TypedResults.Ok(new ToldAgain(started.People)),
        TellAgainResult.Started or TellAgainResult.NotFound => CommonRefusals.NotFound.ToProblem(),
        TellAgainResult.Over => AlertRefusals.Ended.ToProblem(),
        _ => throw new InvalidOperationException($"No answer for {result.GetType().Name}."),
    };
}

/// <param name="People">How many are told once more.</param>
internal sealed record ToldAgain(int People);
