using Tocsin.Alerting.Channels;

namespace Tocsin.Server.Features.Alerts.Dispatch;

/// <summary>Stands where no channel is configured: whatever is planned for it fails at once and the board says why, rather than waiting in silence.</summary>
internal sealed class UnconfiguredChannel(ChannelKind kind) : IAlertChannel
{
    private static readonly DeliveryOutcome refusal = new DeliveryOutcome.Rejected(new FailureReason(FailureCodes.NotConfigured));

    public ChannelKind Kind => kind;

    public int MaximumInFlight => 1_000;

    public ChannelHealth Health { get; } = new(ChannelHealthState.NotConfigured, "not-configured");

    public ValueTask<DeliveryOutcome> SendAsync(OutboundMessage message, CancellationToken cancellationToken) => ValueTask.FromResult(refusal);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
