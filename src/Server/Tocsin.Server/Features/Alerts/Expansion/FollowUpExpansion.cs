using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting.Deliveries;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Features.Alerts.Timers;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Commands;

namespace Tocsin.Server.Features.Alerts.Expansion;

/// <summary>Sends an update, an all-clear or a cancellation to every place that the alert reached before, recipients in order, some thousands per transaction.</summary>
internal sealed class FollowUpExpansion(CommandStore store, AlertWakeUps wakeUps) : ITimerHandler
{
    public AlertTimerKind Kind => AlertTimerKind.FollowUp;

    public async Task RunAsync(AlertTimer timer, CancellationToken cancellationToken)
    {
        var followUp = TimerPayload.Read<FollowUpPayload>(timer);
        var size = (long)AlertBounds.FirstChunk;
        while (timer.Cursor < followUp.Through)
        {
            var through = Math.Min(timer.Cursor + size, followUp.Through);
            if (!await WriteAsync(timer, followUp, through, cancellationToken)) return;
            timer.Cursor = through;
            size = AlertBounds.Chunk;
            wakeUps.PulseDeliveries();
        }

        await store.CommitAsync((transaction, token) => AlertTimers.FinishAsync(transaction.Db, timer, token), cancellationToken);
    }

    private Task<bool> WriteAsync(AlertTimer timer, FollowUpPayload followUp, long through, CancellationToken cancellationToken) =>
        store.CommitAsync(
            async (transaction, token) =>
            {
                var db = transaction.Db;
                if (!await AlertTimers.AdvanceAsync(db, timer, through, transaction.Now + AlertClock.Lease, token)) return false;
                var alert = await db.Set<Alert>().AsNoTracking().SingleAsync(a => a.Id == timer.AlertId, token);

                // Something newer follows the alert up, and goes to the same people.
                if (alert.Revision > followUp.Revision) return true;
                var reached = await AlertAudiences.ReadReachedAsync(db, alert.Id, followUp.Revision, timer.Cursor, through, token);
                if (reached.Count == 0) return true;
                var ids = await DeliveryLedger.TakeDeliveryIdsAsync(db, reached.Count, token);
                var counts = new CountChanges();
                var deliveries = new List<Delivery>(reached.Count);
                foreach (var (recipient, channel, address) in reached)
                {
                    deliveries.Add(new Delivery
                    {
                        Id = ids[deliveries.Count],
                        AlertId = alert.Id,
                        RecipientId = recipient,
                        MessageId = followUp.Message,
                        Channel = channel,
                        Address = address,
                        StateAt = transaction.Now,
                        Priority = DeliveryPriority.Of(alert.Mode, alert.Severity),
                        DueAt = transaction.Now,
                        Step = -1,
                        Condition = StepCondition.Always,
                        CreatedAt = transaction.Now,
                    });
                    counts.Move(alert.Id, channel, null, DeliveryProgress.Planned(transaction.Now));
                }

                await DeliveryLedger.InsertAsync(db, deliveries, token);
                await counts.WriteAsync(db, token);
                await AlertEvents.AppendProgressAsync(transaction, alert.Id, reached.Select(place => place.Recipient).ToHashSet(), token);
                return true;
            },
            cancellationToken);
}
