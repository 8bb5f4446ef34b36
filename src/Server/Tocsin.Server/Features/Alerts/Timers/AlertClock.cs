using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using Tocsin.Server.Features.Alerts.Dispatch;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Commands;

namespace Tocsin.Server.Features.Alerts.Timers;

/// <summary>Runs what alerts do at their time. Several at once, so that a new alert does not wait until an older one's hundred thousand are written.</summary>
internal sealed partial class AlertClock : BackgroundService
{
    // Each may hold one or two chunks of people in memory: some megabytes.
    private const int MostRunning = 8;

    /// <summary>How long a step may take before another node thinks this one dead. Steps take a tenth of a second.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(2);

    private readonly CommandStore store;
    private readonly IDbContextFactory<TocsinDbContext> contexts;
    private readonly AlertWakeUps wakeUps;
    private readonly NodeLife node;
    private readonly TimeProvider time;
    private readonly ILogger<AlertClock> logger;
    private readonly FrozenDictionary<AlertTimerKind, ITimerHandler> handlers;
    private readonly HashSet<Task> running = [];

    public AlertClock(
        IEnumerable<ITimerHandler> handlers,
        CommandStore store,
        IDbContextFactory<TocsinDbContext> contexts,
        AlertWakeUps wakeUps,
        NodeLife node,
        TimeProvider time,
        ILogger<AlertClock> logger)
    {
        this.handlers = handlers.ToFrozenDictionary(handler => handler.Kind);
        (this.store, this.contexts, this.wakeUps, this.node, this.time, this.logger) = (store, contexts, wakeUps, node, time, logger);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await StartDueAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                ClockBroken(logger, exception.GetType().Name);
                await Task.Delay(PauseAfterFailure, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task StartDueAsync(CancellationToken cancellationToken)
    {
        var pulse = wakeUps.Timers.Next;
        running.RemoveWhere(task => task.IsCompleted);
        DateTimeOffset? due = null;
        while (running.Count < MostRunning)
        {
            due = await NextDueAsync(cancellationToken);
            if (due is null || due > time.GetUtcNow()) break;
            if (await TakeAsync(cancellationToken) is not { } timer) break;
            running.Add(RunAsync(timer, cancellationToken));
        }

        // With every place taken, the end of any of them pulses.
        await WakeUp.WaitAsync(pulse, running.Count < MostRunning ? due : null, time, cancellationToken);
    }

    private async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await AlertTimers.NextDueAsync(db, cancellationToken);
    }

    private Task<AlertTimer?> TakeAsync(CancellationToken cancellationToken) =>
        store.CommitAsync((transaction, token) => AlertTimers.TakeDueAsync(transaction.Db, node.Id, transaction.Now, transaction.Now + Lease, token), cancellationToken);

    private async Task RunAsync(AlertTimer timer, CancellationToken cancellationToken)
    {
        // Off this loop's thread from the first moment: planning a chunk is work.
        await Task.Yield();
        try
        {
            await handlers[timer.Kind].RunAsync(timer, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The node leaves; it gives back all that it has in hand.
        }
        catch (Exception exception)
        {
            TimerFailed(logger, timer.Kind, timer.AlertId, exception.GetType().Name);
            await TryReleaseAsync(timer, cancellationToken);
        }
        finally
        {
            wakeUps.Timers.Pulse();
        }
    }

    private async Task TryReleaseAsync(AlertTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            await store.CommitAsync(
                (transaction, token) => AlertTimers.ReleaseAsync(transaction.Db, timer, transaction.Now + PauseAfterFailure, token), cancellationToken);
        }
        catch (Exception exception)
        {
            // Then its lease runs out.
            ClockBroken(logger, exception.GetType().Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Due timers could not be read ({Failure}); trying again")]
    private static partial void ClockBroken(ILogger logger, string failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Timer {Kind} of alert {Alert} failed ({Failure}); trying again")]
    private static partial void TimerFailed(ILogger logger, AlertTimerKind kind, Alerting.AlertId alert, string failure);
}
