using Tocsin.Alerting;

namespace Tocsin.Storage.Rooms;

/// <summary>A file of a room, sealed in the browser. What it is called, what it is and its key stand in a sealed entry.</summary>
public sealed class RoomFile
{
    public RoomId RoomId { get; set; }

    /// <summary>Chosen by who uploads it: the same upload begun twice is one.</summary>
    public Guid Id { get; set; }

    /// <summary>Who uploads it.</summary>
    public PersonId PersonId { get; set; }

    /// <summary>In bytes, unsealed: as many parts and bytes of seals as follow from it are expected.</summary>
    public long Size { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When a part came last.</summary>
    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>The first entry that carries it; without one it is deleted after a while.</summary>
    public long? EntrySeq { get; set; }

    /// <summary>Given up: for nobody any more, and deleted in steps.</summary>
    public bool IsDiscarded { get; set; }
}

/// <summary>A sealed part of a file. Never changed: under one nonce nothing else is sealed.</summary>
public sealed class RoomFileChunk
{
    public RoomId RoomId { get; set; }

    public Guid FileId { get; set; }

    /// <summary>From 0.</summary>
    public long Number { get; set; }

    public byte[] Sealed { get; set; } = [];
}
