using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Alerts.Answers;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;

namespace Tocsin.Server.Features.AlertsApi.Acting;

/// <summary>What a recipient told somebody of the crisis team, entered for them; and what they wrote, read by somebody.</summary>
internal static class EnteredAnswers
{
    public static async Task<Results<NoContent, ProblemHttpResult>> EnterAsync(
        Guid id, long recipientId, RuleBody<EnteredAnswer> body, AnswerAlert answers, IDbContextFactory<TocsinDbContext> contexts, TimeProvider time, HttpContext context,
        CancellationToken cancellationToken)
    {
        if (body.Refused is { } refused) return refused;
        if (!await ExistsAsync(id, recipientId, contexts, cancellationToken)) return CommonRefusals.NotFound.ToProblem();
        var answer = new RecipientAnswer(
            new AlertId(id),
            new RecipientId(recipientId),
            body.Value.Choice,
            body.Value.Comment,
            null,
            AnswerVia.Operator,
            context.Actor().ForAudit,
            AnswerClientId.Of(context, body.Value.Choice, body.Value.Comment),
            time.GetUtcNow());
        var result = await answers.AnswerAsync(answer, cancellationToken);
        if (result == AnswerResult.Taken) await answers.MarkReplyReadAsync(answer.Recipient, cancellationToken);
        return ToAnswer(result);
    }

    public static async Task<Results<NoContent, ProblemHttpResult>> MarkReadAsync(
        Guid id, long recipientId, AnswerAlert answers, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(id, recipientId, contexts, cancellationToken)) return CommonRefusals.NotFound.ToProblem();
        await answers.MarkReplyReadAsync(new RecipientId(recipientId), cancellationToken);
        return TypedResults.NoContent();
    }

    public static Results<NoContent, ProblemHttpResult> ToAnswer(AnswerResult result) => result switch
    {
        AnswerResult.Taken => TypedResults.NoContent(),
        AnswerResult.NotFound => CommonRefusals.NotFound.ToProblem(),
        AnswerResult.UnknownChoice => AlertRefusals.AnswerUnknown.ToProblem(),
        AnswerResult.Empty => AlertRefusals.AnswerEmpty.ToProblem(),
        AnswerResult.OutOfBounds => CommonRefusals.InvalidInput.ToProblem($"A comment has at most {AlertBounds.Comment} characters; a position is on Earth."),
        _ => throw new InvalidOperationException($"No answer for {result}."),
    };

    public static async Task<bool> ExistsAsync(Guid id, long recipientId, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Set<Recipient>().AnyAsync(r => r.Id == recipientId && r.AlertId == new AlertId(id), cancellationToken);
    }
}

/// <param name="Choice">Key of one of the alert's answers.</param>
internal sealed record EnteredAnswer(string? Choice = null, string? Comment = null);
