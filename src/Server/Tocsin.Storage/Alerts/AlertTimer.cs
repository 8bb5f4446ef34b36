using Tocsin.Alerting;

namespace Tocsin.Storage.Alerts;

/// <summary>Something that an alert does at its time, in one or many steps. Deleted when it is done.</summary>
/// <remarks>As with deliveries, <see cref="DueAt"/> is moved ahead while a node works on it; if the node dies, it falls due again and goes on from <see cref="Cursor"/>.</remarks>
public sealed class AlertTimer
{
    public long Id { get; set; }

    public AlertId AlertId { get; set; }

    public AlertTimerKind Kind { get; set; }

    public DateTimeOffset DueAt { get; set; }

    /// <summary>The node that works on it, or null.</summary>
    public long? LeaseOwner { get; set; }

    /// <summary>How far it got; 0 before the first step. What it counts is the kind's own.</summary>
    public long Cursor { get; set; }

    /// <summary>JSON of the kind's own.</summary>
    public string Payload { get; set; } = "{}";
}

/// <summary>Stored as the number.</summary>
public enum AlertTimerKind
{
    /// <summary>Makes recipients and deliveries of a wave's chunks.</summary>
    Expansion = 0,

    /// <summary>Sends an update, an all-clear or a cancellation to those reached before.</summary>
    FollowUp = 1,

    /// <summary>Tells those who have not answered once more.</summary>
    Reminder = 2,

    /// <summary>Looks whether enough have answered.</summary>
    Escalation = 3,

    /// <summary>Ends what has not left when the alert's time runs out.</summary>
    Expiry = 4,
}
