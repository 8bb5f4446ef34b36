namespace Tocsin.Alerting.Channels;

/// <summary>What a channel knows after handing a message over. Exactly one of the four nested kinds.</summary>
public abstract record DeliveryOutcome
{
    private DeliveryOutcome()
    {
    }

    /// <summary>The carrier took responsibility. That is not yet arrival.</summary>
    /// <param name="ProviderId">Which configured provider took it (<c>sms-1</c>), the scope of <paramref name="ProviderMessageId"/>.</param>
    /// <param name="ProviderMessageId">The carrier's name for it, which receipts will carry; null where the carrier gives none. At most 128 characters.</param>
    public sealed record Accepted(string ProviderId, string? ProviderMessageId) : DeliveryOutcome;

    /// <summary>Not taken, and the same message may be taken later (throttled, greylisted, no connection).</summary>
    /// <param name="After">How long the carrier asks to wait, or null: the dispatcher's back-off decides.</param>
    public sealed record RetryAfter(TimeSpan? After, FailureReason Reason) : DeliveryOutcome;

    /// <summary>Refused for good: another attempt at this contact point is pointless.</summary>
    public sealed record Rejected(FailureReason Reason) : DeliveryOutcome;

    /// <summary>The carrier may or may not have it (time-out, connection lost before the answer). Sent again: a duplicate beats silence.</summary>
    public sealed record OutcomeUnknown(FailureReason Reason) : DeliveryOutcome;
}

/// <summary>Why a delivery did not go, in a stable code that is the same in the database, over HTTP and in the interface's texts.</summary>
/// <param name="Code">One of <see cref="FailureCodes"/>.</param>
/// <param name="CarrierCode">What the carrier said, bounded to 32 printable ASCII characters without addresses (<c>550 5.1.1</c>, <c>0x0000000B</c>), or null.</param>
public readonly record struct FailureReason(string Code, string? CarrierCode = null);

public static class FailureCodes
{
    public const string AddressInvalid = "address-invalid";
    public const string AddressUnknown = "address-unknown";
    public const string CarrierRefused = "carrier-refused";
    public const string CarrierThrottled = "carrier-throttled";
    public const string CarrierUnavailable = "carrier-unavailable";
    public const string CarrierTimeout = "carrier-timeout";
    public const string ConnectionLost = "connection-lost";
    public const string NotConfigured = "channel-not-configured";
    public const string SubscriptionGone = "subscription-gone";
    public const string MessageTooLarge = "message-too-large";
    public const string Expired = "expired";
    public const string Undeliverable = "undeliverable";
    public const string AbsentSubscriber = "absent-subscriber";
    public const string AttemptsExhausted = "attempts-exhausted";
}
