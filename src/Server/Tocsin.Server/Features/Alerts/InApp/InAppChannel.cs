using System.Threading.Channels;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Events;

namespace Tocsin.Server.Features.Alerts.InApp;

/// <summary>Tells people in the application, by an event that only they see: at once where they are signed in, and when they next connect where not.</summary>
/// <remarks>The event stream is the carrier: once the event is committed it cannot be lost, so that is when the message counts as accepted. Events are committed as many as wait.</remarks>
internal sealed partial class InAppChannel : IAlertChannel
{
    // What one transaction appends: about a megabyte of events.
    private const int LargestBatch = 1_000;

    private static readonly DeliveryOutcome accepted = new DeliveryOutcome.Accepted("in-app", null);
    private static readonly DeliveryOutcome refused = new DeliveryOutcome.Rejected(new FailureReason(FailureCodes.AddressInvalid));
    private static readonly DeliveryOutcome postponed = new DeliveryOutcome.RetryAfter(null, new FailureReason(FailureCodes.CarrierUnavailable));

    private readonly Channel<Entry> queue = Channel.CreateBounded<Entry>(new BoundedChannelOptions(LargestBatch * 2) { SingleReader = true });
    private readonly CommandStore store;
    private readonly ILogger logger;
    private readonly Task loop;

    public InAppChannel(CommandStore store, ILogger<InAppChannel> logger)
    {
        (this.store, this.logger) = (store, logger);
        loop = Task.Run(RunAsync);
    }

    public ChannelKind Kind => ChannelKind.InApp;

    public int MaximumInFlight => LargestBatch;

    public ChannelHealth Health { get; } = new(ChannelHealthState.Ready, null);

    public async ValueTask<DeliveryOutcome> SendAsync(OutboundMessage message, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(message.Address, out var person)) return refused;
        var entry = new Entry(new PersonId(person), message, new TaskCompletionSource<DeliveryOutcome>(TaskCreationOptions.RunContinuationsAsynchronously));
        await queue.Writer.WriteAsync(entry, cancellationToken);
        return await entry.Outcome.Task.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await loop;
    }

    private async Task RunAsync()
    {
        var batch = new List<Entry>(LargestBatch);
        while (await queue.Reader.WaitToReadAsync())
        {
            while (batch.Count < LargestBatch && queue.Reader.TryRead(out var entry)) batch.Add(entry);
            var outcome = await AppendAsync(batch);
            foreach (var entry in batch) entry.Outcome.TrySetResult(outcome);
            batch.Clear();
        }
    }

    private async Task<DeliveryOutcome> AppendAsync(List<Entry> batch)
    {
        try
        {
            await store.CommitAsync(
                (transaction, _) =>
                {
                    foreach (var entry in batch) transaction.Append(AlertEvents.Arrived, EventVisibility.To(entry.Person), AlertArrived.Of(entry.Message));
                    return Task.CompletedTask;
                },
                CancellationToken.None);
            return accepted;
        }
        catch (Exception exception)
        {
            NotAppended(logger, batch.Count, exception.GetType().Name);
            return postponed;
        }
    }

    private sealed record Entry(PersonId Person, OutboundMessage Message, TaskCompletionSource<DeliveryOutcome> Outcome);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} in-app messages could not be written ({Failure})")]
    private static partial void NotAppended(ILogger logger, int count, string failure);
}

/// <summary>What a person's pages show at once; the whole text is read over HTTP.</summary>
internal sealed record AlertArrived(AlertId AlertId, DeliveryId DeliveryId, long Number, MessagePurpose Purpose, AlertMode Mode, Severity Severity, string Title, DateTimeOffset ExpiresAt)
{
    public static AlertArrived Of(OutboundMessage message) =>
        new(message.AlertId, message.DeliveryId, message.AlertNumber, message.Purpose, message.Mode, message.Severity, message.Title, message.ExpiresAt);
}
