using System.Runtime.InteropServices;
using Tocsin.Alerting.Channels;

namespace Tocsin.Alerting.Plans;

/// <summary>One message that is to leave.</summary>
/// <param name="ContactPoint">Null for <see cref="ChannelKind.InApp"/>, which reaches the person wherever signed in.</param>
/// <param name="DueAt">Not before this.</param>
/// <param name="Step">Index into <see cref="ChannelPlan.Steps"/>, whose condition is checked when it is due.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PlannedDelivery(ChannelKind Channel, ContactPointId? ContactPoint, DateTimeOffset DueAt, int Step);

/// <summary>Why no message at all can be planned for somebody. Shown on the board: silence about a person is never silent.</summary>
public enum UnreachableReason
{
    /// <summary>The directory has no contact point and no account for the person.</summary>
    NoContactPoint,

    /// <summary>There are contact points, but none that the plan's channels can use.</summary>
    NoUsableChannel,

    /// <summary>All usable channels are declined by the person, and this is no emergency.</summary>
    Declined,

    /// <summary>Quiet hours last until the alert expires, and this is no emergency.</summary>
    QuietUntilExpiry,
}
