using Tocsin.Alerting.Channels;

namespace Tocsin.Alerting.Plans;

/// <summary>What kind of address it is.</summary>
public enum ContactPointKind
{
    Mobile,
    Landline,
    Email,
    Pager,

    /// <summary>A device that subscribed to push.</summary>
    App,
}

/// <summary>Where one person can be reached, without the address itself: planning needs only what kind it is.</summary>
/// <param name="Order">The person's own order, the smallest first.</param>
/// <param name="QuietHours">When this contact point is left alone, or null: never. An emergency passes it.</param>
public readonly record struct ContactPoint(ContactPointId Id, ContactPointKind Kind, int Order, QuietHours? QuietHours = null);

/// <summary>A person's wishes. An emergency passes them.</summary>
/// <param name="Order">Channels that come first, in order; those not named keep the plan's order after them.</param>
/// <param name="Declined">Channels not to be used.</param>
public sealed record ChannelPreferences(IReadOnlyList<ChannelKind> Order, IReadOnlyList<ChannelKind> Declined)
{
    public static ChannelPreferences None { get; } = new([], []);
}

/// <summary>Every day from one wall time until another in a time zone; past midnight where <see cref="Until"/> is not after <see cref="From"/>.</summary>
/// <param name="TimeZone">IANA time zone (<c>Europe/Paris</c>).</param>
public sealed partial record QuietHours(TimeOnly From, TimeOnly Until, string TimeZone);
