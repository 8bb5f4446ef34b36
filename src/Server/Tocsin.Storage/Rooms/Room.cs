using Tocsin.Alerting;

namespace Tocsin.Storage.Rooms;

/// <summary>A room: one chain of entries that the server orders and keeps, and cannot read. What it is called, its entries say, sealed.</summary>
public sealed class Room
{
    /// <summary>A hash over its creator: docs/protocol/rooms.md.</summary>
    public RoomId Id { get; set; }

    /// <summary>Number of its last entry.</summary>
    public long HeadSeq { get; set; }

    /// <summary>Of the chain up to there.</summary>
    public byte[] HeadHash { get; set; } = [];

    /// <summary>The last change of who is in it.</summary>
    public long RosterSeq { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset LastEntryAt { get; set; }
}

/// <summary>One entry as its author signed it. Never changed.</summary>
public sealed class StoredRoomEntry
{
    public RoomId RoomId { get; set; }

    public long Seq { get; set; }

    public Guid Device { get; set; }

    /// <summary>The author's: a device's entry sent twice is written once.</summary>
    public Guid EntryId { get; set; }

    public byte[] Entry { get; set; } = [];

    /// <summary>Of the chain up to this entry.</summary>
    public byte[] ChainHash { get; set; } = [];

    public DateTimeOffset WrittenAt { get; set; }
}

/// <summary>Somebody in a room, as its membership entries say, and how far they have read.</summary>
public sealed class StoredRoomMember
{
    public RoomId RoomId { get; set; }

    public PersonId PersonId { get; set; }

    public byte[] SigningKey { get; set; } = [];

    public byte[] SealingKeyHash { get; set; } = [];

    public bool IsAdministrator { get; set; }

    /// <summary>Of nobody's directory: see <see cref="RoomGuest"/>.</summary>
    public bool IsGuest { get; set; }

    /// <summary>The last entry that they have seen on any of their devices.</summary>
    public long ReadSeq { get; set; }

    /// <summary>How far they have read, as they tell the others: sealed by one of their devices. Null where they have not told, or keep it to themselves.</summary>
    public byte[]? Receipt { get; set; }
}

/// <summary>A device that has written in a room.</summary>
public sealed class StoredRoomDevice
{
    public RoomId RoomId { get; set; }

    public Guid Device { get; set; }

    public PersonId PersonId { get; set; }

    public byte[] DeviceKey { get; set; } = [];

    /// <summary>Of the identity that certified it.</summary>
    public byte[] IdentityKey { get; set; } = [];

    /// <summary>Its own number of its last entry.</summary>
    public long LastSeq { get; set; }

    public bool IsRevoked { get; set; }
}

/// <summary>From one entry on, contents are sealed under another key.</summary>
public sealed class StoredRoomEra
{
    public RoomId RoomId { get; set; }

    public long Number { get; set; }

    public long StartSeq { get; set; }

    /// <summary>A hash over its key, which is in no database.</summary>
    public byte[] KeyCommitment { get; set; } = [];

    /// <summary>The first entry of this era by which somebody left; null while nobody has.</summary>
    public long? LeftSeq { get; set; }
}
