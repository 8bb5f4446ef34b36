using Tocsin.Alerting;
using Tocsin.Alerting.Channels;

namespace Tocsin.Storage.Rooms;

/// <summary>An entry that devices are still to be told of; gone once they stand in <see cref="RoomPush"/>.</summary>
public sealed class RoomNews
{
    public long Id { get; set; }

    public RoomId RoomId { get; set; }

    public long Seq { get; set; }

    public RoomNotificationKind Kind { get; set; }

    /// <summary>Whoever wrote it is not told.</summary>
    public PersonId AuthorId { get; set; }

    /// <summary>The one person that is told; null: all members.</summary>
    public PersonId? OnlyId { get; set; }
}

/// <summary>One device and one room: what the device was told, and what waits to be told. Many entries are one row, so there is never more than members have devices.</summary>
public sealed class RoomPush
{
    public RoomId RoomId { get; set; }

    /// <summary>The device: a push subscription.</summary>
    public ContactPointId ContactPointId { get; set; }

    public PersonId PersonId { get; set; }

    /// <summary>By choice on the device. Priority messages come all the same.</summary>
    public bool IsMuted { get; set; }

    /// <summary>Of the entry <see cref="Seq"/>.</summary>
    public RoomNotificationKind Kind { get; set; }

    /// <summary>The last entry that there is to tell of.</summary>
    public long Seq { get; set; }

    /// <summary>The last priority message; 0 while there was none.</summary>
    public long PrioritySeq { get; set; }

    /// <summary>The last entry that the device was told of.</summary>
    public long ToldSeq { get; set; }

    /// <summary>When that was; null: never.</summary>
    public DateTimeOffset? ToldAt { get; set; }

    /// <summary>How often <see cref="PrioritySeq"/> was told again.</summary>
    public int Repeats { get; set; }

    /// <summary>When the next push leaves, or the lease of the one under way ends; null: nothing waits.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>Of the push that waits; 0 before the first.</summary>
    public int Attempt { get; set; }
}
