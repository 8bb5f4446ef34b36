using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting.Bulletins;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Bulletins;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Events;

namespace Tocsin.Server.Features.Bulletins;

/// <summary>Questions of staff about what they read, and the cell's answers.</summary>
internal static class BulletinQuestions
{
    /// <summary>Without an answer, of one person about one bulletin.</summary>
    private const int MostOpen = 5;

    public static async Task<Results<Ok<BulletinQuestionView>, ProblemHttpResult>> AskAsync(
        Guid id, RuleBody<NewBulletinQuestion> body, CommandStore store, HttpContext context, CancellationToken cancellationToken)
    {
        if (body.Refused is { } refused) return refused;
        var text = body.Value.Text.Trim();
        if (BulletinRules.ValidateText(text, BulletinRules.Question, "text") is { Count: > 0 } violations) return violations.ToProblem();
        var actor = context.Actor();
        if (actor.Person is not { } person) return CommonRefusals.NotFound.ToProblem();
        return await store.CommitAsync<Results<Ok<BulletinQuestionView>, ProblemHttpResult>>(
            async (transaction, token) =>
            {
                var db = transaction.Db;
                await BulletinNumbers.LockAsync(db, token);
                if (await MyBulletins.FindAsync(db, id, token) is not { } found) return CommonRefusals.NotFound.ToProblem();
                if (await db.Set<BulletinQuestion>().CountAsync(q => q.BulletinId == found.Bulletin.Id && q.PersonId == person && q.AnsweredAt == null, token) >= MostOpen)
                    return BulletinRefusals.TooManyQuestions.ToProblem();
                var question = new BulletinQuestion
                {
                    Id = new BulletinQuestionId(Guid.CreateVersion7(transaction.Now)),
                    BulletinId = found.Bulletin.Id,
                    PersonId = person,
                    PersonName = actor.Name,
                    Text = text,
                    AskedAt = transaction.Now,
                };
                db.Add(question);
                transaction.Append(BulletinEvents.Asked, EventVisibility.To(BulletinsFeature.Watchers), new BulletinQuestionChanged(question.BulletinId, question.Id));
                transaction.Record(new AuditDraft(actor.ForAudit, "bulletin-question.asked", $"bulletin:{question.BulletinId}", new { question = question.Id.Value }));
                return TypedResults.Ok(BulletinQuestionView.Of(question));
            },
            cancellationToken);
    }

    public static async Task<Results<Ok<BulletinQuestionView>, ProblemHttpResult>> AnswerAsync(
        Guid id, Guid question, RuleBody<BulletinAnswer> body, CommandStore store, HttpContext context, CancellationToken cancellationToken)
    {
        if (body.Refused is { } refused) return refused;
        var text = body.Value.Text.Trim();
        if (BulletinRules.ValidateText(text, BulletinRules.Answer, "text") is { Count: > 0 } violations) return violations.ToProblem();
        var actor = context.Actor();
        return await store.CommitAsync<Results<Ok<BulletinQuestionView>, ProblemHttpResult>>(
            async (transaction, token) =>
            {
                await BulletinNumbers.LockAsync(transaction.Db, token);
                var asked = await transaction.Db.Set<BulletinQuestion>()
                    .FirstOrDefaultAsync(q => q.Id == new BulletinQuestionId(question) && q.BulletinId == new BulletinId(id), token);
                if (asked is null) return CommonRefusals.NotFound.ToProblem();
                if (asked.AnsweredAt is not null) return BulletinRefusals.AnsweredAlready.ToProblem();
                (asked.Answer, asked.AnsweredByName, asked.AnsweredAt) = (text, actor.Name, transaction.Now);
                transaction.Append(BulletinEvents.Answered, new EventVisibility(BulletinsFeature.Watchers, asked.PersonId), new BulletinQuestionChanged(asked.BulletinId, asked.Id));
                transaction.Record(new AuditDraft(actor.ForAudit, "bulletin-question.answered", $"bulletin:{asked.BulletinId}", new { question = asked.Id.Value }));
                return TypedResults.Ok(BulletinQuestionView.Of(asked));
            },
            cancellationToken);
    }
}
