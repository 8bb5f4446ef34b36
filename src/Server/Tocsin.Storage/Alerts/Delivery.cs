using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Deliveries;
using Tocsin.Alerting.Plans;

namespace Tocsin.Storage.Alerts;

/// <summary>One message to one contact point of one recipient.</summary>
/// <remarks>
/// <see cref="DueAt"/> is when the dispatcher looks at an open delivery next: the time of its next attempt, or, while a node has it in hand, the moment at
/// which that node is thought dead. So one index finds both, and a lease that runs out needs no clean-up.
/// </remarks>
public sealed class Delivery
{
    /// <summary>A <see cref="DeliveryId"/>.</summary>
    public long Id { get; set; }

    public AlertId AlertId { get; set; }

    public long RecipientId { get; set; }

    public long MessageId { get; set; }

    public ChannelKind Channel { get; set; }

    /// <summary>As the channel takes it (<see cref="OutboundMessage.Address"/>), frozen when planned. Personal data: never logged.</summary>
    public string Address { get; set; } = "";

    public DeliveryState State { get; set; }

    /// <summary>The moment of <see cref="State"/>, by whoever's clock told it.</summary>
    public DateTimeOffset StateAt { get; set; }

    /// <summary>0 leaves first: see <see cref="DeliveryPriority"/>.</summary>
    public int Priority { get; set; }

    public DateTimeOffset DueAt { get; set; }

    /// <summary>The node that has it in hand, or null.</summary>
    public long? LeaseOwner { get; set; }

    /// <summary>Index into the plan's steps; -1 for what follows an alert up.</summary>
    public int Step { get; set; }

    /// <summary>What makes it needless, checked when it is due.</summary>
    public StepCondition Condition { get; set; }

    /// <summary>Attempts begun so far.</summary>
    public int Attempt { get; set; }

    public string? ProviderId { get; set; }

    public string? ProviderMessageId { get; set; }

    public string? FailureCode { get; set; }

    public string? CarrierCode { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? AcceptedAt { get; set; }

    public DateTimeOffset? DeliveredAt { get; set; }

    public DateTimeOffset? ReadAt { get; set; }
}

/// <summary>An attempt that the carrier did not take. One that it took is told by the delivery itself.</summary>
public sealed class DeliveryAttempt
{
    public long DeliveryId { get; set; }

    /// <summary>1 for the first.</summary>
    public int Attempt { get; set; }

    public DateTimeOffset At { get; set; }

    public AttemptResult Result { get; set; }

    public string FailureCode { get; set; } = "";

    public string? CarrierCode { get; set; }
}

/// <summary>How an attempt ended that was not taken. Stored as the number.</summary>
public enum AttemptResult
{
    Postponed = 0,
    Rejected = 1,
    Unknown = 2,
}
