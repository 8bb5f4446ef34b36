using System.Runtime.InteropServices;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;

namespace Tocsin.Alerting.Plans;

/// <summary>Turns one alert's plan into the messages for each of its recipients. Made once for an alert, asked once for each person.</summary>
/// <remarks>
/// Pure and immutable: the same question has the same answer, and any number of threads may ask. Allocates nothing but room in the list it fills.
/// <para>The rules, in order:</para>
/// <list type="number">
/// <item>An emergency (<see cref="QuietHours.ArePassedBy"/>) passes quiet hours, declined channels and the person's order of channels.</item>
/// <item>Otherwise, if the plan follows preferences, declined channels are left out, and the person's order of channels decides which channel takes
/// which place among the plan's steps.</item>
/// <item>The first step that can reach the person takes the place of the plan's first step, and later ones move up with it: to wait for a channel
/// that the person does not have would be silence.</item>
/// <item>A message that falls into its contact point's quiet hours waits until they end; if the alert has expired by then, there is none.</item>
/// </list>
/// </remarks>
public sealed class DeliveryPlanner
{
    private readonly PlanStep[] steps;
    private readonly Slot[] slots;
    private readonly bool isEmergency;
    private readonly bool followsPreferences;
    private readonly DateTimeOffset raisedAt;
    private readonly DateTimeOffset expiresAt;

    public DeliveryPlanner(ChannelPlan plan, Severity severity, DateTimeOffset raisedAt)
    {
        ArgumentNullException.ThrowIfNull(plan);
        steps = [.. plan.Steps];
        slots = [.. steps.SelectMany((step, index) => step.Channels.Select(channel => new Slot(channel, index)))];

        // Each question copies the places to the stack; a plan that passed validation has far fewer.
        ArgumentOutOfRangeException.ThrowIfGreaterThan(slots.Length, 64, nameof(plan));
        isEmergency = QuietHours.ArePassedBy(severity);
        followsPreferences = plan.FollowPreferences && !isEmergency;
        this.raisedAt = raisedAt;
        expiresAt = raisedAt + plan.Expiry;
    }

    /// <summary>Adds the person's messages to <paramref name="planned"/>: by step, then in the plan's or the person's order of channels, then in the order of contact points.</summary>
    /// <param name="hasAccount">Whether the person can sign in, and so can be reached in the app.</param>
    /// <returns>Null, or why nothing was added.</returns>
    public UnreachableReason? Plan(
        ReadOnlySpan<ContactPoint> contactPoints, bool hasAccount, ChannelPreferences? preferences, List<PlannedDelivery> planned)
    {
        ArgumentNullException.ThrowIfNull(planned);
        if (contactPoints.IsEmpty && !hasAccount)
            return UnreachableReason.NoContactPoint;

        Span<Slot> own = stackalloc Slot[slots.Length];
        slots.CopyTo(own);
        var wishes = followsPreferences ? preferences : null;
        if (wishes is { Order.Count: > 0 })
            PlaceByPreference(own, wishes.Order);

        var before = planned.Count;
        var reachable = false;
        var declined = false;
        var headStart = TimeSpan.Zero;
        foreach (var (channel, step) in own)
        {
            if (!CanReach(channel, contactPoints, hasAccount))
                continue;
            if (wishes is not null && wishes.Declined.Contains(channel))
            {
                declined = true;
                continue;
            }

            if (!reachable)
                headStart = steps[step].After - steps[0].After;
            reachable = true;
            AddDeliveries(channel, step, raisedAt + steps[step].After - headStart, contactPoints, planned);
        }

        return planned.Count > before ? null
            : reachable ? UnreachableReason.QuietUntilExpiry
            : declined ? UnreachableReason.Declined
            : UnreachableReason.NoUsableChannel;
    }

    private static bool CanReach(ChannelKind channel, ReadOnlySpan<ContactPoint> contactPoints, bool hasAccount)
    {
        if (channel == ChannelKind.InApp)
            return hasAccount;
        foreach (ref readonly var point in contactPoints)
        {
            if (channel.CanReach(point.Kind))
                return true;
        }

        return false;
    }

    /// <summary>Puts the preferred channels into the first places; the places (steps) stay as they are. Stable insertion sort over at most eight.</summary>
    private static void PlaceByPreference(Span<Slot> own, IReadOnlyList<ChannelKind> order)
    {
        for (var i = 1; i < own.Length; i++)
        {
            var channel = own[i].Channel;
            var j = i;
            for (; j > 0 && Rank(order, own[j - 1].Channel) > Rank(order, channel); j--)
                own[j] = own[j] with { Channel = own[j - 1].Channel };
            own[j] = own[j] with { Channel = channel };
        }
    }

    private static int Rank(IReadOnlyList<ChannelKind> order, ChannelKind channel)
    {
        for (var i = 0; i < order.Count; i++)
        {
            if (order[i] == channel)
                return i;
        }

        return int.MaxValue;
    }

    private void AddDeliveries(
        ChannelKind channel, int step, DateTimeOffset dueAt, ReadOnlySpan<ContactPoint> contactPoints, List<PlannedDelivery> planned)
    {
        if (channel == ChannelKind.InApp)
        {
            Add(channel, null, dueAt, step, null, planned);
            return;
        }

        // Few points per person: looking for the next in order each time costs less than sorting into another buffer.
        var last = -1;
        while (NextInOrder(channel, contactPoints, last) is var next && next >= 0)
        {
            last = next;
            Add(channel, contactPoints[next].Id, dueAt, step, contactPoints[next].QuietHours, planned);
            if (steps[step].ContactPoints == ContactPointUse.First)
                return;
        }
    }

    /// <summary>The index of the contact point that follows <paramref name="last"/> in the person's order, or -1.</summary>
    private static int NextInOrder(ChannelKind channel, ReadOnlySpan<ContactPoint> points, int last)
    {
        var best = -1;
        for (var i = 0; i < points.Length; i++)
        {
            var follows = last < 0 || points[i].Order > points[last].Order || (points[i].Order == points[last].Order && i > last);
            if (follows && channel.CanReach(points[i].Kind) && (best < 0 || points[i].Order < points[best].Order))
                best = i;
        }

        return best;
    }

    private void Add(ChannelKind channel, ContactPointId? point, DateTimeOffset dueAt, int step, QuietHours? quiet, List<PlannedDelivery> planned)
    {
        if (!isEmergency && quiet?.EndOf(dueAt) is { } end)
            dueAt = end;
        if (dueAt < expiresAt)
            planned.Add(new PlannedDelivery(channel, point, dueAt, step));
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Slot(ChannelKind Channel, int Step);
}
