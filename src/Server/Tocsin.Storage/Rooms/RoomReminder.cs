using Tocsin.Alerting;

namespace Tocsin.Storage.Rooms;

/// <summary>Somebody of a room is to be told at a time that something there is theirs to do; what it is stands sealed in the room. Decision 0146.</summary>
public sealed class RoomReminder
{
    public RoomId RoomId { get; set; }

    /// <summary>As the members' clients derive it: the same for each change of one task.</summary>
    public Guid ReminderId { get; set; }

    /// <summary>Whoever is no longer in the room is not reminded: the row goes with their membership.</summary>
    public PersonId PersonId { get; set; }

    /// <summary>The time that was asked for.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>When they are told next, or, once they were told as often as it is done, when the row is removed.</summary>
    public DateTimeOffset DueAt { get; set; }

    /// <summary>How often they were told.</summary>
    public int Told { get; set; }
}

/// <summary>A reminder on its way to one device: one row however many tasks of the room are due, and none once the push service has it.</summary>
public sealed class RoomReminderPush
{
    public RoomId RoomId { get; set; }

    /// <summary>The device: a push subscription.</summary>
    public ContactPointId ContactPointId { get; set; }

    public PersonId PersonId { get; set; }

    /// <summary>When it leaves, or the lease of the one under way ends.</summary>
    public DateTimeOffset DueAt { get; set; }

    /// <summary>0 before the first.</summary>
    public int Attempt { get; set; }
}
