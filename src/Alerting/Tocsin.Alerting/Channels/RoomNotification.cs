namespace Tocsin.Alerting.Channels;

/// <summary>Tells one device that there is something new in a room: no more than that, since whoever sends knows no more.</summary>
/// <param name="Address">The device's push subscription as JSON. Never logged.</param>
/// <param name="Seq">Number of the entry; 0 of a task.</param>
public sealed record RoomNotification(string Address, RoomId Room, long Seq, RoomNotificationKind Kind);

/// <summary>What a sender that cannot read rooms knows of an entry. Kept as its number: never renumber.</summary>
public enum RoomNotificationKind
{
    /// <summary>Something was written.</summary>
    Message = 0,

    /// <summary>Something was written that its author asks everybody to confirm: told again until it was read, and also where the room is muted.</summary>
    Priority = 1,

    /// <summary>The person was added to the room.</summary>
    Admission = 2,

    /// <summary>Something there that is the person's to do is due; of no entry. Also where the room is muted.</summary>
    Task = 3,
}

/// <summary>A channel that can tell devices of rooms. What it has under way of rooms never stands before an alert.</summary>
public interface IRoomNotifier
{
    /// <returns>As <see cref="IAlertChannel.SendAsync"/>.</returns>
    ValueTask<DeliveryOutcome> NotifyAsync(RoomNotification notification, CancellationToken cancellationToken);
}
