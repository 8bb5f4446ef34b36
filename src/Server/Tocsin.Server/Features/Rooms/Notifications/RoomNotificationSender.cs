using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Features.Alerts;
using Tocsin.Server.Features.Push;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Rooms;
using Tocsin.Storage.Schema;

namespace Tocsin.Server.Features.Rooms.Notifications;

/// <summary>Tells members' devices that there is something new in a room, until the push service takes it or its tries are used up.</summary>
/// <remarks>
/// Never before an alert: while deliveries of alerts by web push wait to leave, nothing of rooms does, at most <see cref="MostAtOnce"/> are under way in this process, in places that
/// alerts do not use, and each transaction is short and gives way. What is under way when the process dies is due again when its lease ends: a device may so be told twice, and shows one.
/// </remarks>
internal sealed partial class RoomNotificationSender(
    RoomNotifications notifications,
    CommandStore store,
    IDbContextFactory<TocsinDbContext> contexts,
    TimeProvider time,
    ILogger<RoomNotificationSender> logger) : BackgroundService
{
    private const int MostAtOnce = 8;

    // Longer than a push service may take to answer.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    /// <summary>A try may be any time from now: what is told late says no less.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private static readonly TimeSpan PauseForAlerts = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    // With several nodes, the one where the entry was written may be gone: how long another takes to look.
    private static readonly TimeSpan LookForOthers = TimeSpan.FromSeconds(15);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => notifications.Notifier is { } notifier ? RunAsync(notifier, stoppingToken) : Task.CompletedTask;

    private async Task RunAsync(IRoomNotifier notifier, CancellationToken stoppingToken)
    {
        WriteGate.BeUnhurried();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var pulse = notifications.Next;
                var spread = await store.CommitAsync((transaction, token) => RoomPushLedger.SpreadAsync(transaction.Db, transaction.Now, token), stoppingToken);
                if (!await SendSomeAsync(notifier, stoppingToken) && !spread) await WaitAsync(pulse, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                NotSent(logger, exception.GetType().Name);
                await Task.Delay(PauseAfterFailure, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <returns>Whether there may be more to do at once.</returns>
    private async Task<bool> SendSomeAsync(IRoomNotifier notifier, CancellationToken cancellationToken)
    {
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            if (await RoomPushLedger.NextDueAsync(db, cancellationToken) is not { } due || due > time.GetUtcNow()) return false;
            if (await DeliveryLeases.NextDueAsync(db, ChannelKind.WebPush, cancellationToken) is { } alert && alert <= time.GetUtcNow())
            {
                await Task.Delay(PauseForAlerts, time, cancellationToken);
                return true;
            }
        }

        var taken = await store.CommitAsync(
            (transaction, token) => RoomPushLedger.TakeDueAsync(transaction.Db, transaction.Now, transaction.Now + Lease, MostAtOnce, token), cancellationToken);
        if (taken is null) return false;

        // Each outcome is written down as it comes: one push service that is silent keeps nothing of the others.
        await Task.WhenAll(taken.Select(push => SendAsync(notifier, push, cancellationToken)));
        return true;
    }

    private async Task SendAsync(IRoomNotifier notifier, LeasedRoomPush push, CancellationToken cancellationToken)
    {
        var outcome = await notifier.NotifyAsync(new RoomNotification(push.Subscription, push.RoomId, push.Seq, push.Kind), cancellationToken);
        var now = time.GetUtcNow();
        var decision = RetryPolicy.Default.NextAttempt(push.Attempt, outcome, now, now + Lifetime, push.ContactPointId.GetHashCode());
        await store.CommitAsync((transaction, token) => KeepAsync(transaction, push, decision, token), cancellationToken);
    }

    private static async Task<bool> KeepAsync(CommandTransaction transaction, LeasedRoomPush push, RetryDecision decision, CancellationToken cancellationToken)
    {
        switch (decision)
        {
            case RetryDecision.Done:
                await RoomPushLedger.NoteToldAsync(transaction.Db, push, transaction.Now, cancellationToken);
                break;
            case RetryDecision.TryAgain again:
                await RoomPushLedger.NoteNotTakenAsync(transaction.Db, push, again.At, cancellationToken);
                break;
            case RetryDecision.GiveUp { Reason.Code: FailureCodes.SubscriptionGone }:
                await GoneSubscription.RemoveAsync(transaction, push.PersonId, push.Subscription, cancellationToken);
                break;
            default:
                await RoomPushLedger.NoteNotTakenAsync(transaction.Db, push, null, cancellationToken);
                break;
        }

        return true;
    }

    private async Task WaitAsync(Task pulse, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var next = await RoomPushLedger.NextDueAsync(db, cancellationToken);
        if (db.Kind == DatabaseKind.PostgreSql)
        {
            var look = time.GetUtcNow() + LookForOthers;
            next = next is { } due && due < look ? due : look;
        }

        await WakeUp.WaitAsync(pulse, next, time, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Notifications of rooms could not be sent ({Failure}); trying again")]
    private static partial void NotSent(ILogger logger, string failure);
}
