using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Features.Alerts;
using Tocsin.Server.Features.Alerts.Dispatch;
using Tocsin.Storage;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Notices;
using Tocsin.Storage.Schema;

namespace Tocsin.Server.Features.Notices;

/// <summary>Hands one kind of notice to its channels until a carrier takes each or it expires.</summary>
/// <remarks>
/// A notice never stands before an alert: at most <see cref="MostAtOnce"/> of a kind are under way in this process, each transaction is short and gives way,
/// and what alerts have to send does not pass through here. A crash leaves rows that fall due again within <see cref="Lease"/>: a message may so arrive twice,
/// with the same Message-ID.
/// </remarks>
internal abstract partial class NoticeSender<TDelivery>(
    WakeUp wakeUp, CommandStore store, IDbContextFactory<TocsinDbContext> contexts, AlertChannels channels, TimeProvider time, ILogger logger) : BackgroundService
    where TDelivery : NoticeDelivery
{
    private const int MostAtOnce = 16;

    /// <summary>Until it expires, which is what ends it: nobody waits for a notice by the minute, and a carrier that is away for a night is back in the morning.</summary>
    private static readonly RetryPolicy UsualPatience = new(100, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(20));

    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    // With several nodes, the one that began it may be gone: how long another takes to look.
    private static readonly TimeSpan LookForOthers = TimeSpan.FromSeconds(15);

    /// <summary>People whose messages are written down in one transaction: some milliseconds of the writer.</summary>
    protected const int Chunk = 250;

    protected CommandStore Store => store;

    protected IDbContextFactory<TocsinDbContext> Contexts => contexts;

    protected TimeProvider Time => time;

    /// <summary>Does what comes before sending: writes messages down, ends what is over.</summary>
    /// <returns>Whether there was something to do.</returns>
    protected abstract Task<bool> PrepareSomeAsync(CancellationToken cancellationToken);

    /// <summary>How each of <paramref name="taken"/> is said.</summary>
    protected abstract Task<Func<TDelivery, OutboundMessage>> WriteMessagesAsync(List<TDelivery> taken, CancellationToken cancellationToken);

    /// <summary>How often a carrier that does not take one is asked again.</summary>
    protected virtual RetryPolicy Patience => UsualPatience;

    /// <summary>A carrier took it. In the transaction that keeps this.</summary>
    protected virtual Task AcceptedAsync(CommandTransaction transaction, TDelivery delivery, DeliveryOutcome.Accepted accepted, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The code that is kept where no carrier took it.</summary>
    /// <param name="last">What came of the last attempt.</param>
    protected virtual string FailureCodeOf(RetryDecision.GiveUp end, DeliveryOutcome last) => end.Reason.Code;

    /// <summary>No carrier took it. In the transaction that keeps this.</summary>
    protected virtual Task GiveUpAsync(CommandTransaction transaction, TDelivery delivery, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>When <see cref="PrepareSomeAsync"/> has something to do by itself; null: never.</summary>
    protected virtual Task<DateTimeOffset?> NextPreparationAsync(TocsinDbContext db, CancellationToken cancellationToken) => Task.FromResult<DateTimeOffset?>(null);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        WriteGate.BeUnhurried();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var pulse = wakeUp.Next;
                var prepared = await PrepareSomeAsync(stoppingToken);
                var sent = await SendSomeAsync(stoppingToken);
                if (!prepared && !sent) await WaitAsync(pulse, stoppingToken);
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

    private async Task<bool> SendSomeAsync(CancellationToken cancellationToken)
    {
        var taken = await store.CommitAsync(LeaseAsync, cancellationToken);
        if (taken.Count == 0) return false;
        var write = await WriteMessagesAsync(taken, cancellationToken);
        var outcomes = await Task.WhenAll(taken.Select(delivery => SendAsync(delivery, write, cancellationToken)));
        await store.CommitAsync((transaction, token) => KeepAsync(transaction, outcomes, token), cancellationToken);
        return true;
    }

    /// <summary>Where several nodes look, the one whose update moved <see cref="NoticeDelivery.DueAt"/> has it.</summary>
    private static async Task<List<TDelivery>> LeaseAsync(CommandTransaction transaction, CancellationToken cancellationToken)
    {
        var db = transaction.Db;
        var due = await db.Set<TDelivery>().AsNoTracking().Where(d => d.State == NoticeState.Waiting && d.DueAt <= transaction.Now)
            .OrderBy(d => d.DueAt).ThenBy(d => d.Id).Take(MostAtOnce).ToListAsync(cancellationToken);
        var taken = new List<TDelivery>(due.Count);
        foreach (var delivery in due)
        {
            var changed = await db.Set<TDelivery>().Where(d => d.Id == delivery.Id && d.State == NoticeState.Waiting && d.DueAt == delivery.DueAt && d.Attempt == delivery.Attempt)
                .ExecuteUpdateAsync(set => set.SetProperty(d => d.DueAt, transaction.Now + Lease).SetProperty(d => d.Attempt, d => d.Attempt + 1), cancellationToken);
            if (changed == 0) continue;
            delivery.Attempt++;
            taken.Add(delivery);
        }

        return taken;
    }

    private async Task<(TDelivery Delivery, DeliveryOutcome Outcome, RetryDecision Decision)> SendAsync(TDelivery delivery, Func<TDelivery, OutboundMessage> write, CancellationToken cancellationToken)
    {
        var outcome = time.GetUtcNow() >= delivery.ExpiresAt
            ? new DeliveryOutcome.Rejected(new FailureReason(FailureCodes.Expired))
            : await HandOverAsync(write(delivery), delivery.Channel, cancellationToken);
        return (delivery, outcome, Patience.NextAttempt(delivery.Attempt, outcome, time.GetUtcNow(), delivery.ExpiresAt, delivery.Id));
    }

    /// <summary>A channel's contract is not to throw. If it does, what came of the others that were under way with this one is kept all the same: they would be sent again and again.</summary>
    private async Task<DeliveryOutcome> HandOverAsync(OutboundMessage message, ChannelKind channel, CancellationToken cancellationToken)
    {
        try
        {
            return await channels[channel].SendAsync(message, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Broke(logger, channel, exception.GetType().Name);
            return new DeliveryOutcome.OutcomeUnknown(new FailureReason(FailureCodes.CarrierUnavailable));
        }
    }

    /// <summary>What is settled forgets its address.</summary>
    private async Task<bool> KeepAsync(CommandTransaction transaction, (TDelivery Delivery, DeliveryOutcome Outcome, RetryDecision Decision)[] outcomes, CancellationToken cancellationToken)
    {
        foreach (var (delivery, outcome, decision) in outcomes)
        {
            var row = transaction.Db.Set<TDelivery>().Where(d => d.Id == delivery.Id && d.State == NoticeState.Waiting);
            switch (decision)
            {
                case RetryDecision.Done:
                    var sent = await row.ExecuteUpdateAsync(set => set.SetProperty(d => d.State, NoticeState.Sent).SetProperty(d => d.Address, ""), cancellationToken);
                    if (sent > 0 && outcome is DeliveryOutcome.Accepted accepted) await AcceptedAsync(transaction, delivery, accepted, cancellationToken);
                    break;
                case RetryDecision.GiveUp end:
                    var code = FailureCodeOf(end, outcome);
                    var settled = await row.ExecuteUpdateAsync(
                        set => set.SetProperty(d => d.State, NoticeState.Failed).SetProperty(d => d.FailureCode, code).SetProperty(d => d.Address, ""), cancellationToken);
                    if (settled > 0) await GiveUpAsync(transaction, delivery, cancellationToken);
                    break;
                case RetryDecision.TryAgain again:
                    await row.ExecuteUpdateAsync(set => set.SetProperty(d => d.DueAt, again.At), cancellationToken);
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(outcomes));
            }
        }

        return true;
    }

    private async Task WaitAsync(Task pulse, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var next = await db.Set<TDelivery>().Where(d => d.State == NoticeState.Waiting).MinAsync(d => (DateTimeOffset?)d.DueAt, cancellationToken);
        if (await NextPreparationAsync(db, cancellationToken) is { } preparation && (next is null || preparation < next)) next = preparation;
        if (db.Kind == DatabaseKind.PostgreSql)
        {
            var look = time.GetUtcNow() + LookForOthers;
            next = next is { } due && due < look ? due : look;
        }

        await WakeUp.WaitAsync(pulse, next, time, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A notice's message over {Channel} broke before its outcome ({Failure})")]
    private static partial void Broke(ILogger logger, ChannelKind channel, string failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Notices could not be sent ({Failure}); trying again")]
    private static partial void NotSent(ILogger logger, string failure);
}
