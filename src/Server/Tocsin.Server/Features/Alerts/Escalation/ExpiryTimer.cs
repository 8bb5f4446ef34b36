using Microsoft.EntityFrameworkCore;
using Tocsin.Server.Features.Alerts.Receipts;
using Tocsin.Server.Features.Alerts.Timers;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;

namespace Tocsin.Server.Features.Alerts.Escalation;

/// <summary>Ends an alert whose time ran out: nothing more is tried, and what has not left is counted as expired.</summary>
internal sealed class ExpiryTimer(CommandStore store, IDbContextFactory<TocsinDbContext> contexts, NewsJournal journal, TimeProvider time) : ITimerHandler
{
    private const int AtOnce = 1_000;

    public AlertTimerKind Kind => AlertTimerKind.Expiry;

    public async Task RunAsync(AlertTimer timer, CancellationToken cancellationToken)
    {
        await store.CommitAsync((transaction, token) => EndAsync(transaction, timer, token), cancellationToken);
        while (true)
        {
            IReadOnlyList<long> open;
            await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
                open = await OpenDeliveries.ReadAsync(db, timer.AlertId, AtOnce, cancellationToken);
            if (open.Count == 0) break;
            await Task.WhenAll(open.Select(delivery => journal.CommitAsync(new News.TimeRanOut(delivery, time.GetUtcNow()), cancellationToken)));
        }

        await store.CommitAsync((transaction, token) => AlertTimers.FinishAsync(transaction.Db, timer, token), cancellationToken);
    }

    private static async Task EndAsync(CommandTransaction transaction, AlertTimer timer, CancellationToken cancellationToken)
    {
        var db = transaction.Db;
        await AlertNumbers.LockAlertAsync(db, timer.AlertId, cancellationToken);
        var alert = await db.Set<Alert>().SingleAsync(a => a.Id == timer.AlertId, cancellationToken);
        if (alert.State != AlertState.Active) return;
        alert.State = AlertState.Expired;
        alert.EndedAt = transaction.Now;
        await db.Set<AlertTimer>().Where(t => t.AlertId == alert.Id && (t.Kind == AlertTimerKind.Reminder || t.Kind == AlertTimerKind.Escalation)).ExecuteDeleteAsync(cancellationToken);
        AlertEvents.AppendUnderWay(transaction, alert.Mode);
        transaction.Append(AlertEvents.Expired, AlertEvents.Board, new AlertExpired(alert.Id, alert.Number));
        transaction.Record(new AuditDraft(AuditActor.System, AlertEvents.Expired, $"alert:{alert.Id}", new { alert.Number }));
    }
}
