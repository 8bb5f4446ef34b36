using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Channels.Sharing;

namespace Tocsin.Server.Features.Alerts.Readiness;

/// <summary>Writes every message as its carriers would get it, and hands it to none.</summary>
internal sealed class RehearsalChannel(ChannelKind kind) : IAlertChannel
{
    private const string Sender = "rehearsal@tocsin.invalid";

    public ChannelKind Kind => kind;

    public int MaximumInFlight => 1;

    public ChannelHealth Health => new(ChannelHealthState.Ready, null);

    public ValueTask<DeliveryOutcome> SendAsync(OutboundMessage message, CancellationToken cancellationToken)
    {
        var octets = MessageForms.Measure(message, Sender);
        return new ValueTask<DeliveryOutcome>(new DeliveryOutcome.Accepted("rehearsal", $"{kind}-{message.DeliveryId}-{octets}"));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
