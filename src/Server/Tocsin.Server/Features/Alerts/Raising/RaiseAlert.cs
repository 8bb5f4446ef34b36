using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Escalation;
using Tocsin.Alerting.Plans;
using Tocsin.Alerting.Raising;
using Tocsin.Alerting.Scenarios;
using Tocsin.Server.Features.Alerts.Timers;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Bulletins;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Alerts.Raising;

/// <summary>Raises an alert: one transaction holds it, who it is for and what it will do. Once this returns, nothing short of losing the disk stops it.</summary>
internal sealed class RaiseAlert(CommandStore store, IDbContextFactory<TocsinDbContext> contexts, AlertWakeUps wakeUps, TimeProvider time)
{
    /// <param name="idempotencyKey">The same key of the same actor raises once, and gives the same answer again. 1 to 128 characters, or null.</param>
    public async Task<RaiseResult> RaiseAsync(AlertDraft draft, AuditActor actor, string? idempotencyKey, CancellationToken cancellationToken)
    {
        var violations = AlertValidation.Validate(draft.Text, draft.Audience, draft.Plan, draft.Answers, draft.Escalation, draft.Attachment);
        if (violations.Count > 0) return new RaiseResult.Refused(violations);
        if (idempotencyKey is { Length: 0 or > AlertBounds.IdempotencyKey }) throw new ArgumentOutOfRangeException(nameof(idempotencyKey));

        // Read before the transaction: others may write while 100,000 ids are put together.
        var people = await ResolveAsync(draft, cancellationToken);
        if (people.Length == 0) return new RaiseResult.Refused([new RuleViolation(RuleCodes.AudienceEmpty, "audience")]);
        return await store.CommitAsync<RaiseResult>(
            async (transaction, token) =>
            {
                if (await FindEarlierAsync(transaction.Db, actor, idempotencyKey, token) is { } earlier) return earlier;
                var alert = await InsertAsync(transaction, draft, people, actor, idempotencyKey, token);
                transaction.AfterCommit(wakeUps.Timers.Pulse);
                return new RaiseResult.Raised(alert.Id, alert.Number, alert.AudienceCount, Again: false);
            },
            cancellationToken);
    }

    private async Task<PersonId[]> ResolveAsync(AlertDraft draft, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await AudienceQuery.ResolveAsync(db, draft.Audience, time.GetUtcNow(), cancellationToken);
    }

    private static async Task<RaiseResult?> FindEarlierAsync(TocsinDbContext db, AuditActor actor, string? idempotencyKey, CancellationToken cancellationToken)
    {
        // Alerts get numbers without a gap, so they are raised one at a time. This also makes the look for an earlier one safe.
        await AlertNumbers.LockAsync(db, cancellationToken);
        if (idempotencyKey is null) return null;
        var earlier = await db.Set<Alert>().AsNoTracking().FirstOrDefaultAsync(a => a.RaisedBy == actor.Id && a.IdempotencyKey == idempotencyKey, cancellationToken);
        return earlier is null ? null : new RaiseResult.Raised(earlier.Id, earlier.Number, earlier.AudienceCount, Again: true);
    }

    private static async Task<Alert> InsertAsync(
        CommandTransaction transaction, AlertDraft draft, PersonId[] people, AuditActor actor, string? idempotencyKey, CancellationToken cancellationToken)
    {
        var db = transaction.Db;
        var now = transaction.Now;
        var alert = new Alert
        {
            Id = new AlertId(Guid.CreateVersion7(now)),
            Number = await AlertNumbers.NextAsync(db, cancellationToken),
            Mode = draft.Mode,
            Severity = draft.Severity,
            Draft = JsonSerializer.Serialize(draft, AlertingJson.Options),
            ScenarioId = draft.Scenario,
            RaisedBy = actor.Id,
            RaisedByName = actor.Name,
            RaisedAt = now,
            ExpiresAt = now + draft.Plan.Expiry,
            AudienceCount = people.Length,
            IdempotencyKey = idempotencyKey,
        };
        db.Add(alert);
        db.Add(AlertMessages.New(alert, MessagePurpose.Alert, draft.Text, actor, now));
        AlertAudiences.Freeze(db, alert.Id, wave: 0, people);
        if (draft.Public is { } notice) db.Add(Shown(alert, notice, actor));
        AddTimers(db, alert, draft);
        transaction.Append(
            AlertEvents.Raised,
            AlertEvents.Board,
            new AlertRaised(alert.Id, alert.Number, alert.Mode, alert.Severity, draft.Text.Title, alert.AudienceCount, actor.Name, now, alert.ExpiresAt));
        AlertEvents.AppendUnderWay(transaction, alert.Mode);
        transaction.Record(new AuditDraft(
            actor, AlertEvents.Raised, $"alert:{alert.Id}", new { alert.Number, alert.Mode, alert.Severity, draft.Scenario, audience = alert.AudienceCount, @public = draft.Public is not null }));
        return alert;
    }

    private static PublicAlert Shown(Alert alert, PublicNotice notice, AuditActor actor) => new()
    {
        AlertId = alert.Id,
        Category = notice.Category.ToString(),
        Urgency = notice.Urgency.ToString(),
        Certainty = notice.Certainty.ToString(),
        AreaFr = notice.Area?.Fr,
        AreaEn = notice.Area?.En,
        InstructionFr = notice.Instruction?.Fr,
        InstructionEn = notice.Instruction?.En,
        DecidedByName = actor.Name,
        DecidedAt = alert.RaisedAt,
    };

    private static void AddTimers(TocsinDbContext db, Alert alert, AlertDraft draft)
    {
        var now = alert.RaisedAt;
        db.Add(TimerPayload.NewTimer(alert.Id, AlertTimerKind.Expansion, now, new WavePayload(0, WaveKind.Tell)));
        db.Add(TimerPayload.NewTimer(alert.Id, AlertTimerKind.Expiry, alert.ExpiresAt, new ExpiryPayload()));
        if (draft.Plan.Repeat?.NextReminder(now, 0, alert.ExpiresAt) is { } reminder)
            db.Add(TimerPayload.NewTimer(alert.Id, AlertTimerKind.Reminder, reminder, new ReminderPayload(0)));
        var first = EscalationEvaluation.Evaluate(draft.Escalation, _ => default, [], now, alert.ExpiresAt, now).NextCheckAt;
        if (first is { } check)
            db.Add(TimerPayload.NewTimer(alert.Id, AlertTimerKind.Escalation, check, new EscalationPayload([])));
    }
}

internal abstract record RaiseResult
{
    private RaiseResult()
    {
    }

    /// <param name="Again">The same request had raised it before.</param>
    public sealed record Raised(AlertId Id, long Number, int AudienceCount, bool Again) : RaiseResult;

    public sealed record Refused(IReadOnlyList<RuleViolation> Violations) : RaiseResult;
}
