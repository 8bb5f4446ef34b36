using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Alerts;
using Tocsin.Server.Features.Alerts.Escalation;
using Tocsin.Server.Features.Alerts.Raising;
using Tocsin.Server.Features.Alerts.Timers;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;

namespace Tocsin.Server.Features.AlertsApi.Acting;

/// <summary>Tells everyone who has not answered once more, because somebody of the crisis team wants it now.</summary>
internal static class RemindSilent
{
    public static Task<Results<Ok<ToldAgain>, ProblemHttpResult>> RemindAsync(
        Guid id, CommandStore store, AlertWakeUps wakeUps, HttpContext context, CancellationToken cancellationToken) =>
        store.CommitAsync<Results<Ok<ToldAgain>, ProblemHttpResult>>(
            async (transaction, token) =>
            {
                var db = transaction.Db;
                var alertId = new AlertId(id);
                await AlertNumbers.LockAlertAsync(db, alertId, token);
                var alert = await db.Set<Alert>().FirstOrDefaultAsync(a => a.Id == alertId, token);
                if (alert is null) return CommonRefusals.NotFound.ToProblem();
                if (alert.State != AlertState.Active) return AlertRefusals.Ended.ToProblem();
                if (CataloguedAlert.From(alert).Draft.Answers.Count == 0) return AlertRefusals.AsksNoAnswer.ToProblem();
                var recipients = await AlertAudiences.ReadAnswersAsync(db, alertId, token);
                PersonId[] silent = [.. recipients.Where(recipient => recipient.Answer is null).Select(recipient => recipient.Person)];
                if (silent.Length == 0) return AlertRefusals.NobodySilent.ToProblem();
                await StartAsync(transaction, alert, silent, context.Actor().ForAudit, token);
                transaction.AfterCommit(wakeUps.Timers.Pulse);
                return TypedResults.Ok(new ToldAgain(silent.Length));
            },
            cancellationToken);

    private static async Task StartAsync(CommandTransaction transaction, Alert alert, PersonId[] silent, AuditActor actor, CancellationToken cancellationToken)
    {
        var current = await AlertMessages.CurrentAsync(transaction.Db, alert.Id, cancellationToken);
        var reminder = AlertMessages.Again(alert, current, MessagePurpose.Reminder, actor, transaction.Now);
        transaction.Db.Add(reminder);
        await transaction.Db.SaveChangesAsync(cancellationToken);
        WaveStart.Add(transaction, alert, WaveKind.Remind, silent, reminder.Id);
        transaction.Record(new AuditDraft(actor, "alert.reminded", $"alert:{alert.Id}", new { alert.Number, people = silent.Length }));
    }
}
