using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Deliveries;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Features.Alerts.Receipts;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Commands;

namespace Tocsin.Server.Features.Alerts.Dispatch;

/// <summary>Takes due deliveries of one channel, hands them over, and gives the outcomes to the journal. Each channel has its own: a slow carrier holds up no other.</summary>
/// <remarks>
/// Two loops. One leases: it keeps some deliveries ready, so that the carrier never waits for the database. The other sends, as many at a time as the channel
/// allows. Both wait on signals; neither polls. A crash leaves leases behind that the next start, or another node, takes over.
/// </remarks>
internal sealed partial class ChannelDispatcher
{
    // What is leased ahead of sending: a quarter of a second at 4,000 a second. More would only be more to call back when an alert is cancelled.
    private const int MostReady = 1_000;

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);
    private static readonly FailureReason interrupted = new(FailureCodes.ConnectionLost);
    private static readonly FailureReason broken = new(FailureCodes.CarrierUnavailable);

    private readonly IAlertChannel channel;
    private readonly DispatchServices services;
    private readonly ILogger logger;
    private readonly WakeUp roomMade = new();
    private readonly WakeUp placeFreed = new();
    private readonly Channel<LeasedDelivery> ready = Channel.CreateBounded<LeasedDelivery>(MostReady);
    private int inFlight;

    public ChannelDispatcher(IAlertChannel channel, DispatchServices services, ILogger logger) => (this.channel, this.services, this.logger) = (channel, services, logger);

    /// <summary>Works until cancelled; then lets what is under way finish for as long as <paramref name="giveUp"/> allows.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken giveUp)
    {
        var sending = SendAllAsync(stop, giveUp);
        await LeaseAllAsync(stop);
        await sending;
    }

    private async Task LeaseAllAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await LeaseOnceAsync(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                LeasingFailed(logger, channel.Kind, exception.GetType().Name);
                await Task.Delay(PauseAfterFailure, services.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        ready.Writer.TryComplete();
    }

    private async Task LeaseOnceAsync(CancellationToken cancellationToken)
    {
        var pulse = services.WakeUps.Deliveries(channel.Kind).Next;
        var drained = roomMade.Next;

        // Half a load at a time: a transaction for every few deliveries would cost more than the deliveries.
        var room = MostReady - ready.Reader.Count;
        if (room < MostReady / 2)
        {
            await drained.WaitAsync(cancellationToken);
            return;
        }

        var due = await NextDueAsync(cancellationToken);
        if (due is null || due > services.Time.GetUtcNow())
        {
            await WakeUp.WaitAsync(pulse, due, services.Time, cancellationToken);
            return;
        }

        var node = services.Node;
        var leased = await services.Store.CommitAsync(
            (transaction, token) => DeliveryLeases.TakeDueAsync(transaction.Db, channel.Kind, node.Id, transaction.Now, node.LeaseFrom(transaction.Now), room, token), cancellationToken);
        foreach (var delivery in leased)
        {
            node.Keep(delivery.Id, services.Time.GetUtcNow());
            await ready.Writer.WriteAsync(delivery, cancellationToken);
        }
    }

    private async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken)
    {
        await using var db = await services.Contexts.CreateDbContextAsync(cancellationToken);
        return await DeliveryLeases.NextDueAsync(db, channel.Kind, cancellationToken);
    }

    private async Task SendAllAsync(CancellationToken stop, CancellationToken giveUp)
    {
        while (!stop.IsCancellationRequested && await ready.Reader.WaitToReadAsync(CancellationToken.None))
        {
            var place = placeFreed.Next;
            if (Volatile.Read(ref inFlight) >= Math.Max(1, channel.MaximumInFlight))
            {
                await place;
                continue;
            }

            if (!ready.Reader.TryRead(out var delivery)) continue;
            if (ready.Reader.Count == MostReady / 2) roomMade.Pulse();
            Interlocked.Increment(ref inFlight);
            _ = SendOneAsync(delivery, giveUp);
        }

        for (var place = placeFreed.Next; Volatile.Read(ref inFlight) > 0; place = placeFreed.Next)
        {
            if (Volatile.Read(ref inFlight) > 0) await place.WaitAsync(giveUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (giveUp.IsCancellationRequested) return;
        }
    }

    /// <summary>Never throws: what goes wrong is an outcome.</summary>
    private async Task SendOneAsync(LeasedDelivery delivery, CancellationToken giveUp)
    {
        try
        {
            var news = await AttemptAsync(delivery, giveUp);
            await services.Journal.WriteAsync(news, CancellationToken.None);
        }
        catch (Exception exception)
        {
            // The journal is closed: the lease tells whoever comes next that this was under way.
            OutcomeLost(logger, delivery.Id, exception.GetType().Name);
        }
        finally
        {
            services.Node.LetGo(delivery.Id);
            Interlocked.Decrement(ref inFlight);
            placeFreed.Pulse();
        }
    }

    private async ValueTask<News> AttemptAsync(LeasedDelivery delivery, CancellationToken giveUp)
    {
        var node = services.Node.Id;
        CataloguedMessage message;
        OutboundMessage outbound;
        try
        {
            message = await services.Catalog.GetMessageAsync(delivery.MessageId, giveUp);
            if (Needless(delivery, message) is { } progress) return new News.NotSent(delivery, node, progress);
            outbound = await services.Composer.ComposeAsync(delivery, message, giveUp);
        }
        catch (Exception exception)
        {
            SendingBroke(logger, channel.Kind, exception.GetType().Name);
            return Ended(delivery, node, new DeliveryOutcome.RetryAfter(null, broken), RetryPolicy.Default, services.Time.GetUtcNow() + RetryPolicy.LongestCarrierWait);
        }

        return Ended(delivery, node, await SendAsync(outbound, giveUp), message.Alert.Draft.Plan.Retry, message.ExpiresAt);
    }

    private async ValueTask<DeliveryOutcome> SendAsync(OutboundMessage message, CancellationToken giveUp)
    {
        try
        {
            return await channel.SendAsync(message, giveUp);
        }
        catch (OperationCanceledException)
        {
            return new DeliveryOutcome.OutcomeUnknown(interrupted);
        }
        catch (Exception exception)
        {
            // A channel's contract is not to throw. If it does, the message may have left.
            SendingBroke(logger, channel.Kind, exception.GetType().Name);
            return new DeliveryOutcome.OutcomeUnknown(broken);
        }
    }

    private News.AttemptEnded Ended(LeasedDelivery delivery, long node, DeliveryOutcome outcome, RetryPolicy retry, DateTimeOffset expiresAt)
    {
        var now = services.Time.GetUtcNow();
        return new News.AttemptEnded(delivery, node, outcome, retry.NextAttempt(delivery.Attempt, outcome, now, expiresAt, delivery.Id), now);
    }

    /// <summary>Why the delivery need not go any more, or null.</summary>
    private DeliveryProgress? Needless(LeasedDelivery delivery, CataloguedMessage message)
    {
        var now = services.Time.GetUtcNow();
        if (now >= message.ExpiresAt) return new DeliveryProgress(DeliveryState.Expired, now, new FailureReason(FailureCodes.Expired));
        var isOver = !message.IsEnding && services.Ended.Contains(delivery.AlertId);
        return isOver || !delivery.Condition.Holds(ProgressOf(delivery.Standing)) ? DeliveryProgress.Withdrawn(now) : null;
    }

    private static RecipientState ProgressOf(Standing standing) => standing switch
    {
        Standing.NeedsHelp or Standing.Answered => RecipientState.Answered,
        Standing.Read => RecipientState.Read,
        Standing.Delivered => RecipientState.Delivered,
        Standing.Sent => RecipientState.Sent,
        Standing.Failed => RecipientState.Failed,
        _ => RecipientState.NotReached,
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "Due deliveries of {Channel} could not be leased ({Failure}); trying again")]
    private static partial void LeasingFailed(ILogger logger, ChannelKind channel, string failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "A message over {Channel} broke before its outcome ({Failure})")]
    private static partial void SendingBroke(ILogger logger, ChannelKind channel, string failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The outcome of delivery {Delivery} came after the journal closed ({Failure}); it will be sent again")]
    private static partial void OutcomeLost(ILogger logger, long delivery, string failure);
}

/// <summary>What every dispatcher works with.</summary>
internal sealed record DispatchServices(
    CommandStore Store,
    IDbContextFactory<TocsinDbContext> Contexts,
    NodeLife Node,
    AlertCatalog Catalog,
    MessageComposer Composer,
    NewsJournal Journal,
    AlertWakeUps WakeUps,
    EndedAlerts Ended,
    TimeProvider Time);
