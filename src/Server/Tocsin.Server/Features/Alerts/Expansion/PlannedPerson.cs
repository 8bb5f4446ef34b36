using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Plans;
using Tocsin.Storage.Alerts;

namespace Tocsin.Server.Features.Alerts.Expansion;

/// <summary>A person of a chunk, and the messages that the plan comes to.</summary>
/// <param name="Unreachable">Why there are none; null where there are.</param>
internal sealed record PlannedPerson(PersonToTell Person, IReadOnlyList<PlannedMessage> Messages, UnreachableReason? Unreachable)
{
    public static PlannedPerson Of(PersonToTell person, DeliveryPlanner planner, ChannelPlan plan, List<PlannedDelivery> buffer)
    {
        buffer.Clear();
        var reason = planner.Plan(person.ContactPoints, person.HasAccount, person.Preferences, buffer);
        var messages = new PlannedMessage[buffer.Count];
        for (var i = 0; i < messages.Length; i++)
        {
            var delivery = buffer[i];
            var address = delivery.ContactPoint is { } point ? person.AddressOf(point) : person.Id.ToString();
            messages[i] = new PlannedMessage(delivery.Channel, address, delivery.DueAt, delivery.Step, plan.Steps[delivery.Step].Condition);
        }

        return new PlannedPerson(person, messages, reason);
    }
}

internal readonly record struct PlannedMessage(ChannelKind Channel, string Address, DateTimeOffset DueAt, int Step, StepCondition Condition);
