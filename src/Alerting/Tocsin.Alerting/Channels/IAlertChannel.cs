namespace Tocsin.Alerting.Channels;

/// <summary>Hands messages to one kind of carrier. Each channel is independent: where one fails, the others go on.</summary>
/// <remarks>
/// Every implementation inherits <c>AlertChannelSpecification</c>. A channel knows nothing of the database: receipts and replies are given to the
/// <see cref="IChannelInbox"/>, which answers only once they are durable, so that a channel acknowledges to its carrier only what cannot be lost.
/// Members are called from many threads at once.
/// </remarks>
public interface IAlertChannel : IAsyncDisposable
{
    ChannelKind Kind { get; }

    /// <summary>How many <see cref="SendAsync"/> calls the dispatcher may have under way at once. Bounds memory; may change as carriers come and go.</summary>
    int MaximumInFlight { get; }

    /// <summary>Hands one message to the carrier.</summary>
    /// <returns>
    /// What is known of it. Never throws for anything a carrier does: breakdown, refusal and time-out are outcomes. Cancelled only by
    /// <paramref name="cancellationToken"/>, and then the outcome counts as unknown.
    /// </returns>
    ValueTask<DeliveryOutcome> SendAsync(OutboundMessage message, CancellationToken cancellationToken);

    /// <summary>Whether the channel could send now, for the readiness page and the connection line of the interface.</summary>
    ChannelHealth Health { get; }
}

/// <summary>A channel's state in one word and one stable reason code (<c>not-configured</c>, <c>connecting</c>, <c>bind-refused</c> ...).</summary>
public sealed record ChannelHealth(ChannelHealthState State, string? ReasonCode);

public enum ChannelHealthState
{
    NotConfigured,
    Ready,
    Degraded,
    Down,
}
