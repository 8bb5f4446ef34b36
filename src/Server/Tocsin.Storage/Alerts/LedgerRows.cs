using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Deliveries;
using Tocsin.Alerting.Plans;

namespace Tocsin.Storage.Alerts;

/// <summary>A delivery, locked and loaded to be changed by news of it.</summary>
public sealed class DeliveryInLedger
{
    public required long Id { get; init; }

    public required AlertId AlertId { get; init; }

    public required long RecipientId { get; init; }

    public required long MessageId { get; set; }

    public required ChannelKind Channel { get; init; }

    public required StepCondition Condition { get; init; }

    public required int Attempt { get; init; }

    /// <summary>As it was loaded.</summary>
    public required DeliveryProgress Before { get; init; }

    public required DeliveryProgress Progress { get; set; }

    public required DateTimeOffset DueAt { get; set; }

    public long? LeaseOwner { get; set; }

    /// <summary>Something but <see cref="Progress"/> changed, and is to be saved.</summary>
    public bool IsTouched { get; set; }

    public string? ProviderId { get; set; }

    public string? ProviderMessageId { get; set; }

    public DateTimeOffset? AcceptedAt { get; set; }

    public DateTimeOffset? DeliveredAt { get; set; }

    public DateTimeOffset? ReadAt { get; set; }
}

/// <summary>A recipient, locked and loaded to be changed by news of them.</summary>
public sealed class RecipientInLedger
{
    public required long Id { get; init; }

    public required AlertId AlertId { get; init; }

    public required PersonId PersonId { get; init; }

    public required SiteId? SiteId { get; init; }

    /// <summary>As it was loaded.</summary>
    public required Standing Before { get; init; }

    public required Standing Standing { get; set; }

    public UnreachableReason? Unreachable { get; set; }

    public string? AnswerChoice { get; set; }

    public DateTimeOffset? AnsweredAt { get; set; }

    public AnswerVia? AnsweredVia { get; set; }

    public bool HasUnreadReply { get; set; }
}
