using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Features.Alerts;
using Tocsin.Server.Features.Push;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Events;
using Tocsin.Storage.Rooms;
using Tocsin.Storage.Schema;

namespace Tocsin.Server.Features.Rooms.Notifications;

/// <summary>Tells members' devices that there is something new in a room, or that a task there is due, until the push service takes it or its tries are used up.</summary>
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
    public const string TaskDue = "room.task-due";

    private const int MostAtOnce = 8;

    // Longer than a push service may take to answer.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    /// <summary>A try may be any time from now: what is told late says no less.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private static readonly TimeSpan PauseForAlerts = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    // With several nodes, the one where the entry was written may be gone: how long another takes to look.
    private static readonly TimeSpan LookForOthers = TimeSpan.FromSeconds(15);

    /// <summary>Open pages are told that a task is due also where there is no web push.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        WriteGate.BeUnhurried();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var pulse = notifications.Next;
                var isMore = await RemindSomeAsync(stoppingToken);
                if (notifications.Notifier is { } notifier)
                {
                    isMore |= await store.CommitAsync((transaction, token) => RoomPushLedger.SpreadAsync(transaction.Db, transaction.Now, token), stoppingToken);
                    isMore |= await SendSomeAsync(notifier, stoppingToken);
                }

                if (!isMore) await WaitAsync(pulse, stoppingToken);
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

    /// <summary>Whose task is due learns of it on open pages now; their devices stand in the ledger with the same transaction.</summary>
    /// <returns>Whether there may be more to do at once.</returns>
    private async Task<bool> RemindSomeAsync(CancellationToken cancellationToken)
    {
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            if (await RoomReminderLedger.NextAsync(db, cancellationToken) is not { } due || due > time.GetUtcNow()) return false;
        }

        return await store.CommitAsync(
            async (transaction, token) =>
            {
                var due = await RoomReminderLedger.TakeDueAsync(transaction.Db, transaction.Now, notifications.Notifier is not null, token);
                foreach (var one in due ?? []) transaction.Append(TaskDue, EventVisibility.To(one.PersonId), new RoomTaskDue(one.RoomId, one.Told));
                return due is not null;
            },
            cancellationToken);
    }

    /// <returns>Whether there may be more to do at once.</returns>
    private async Task<bool> SendSomeAsync(IRoomNotifier notifier, CancellationToken cancellationToken)
    {
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            if (await NextPushAsync(db, cancellationToken) is not { } due || due > time.GetUtcNow()) return false;
            if (await DeliveryLeases.NextDueAsync(db, ChannelKind.WebPush, cancellationToken) is { } alert && alert <= time.GetUtcNow())
            {
                await Task.Delay(PauseForAlerts, time, cancellationToken);
                return true;
            }
        }

        var taken = await store.CommitAsync((transaction, token) => TakeDueAsync(transaction, token), cancellationToken);
        if (taken is null) return false;

        // Each outcome is written down as it comes: one push service that is silent keeps nothing of the others.
        await Task.WhenAll(taken.Select(push => SendAsync(notifier, push, cancellationToken)));
        return true;
    }

    /// <summary>What is due by name first.</summary>
    private static async Task<IReadOnlyList<LeasedRoomPush>?> TakeDueAsync(CommandTransaction transaction, CancellationToken cancellationToken)
    {
        var (db, now) = (transaction.Db, transaction.Now);
        var tasks = await RoomReminderLedger.TakeDuePushesAsync(db, now, now + Lease, MostAtOnce, cancellationToken);
        var left = MostAtOnce - (tasks?.Count ?? 0);
        var news = left > 0 ? await RoomPushLedger.TakeDueAsync(db, now, now + Lease, left, cancellationToken) : [];
        return tasks is null ? news : [.. tasks, .. news ?? []];
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
            case RetryDecision.GiveUp { Reason.Code: FailureCodes.SubscriptionGone }:
                await GoneSubscription.RemoveAsync(transaction, push.PersonId, push.Subscription, cancellationToken);
                break;
            case var _ when push.Kind == RoomNotificationKind.Task:
                await RoomReminderLedger.NoteOutcomeAsync(transaction.Db, push, (decision as RetryDecision.TryAgain)?.At, cancellationToken);
                break;
            case RetryDecision.Done:
                await RoomPushLedger.NoteToldAsync(transaction.Db, push, transaction.Now, cancellationToken);
                break;
            case RetryDecision.TryAgain again:
                await RoomPushLedger.NoteNotTakenAsync(transaction.Db, push, again.At, cancellationToken);
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
        var next = await RoomReminderLedger.NextAsync(db, cancellationToken);
        if (notifications.Notifier is not null) next = Earlier(next, await NextPushAsync(db, cancellationToken));
        if (db.Kind == DatabaseKind.PostgreSql)
        {
            next = Earlier(next, time.GetUtcNow() + LookForOthers);
        }

        await WakeUp.WaitAsync(pulse, next, time, cancellationToken);
    }

    private static async Task<DateTimeOffset?> NextPushAsync(TocsinDbContext db, CancellationToken cancellationToken) =>
        Earlier(await RoomPushLedger.NextDueAsync(db, cancellationToken), await RoomReminderLedger.NextPushAsync(db, cancellationToken));

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other : one;

    [LoggerMessage(Level = LogLevel.Error, Message = "Notifications of rooms could not be sent ({Failure}); trying again")]
    private static partial void NotSent(ILogger logger, string failure);
}
