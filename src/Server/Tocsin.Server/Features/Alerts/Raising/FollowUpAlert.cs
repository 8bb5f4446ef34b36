using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Scenarios;
using Tocsin.Server.Features.Alerts.Dispatch;
using Tocsin.Server.Features.Alerts.Timers;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;

namespace Tocsin.Server.Features.Alerts.Raising;

/// <summary>Says something more: an update, the all-clear, or that it was a mistake. Goes to those who were reached; what has not left yet is dealt with at once.</summary>
internal sealed class FollowUpAlert(CommandStore store, AlertWakeUps wakeUps, EndedAlerts ended)
{
    /// <summary>New words. Those reached are told them as an update; whoever was not reached yet is told them instead of the old ones.</summary>
    /// <param name="severity">As it is from now on, or null: unchanged.</param>
    public Task<FollowUpResult> UpdateAsync(AlertId alert, AlertText text, Severity? severity, AuditActor actor, CancellationToken cancellationToken) =>
        CommitAsync(alert, AlertState.Active, MessagePurpose.Update, text, severity, actor, cancellationToken);

    /// <summary>The danger is over.</summary>
    /// <param name="text">Null: the standard words.</param>
    public Task<FollowUpResult> AllClearAsync(AlertId alert, AlertText? text, AuditActor actor, CancellationToken cancellationToken) =>
        CommitAsync(alert, AlertState.AllClear, MessagePurpose.AllClear, text, null, actor, cancellationToken);

    /// <summary>It was a mistake.</summary>
    /// <param name="text">Null: the standard words.</param>
    public Task<FollowUpResult> CancelAsync(AlertId alert, AlertText? text, AuditActor actor, CancellationToken cancellationToken) =>
        CommitAsync(alert, AlertState.Cancelled, MessagePurpose.Cancellation, text, null, actor, cancellationToken);

    private async Task<FollowUpResult> CommitAsync(
        AlertId id, AlertState state, MessagePurpose purpose, AlertText? text, Severity? severity, AuditActor actor, CancellationToken cancellationToken)
    {
        if (text is not null && AlertValidation.ValidateText(text) is { Count: > 0 } violations) return new FollowUpResult.Refused(violations);
        return await store.CommitAsync<FollowUpResult>(
            async (transaction, token) =>
            {
                await AlertNumbers.LockAlertAsync(transaction.Db, id, token);
                var alert = await transaction.Db.Set<Alert>().FirstOrDefaultAsync(a => a.Id == id, token);
                if (alert is null) return new FollowUpResult.NotFound();
                if (alert.State != AlertState.Active) return new FollowUpResult.Over(alert.State);
                await ApplyAsync(transaction, alert, state, purpose, text, severity, actor, token);
                return new FollowUpResult.Done(alert.Number, alert.Revision);
            },
            cancellationToken);
    }

    private async Task ApplyAsync(
        CommandTransaction transaction, Alert alert, AlertState state, MessagePurpose purpose, AlertText? text, Severity? severity, AuditActor actor, CancellationToken cancellationToken)
    {
        var db = transaction.Db;
        var now = transaction.Now;
        alert.Revision++;
        alert.State = state;
        alert.Severity = severity ?? alert.Severity;
        alert.EndedAt = state == AlertState.Active ? null : now;
        var words = text ?? StandardWords.Of(purpose, AlertMessages.TextOf(await AlertMessages.CurrentAsync(db, alert.Id, cancellationToken)));
        var message = AlertMessages.New(alert, purpose, words, actor, now);
        db.Add(message);
        if (state == AlertState.Active)
            await RewordAsync(db, alert, words, actor, now, cancellationToken);
        else
            await EndAsync(transaction, alert, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        var (first, last) = await AlertAudiences.RecipientRangeAsync(db, alert.Id, cancellationToken);
        var timer = TimerPayload.NewTimer(alert.Id, AlertTimerKind.FollowUp, now, new FollowUpPayload(message.Id, alert.Revision, last));
        timer.Cursor = Math.Max(0, first - 1);
        db.Add(timer);
        transaction.Append(
            AlertEvents.FollowedUp, AlertEvents.Board, new AlertFollowedUp(alert.Id, alert.Number, alert.State, alert.Revision, alert.Severity, words.Title, actor.Name));
        transaction.Record(new AuditDraft(actor, ActionOf(purpose), $"alert:{alert.Id}", new { alert.Number, alert.Revision, alert.Severity }));
        transaction.AfterCommit(wakeUps.PulseAll);
    }

    private static async Task RewordAsync(TocsinDbContext db, Alert alert, AlertText words, AuditActor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var forNewcomers = AlertMessages.New(alert, MessagePurpose.Alert, words, actor, now);
        db.Add(forNewcomers);
        await db.SaveChangesAsync(cancellationToken);
        await OpenDeliveries.RewordAsync(db, alert.Id, forNewcomers.Id, DeliveryPriority.Of(alert.Mode, alert.Severity), now, cancellationToken);
    }

    private async Task EndAsync(CommandTransaction transaction, Alert alert, CancellationToken cancellationToken)
    {
        await OpenDeliveries.WithdrawAsync(transaction.Db, alert.Id, transaction.Now, cancellationToken);

        // Expansion goes on: those not yet on the board belong there, as not reached. It writes no deliveries any more.
        await transaction.Db.Set<AlertTimer>().Where(t => t.AlertId == alert.Id && t.Kind != AlertTimerKind.Expansion && t.Kind != AlertTimerKind.FollowUp).ExecuteDeleteAsync(cancellationToken);
        await AlertEvents.AppendProgressAsync(transaction, alert.Id, [], cancellationToken);
        AlertEvents.AppendUnderWay(transaction, alert.Mode);
        var id = alert.Id;
        transaction.AfterCommit(() => ended.Add(id));
    }

    private static string ActionOf(MessagePurpose purpose) => purpose switch
    {
        MessagePurpose.Update => "alert.updated",
        MessagePurpose.AllClear => "alert.cleared",
        MessagePurpose.Cancellation => "alert.cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(purpose)),
    };
}

internal abstract record FollowUpResult
{
    private FollowUpResult()
    {
    }

    public sealed record Done(long Number, int Revision) : FollowUpResult;

    public sealed record NotFound : FollowUpResult;

    /// <summary>The alert has ended: nothing follows any more.</summary>
    public sealed record Over(AlertState State) : FollowUpResult;

    public sealed record Refused(IReadOnlyList<RuleViolation> Violations) : FollowUpResult;
}
