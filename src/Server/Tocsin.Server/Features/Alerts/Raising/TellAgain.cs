using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Server.Features.Alerts.Escalation;
using Tocsin.Server.Features.Alerts.Timers;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;

namespace Tocsin.Server.Features.Alerts.Raising;

/// <summary>Sends an alert once more to some of its recipients, by the ways the directory now has for them: somebody saw on the board that they were not reached.</summary>
internal sealed class TellAgain(CommandStore store, AlertWakeUps wakeUps)
{
    public const int MostNamed = 1_000;

    /// <param name="recipients">At most <see cref="MostNamed"/>.</param>
    public Task<TellAgainResult> ToAsync(AlertId alert, IReadOnlyCollection<RecipientId> recipients, AuditActor actor, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(recipients.Count, MostNamed, nameof(recipients));
        long[] ids = [.. recipients.Select(recipient => recipient.Value)];
        return CommitAsync(alert, query => query.Where(r => ids.Contains(r.Id)), actor, cancellationToken);
    }

    /// <summary>To everyone whom nothing could reach.</summary>
    public Task<TellAgainResult> ToFailedAsync(AlertId alert, AuditActor actor, CancellationToken cancellationToken) =>
        CommitAsync(alert, query => query.Where(r => r.Standing == Standing.Failed), actor, cancellationToken);

    private Task<TellAgainResult> CommitAsync(AlertId id, Func<IQueryable<Recipient>, IQueryable<Recipient>> which, AuditActor actor, CancellationToken cancellationToken) =>
        store.CommitAsync<TellAgainResult>(
            async (transaction, token) =>
            {
                var db = transaction.Db;
                await AlertNumbers.LockAlertAsync(db, id, token);
                var alert = await db.Set<Alert>().FirstOrDefaultAsync(a => a.Id == id, token);
                if (alert is null) return new TellAgainResult.NotFound();
                if (alert.State != AlertState.Active) return new TellAgainResult.Over(alert.State);
                var people = await which(db.Set<Recipient>().Where(r => r.AlertId == id)).Select(r => r.PersonId).ToListAsync(token);
                people.Sort(static (a, b) => a.Value.CompareTo(b.Value));
                WaveStart.Add(transaction, alert, WaveKind.TellAgain, [.. people]);
                transaction.Record(new AuditDraft(actor, "alert.told-again", $"alert:{id}", new { alert.Number, people = people.Count }));
                transaction.AfterCommit(wakeUps.Timers.Pulse);
                return new TellAgainResult.Started(people.Count);
            },
            cancellationToken);
}

internal abstract record TellAgainResult
{
    private TellAgainResult()
    {
    }

    public sealed record Started(int People) : TellAgainResult;

    public sealed record NotFound : TellAgainResult;

    public sealed record Over(AlertState State) : TellAgainResult;
}
