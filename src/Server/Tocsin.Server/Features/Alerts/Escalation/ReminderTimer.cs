using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Features.Alerts.Raising;
using Tocsin.Server.Features.Alerts.Timers;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;

namespace Tocsin.Server.Features.Alerts.Escalation;

/// <summary>Reminds those who have not answered, then waits for the next time.</summary>
internal sealed class ReminderTimer(CommandStore store, AlertWakeUps wakeUps) : ITimerHandler
{
    public AlertTimerKind Kind => AlertTimerKind.Reminder;

    public Task RunAsync(AlertTimer timer, CancellationToken cancellationToken) =>
        store.CommitAsync(
            async (transaction, token) =>
            {
                var db = transaction.Db;
                await AlertNumbers.LockAlertAsync(db, timer.AlertId, token);
                var alert = await db.Set<Alert>().SingleAsync(a => a.Id == timer.AlertId, token);
                var sent = TimerPayload.Read<ReminderPayload>(timer).Sent + 1;
                var repeat = DraftOf(alert).Plan.Repeat;
                var next = alert.State == AlertState.Active ? repeat?.NextReminder(transaction.Now, sent, alert.ExpiresAt) : null;
                var isOurs = next is { } at
                    ? await AlertTimers.RescheduleAsync(db, timer, at, TimerPayload.Write(new ReminderPayload(sent)), token)
                    : await AlertTimers.FinishAsync(db, timer, token);
                if (!isOurs || alert.State != AlertState.Active) return;
                await RemindAsync(transaction, alert, await UnansweredAsync(db, alert.Id, token), token);
                transaction.AfterCommit(wakeUps.Timers.Pulse);
            },
            cancellationToken);

    /// <summary>Starts a wave of reminders that say what the alert says now.</summary>
    public static async Task RemindAsync(CommandTransaction transaction, Alert alert, PersonId[] people, CancellationToken cancellationToken)
    {
        if (people.Length == 0) return;
        var current = await AlertMessages.CurrentAsync(transaction.Db, alert.Id, cancellationToken);
        var reminder = AlertMessages.Again(alert, current, MessagePurpose.Reminder, AuditActor.System, transaction.Now);
        transaction.Db.Add(reminder);
        await transaction.Db.SaveChangesAsync(cancellationToken);
        WaveStart.Add(transaction, alert, WaveKind.Remind, people, reminder.Id);
    }

    private static async Task<PersonId[]> UnansweredAsync(TocsinDbContext db, AlertId alert, CancellationToken cancellationToken)
    {
        var recipients = await AlertAudiences.ReadAnswersAsync(db, alert, cancellationToken);
        return [.. recipients.Where(recipient => recipient.Answer is null).Select(recipient => recipient.Person)];
    }

    private static Alerting.Raising.AlertDraft DraftOf(Alert alert) => CataloguedAlert.From(alert).Draft;
}
