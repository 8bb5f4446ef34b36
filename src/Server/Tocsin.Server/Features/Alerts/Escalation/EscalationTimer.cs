using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Escalation;
using Tocsin.Server.Features.Alerts.Raising;
using Tocsin.Server.Features.Alerts.Timers;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Alerts.Escalation;

/// <summary>Looks, when a rule's time is up, whether enough have answered, and does what the rule says if not.</summary>
internal sealed class EscalationTimer(CommandStore store, AlertWakeUps wakeUps) : ITimerHandler
{
    public AlertTimerKind Kind => AlertTimerKind.Escalation;

    public Task RunAsync(AlertTimer timer, CancellationToken cancellationToken) =>
        store.CommitAsync(
            async (transaction, token) =>
            {
                var db = transaction.Db;
                await AlertNumbers.LockAlertAsync(db, timer.AlertId, token);
                var alert = await db.Set<Alert>().SingleAsync(a => a.Id == timer.AlertId, token);
                if (alert.State != AlertState.Active)
                {
                    await AlertTimers.FinishAsync(db, timer, token);
                    return;
                }

                await DecideAsync(transaction, timer, alert, token);
                transaction.AfterCommit(wakeUps.Timers.Pulse);
            },
            cancellationToken);

    private static async Task DecideAsync(CommandTransaction transaction, AlertTimer timer, Alert alert, CancellationToken cancellationToken)
    {
        var db = transaction.Db;
        var rules = CataloguedAlert.From(alert).Draft.Escalation;
        var before = TimerPayload.Read<EscalationPayload>(timer).Decided;
        var people = await RulePeople.ReadAsync(db, alert, rules, transaction.Now, cancellationToken);
        var result = EscalationEvaluation.Evaluate(rules, people.Count, [.. before], alert.RaisedAt, alert.ExpiresAt, transaction.Now);
        var isOurs = result.NextCheckAt is { } next
            ? await AlertTimers.RescheduleAsync(db, timer, next, TimerPayload.Write(new EscalationPayload([.. before, .. result.Decided])), cancellationToken)
            : await AlertTimers.FinishAsync(db, timer, cancellationToken);
        if (!isOurs) return;
        foreach (var decided in result.Decided)
        {
            var rule = rules.First(rule => rule.Key == decided.Key);
            var told = decided.Verdict == EscalationVerdict.Fired ? await ActAsync(transaction, alert, rule, people, cancellationToken) : 0;
            transaction.Append(AlertEvents.Escalated, AlertEvents.Board, new AlertEscalated(alert.Id, rule.Key, decided.Verdict, told));
            if (decided.Verdict == EscalationVerdict.Fired)
                transaction.Record(new AuditDraft(AuditActor.System, AlertEvents.Escalated, $"alert:{alert.Id}", new { alert.Number, rule = rule.Key, told }));
        }
    }

    /// <returns>How many people are told.</returns>
    private static async Task<int> ActAsync(CommandTransaction transaction, Alert alert, EscalationRule rule, RulePeople people, CancellationToken cancellationToken)
    {
        var db = transaction.Db;
        var silent = people.Unanswered(rule);
        switch (rule.Then)
        {
            case EscalationAction.Remind:
                await ReminderTimer.RemindAsync(transaction, alert, silent, cancellationToken);
                return silent.Length;
            case EscalationAction.NotifyDeputies:
                var deputies = await FunctionDeputies.OfAsync(db, silent, cancellationToken);
                return AddPeople(transaction, alert, people, deputies, null);
            case EscalationAction.Notify notify:
                var found = await AudienceQuery.ResolveAsync(db, notify.Audience, transaction.Now, cancellationToken);
                return AddPeople(transaction, alert, people, found, notify.Plan);
            case EscalationAction.RaiseSeverity raise:
                if (raise.To > alert.Severity)
                {
                    alert.Severity = raise.To;
                    var current = await AlertMessages.CurrentAsync(db, alert.Id, cancellationToken);
                    db.Add(AlertMessages.Again(alert, current, MessagePurpose.Alert, AuditActor.System, transaction.Now));
                    await db.SaveChangesAsync(cancellationToken);
                }

                await ReminderTimer.RemindAsync(transaction, alert, silent, cancellationToken);
                return silent.Length;
            default:
                throw new ArgumentOutOfRangeException(nameof(rule));
        }
    }

    private static int AddPeople(CommandTransaction transaction, Alert alert, RulePeople people, PersonId[] found, Alerting.Plans.ChannelPlan? plan)
    {
        PersonId[] added = [.. found.Where(person => !people.IsRecipient(person))];
        WaveStart.Add(transaction, alert, WaveKind.Tell, added, plan: plan);
        alert.AudienceCount += added.Length;
        return added.Length;
    }
}

/// <summary>An alert's recipients as its rules count them, at one moment.</summary>
internal sealed class RulePeople
{
    private readonly Dictionary<PersonId, string?> answers;
    private readonly Dictionary<string, PersonId[]> members;

    private RulePeople(Dictionary<PersonId, string?> answers, Dictionary<string, PersonId[]> members) => (this.answers, this.members) = (answers, members);

    public static async Task<RulePeople> ReadAsync(
        TocsinDbContext db, Alert alert, IReadOnlyList<EscalationRule> rules, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var recipients = await AlertAudiences.ReadAnswersAsync(db, alert.Id, cancellationToken);
        var answerOf = recipients.ToDictionary(recipient => recipient.Person, recipient => recipient.Answer);
        var membersOf = new Dictionary<string, PersonId[]>(StringComparer.Ordinal);
        foreach (var rule in rules)
        {
            membersOf[rule.Key] = rule.Of is { } audience
                ? [.. (await AudienceQuery.ResolveAsync(db, audience, now, cancellationToken)).Where(answerOf.ContainsKey)]
                : [.. recipients.Select(recipient => recipient.Person)];
        }

        return new RulePeople(answerOf, membersOf);
    }

    public bool IsRecipient(PersonId person) => answers.ContainsKey(person);

    public EscalationCount Count(EscalationRule rule)
    {
        var of = members[rule.Key];
        return new EscalationCount(of.Length, of.LongCount(person => answers[person] is { } answer && (rule.Answers.Count == 0 || rule.Answers.Contains(answer, StringComparer.Ordinal))));
    }

    /// <summary>Those who count and have not answered at all, in the order of their ids.</summary>
    public PersonId[] Unanswered(EscalationRule rule) => [.. members[rule.Key].Where(person => answers[person] is null)];
}
