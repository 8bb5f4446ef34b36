namespace Tocsin.Alerting.Channels;

/// <summary>Where a channel gives what comes back. Each call completes once it is durable; only then may the channel acknowledge to its carrier.</summary>
/// <remarks>Duplicates, any order, and receipts that overtake their own outcome are expected and handled behind this interface. A throw means: not kept, do not acknowledge.</remarks>
public interface IChannelInbox
{
    ValueTask TakeReceiptAsync(DeliveryReceipt receipt, CancellationToken cancellationToken);

    ValueTask TakeReplyAsync(InboundReply reply, CancellationToken cancellationToken);
}

/// <summary>How far a carrier says a message got.</summary>
public enum ReceiptState
{
    /// <summary>On its way; no news yet.</summary>
    Enroute,

    /// <summary>Reached the device or mailbox.</summary>
    Delivered,

    /// <summary>Shown to the person.</summary>
    Read,

    /// <summary>Will not arrive.</summary>
    Failed,

    /// <summary>Its time ran out before it arrived.</summary>
    Expired,
}

/// <summary>A carrier's word on a message that it accepted.</summary>
/// <param name="ProviderId">As in <see cref="DeliveryOutcome.Accepted"/>.</param>
/// <param name="ProviderMessageId">As in <see cref="DeliveryOutcome.Accepted"/>; null where <paramref name="DeliveryId"/> is known.</param>
/// <param name="DeliveryId">Set by carriers that echo our own id; null otherwise.</param>
/// <param name="At">When it happened by the carrier's clock, or now.</param>
public sealed record DeliveryReceipt(
    ChannelKind Channel,
    string ProviderId,
    string? ProviderMessageId,
    DeliveryId? DeliveryId,
    ReceiptState State,
    FailureReason? Reason,
    DateTimeOffset At);

/// <summary>Something a person sent back over a channel that has no link of ours (SMS, mail).</summary>
/// <param name="From">The sender's address in the form of <see cref="OutboundMessage.Address"/>. Never logged.</param>
/// <param name="Text">What was written; bounded to 1,600 characters by the channel.</param>
/// <param name="InReplyTo">The delivery it answers, where the carrier says; null otherwise.</param>
/// <param name="DeduplicationKey">The same when the carrier sends the same reply twice; at most 128 characters.</param>
public sealed record InboundReply(
    ChannelKind Channel,
    string ProviderId,
    string From,
    string Text,
    DeliveryId? InReplyTo,
    string DeduplicationKey,
    DateTimeOffset At);
