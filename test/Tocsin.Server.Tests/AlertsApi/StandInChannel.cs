using System.Collections.Concurrent;
using Tocsin.Alerting.Channels;

namespace Tocsin.Server.Tests.AlertsApi;

/// <summary>A channel that takes everything and keeps it, so that a test sees what was sent.</summary>
internal sealed class StandInChannel(ChannelKind kind) : IAlertChannel
{
    private readonly ConcurrentQueue<OutboundMessage> sent = [];

    public ChannelKind Kind => kind;

    public int MaximumInFlight => 256;

    public ChannelHealth Health { get; } = new(ChannelHealthState.Ready, null);

    public IReadOnlyCollection<OutboundMessage> Sent => sent;

    /// <summary>An address that the carrier refuses for good.</summary>
    public string? Refused { get; set; }

    /// <summary>The carrier cannot be reached.</summary>
    public bool IsAway { get; set; }

    /// <summary>How often it could not.</summary>
    public int TriedWhileAway { get; private set; }

    /// <summary>An address at which the channel has a defect.</summary>
    public string? Broken { get; set; }

    public ValueTask<DeliveryOutcome> SendAsync(OutboundMessage message, CancellationToken cancellationToken)
    {
        if (message.Address == Broken) throw new InvalidOperationException("The test says that the channel breaks here.");
        if (message.Address == Refused) return ValueTask.FromResult<DeliveryOutcome>(new DeliveryOutcome.Rejected(new FailureReason(FailureCodes.AddressUnknown, "550 5.1.1")));
        if (IsAway)
        {
            TriedWhileAway++;
            return ValueTask.FromResult<DeliveryOutcome>(new DeliveryOutcome.RetryAfter(null, new FailureReason(FailureCodes.CarrierUnavailable)));
        }

        sent.Enqueue(message);
        return ValueTask.FromResult<DeliveryOutcome>(new DeliveryOutcome.Accepted("stand-in", $"{kind}-{message.DeliveryId}-{message.Attempt}"));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
