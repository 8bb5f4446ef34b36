using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Deliveries;
using Tocsin.Alerting.Plans;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Audit;

namespace Tocsin.Server.Features.Alerts.Receipts;

/// <summary>Something that became known of a delivery or a recipient. Exactly one of the nested kinds.</summary>
internal abstract record News
{
    private News()
    {
    }

    /// <summary>A channel is done with an attempt.</summary>
    /// <param name="Node">Which node had the delivery in hand.</param>
    public sealed record AttemptEnded(LeasedDelivery Delivery, long Node, DeliveryOutcome Outcome, RetryDecision Decision, DateTimeOffset At) : News;

    /// <summary>The node that had it in hand found that it need not go any more.</summary>
    public sealed record NotSent(LeasedDelivery Delivery, long Node, DeliveryProgress Progress) : News;

    /// <summary>Its alert's time ran out before it left.</summary>
    public sealed record TimeRanOut(long Delivery, DateTimeOffset At) : News;

    /// <summary>A carrier says how far a message got.</summary>
    public sealed record ReceiptCame(DeliveryReceipt Receipt) : News;

    /// <summary>Something came back over a channel that has no link of ours.</summary>
    public sealed record ReplyCame(InboundReply Reply) : News;

    /// <summary>A recipient answered.</summary>
    /// <param name="Answer">Its choice is one of the alert's, or null.</param>
    /// <param name="NeedsHelp">Whether the choice means that.</param>
    /// <param name="EnteredBy">Who entered it on the recipient's behalf, for the audit trail; null where the recipient did.</param>
    public sealed record AnswerCame(AnswerRecord Answer, bool NeedsHelp, AuditActor? EnteredBy = null) : News;

    /// <summary>Somebody has read what a recipient wrote.</summary>
    public sealed record ReplyRead(long Recipient) : News;
}
