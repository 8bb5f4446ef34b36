using Tocsin.Alerting;

namespace Tocsin.Server.Features.Rooms;

/// <param name="Entry">As its author signed it, in base64: docs/protocol/rooms.md.</param>
/// <param name="Files">Files that the entry carries: they are kept with it.</param>
/// <param name="Notify">Of a content, what members' devices are told while Tocsin is closed on them; null: nothing.</param>
/// <param name="Reminder">Of a content that says of a task whose it is and when it is due; null where it says nothing of that.</param>
internal sealed record AppendEntryRequest(byte[] Entry, IReadOnlyList<Guid>? Files = null, EntryNotice? Notify = null, EntryReminder? Reminder = null);

/// <summary>Whom to remind when. Without a person or a time: nobody any more.</summary>
/// <param name="Id">As the members' clients derive it from the task: the latest entry with the same id counts.</param>
/// <param name="PersonId">A member of the room.</param>
internal sealed record EntryReminder(Guid Id, PersonId? PersonId, DateTimeOffset? At);

/// <summary>What an author says beside a sealed entry, so that devices can be told: docs/protocol/rooms.md.</summary>
internal enum EntryNotice
{
    /// <summary>Something to read.</summary>
    Message,

    /// <summary>It is to be confirmed: told again until it was read, and also where the room is muted.</summary>
    Priority,
}

/// <param name="Seq">The number that the entry has, also where it was sent before.</param>
/// <param name="ChainHash">Of the chain up to it, in base64.</param>
internal sealed record AppendedEntry(long Seq, byte[] ChainHash);

internal sealed record RoomList(IReadOnlyList<RoomView> Items);

/// <param name="HeadSeq">Number of the last entry.</param>
/// <param name="ReadSeq">The last entry that whoever asks has read, on any device.</param>
/// <param name="AdmissionRequests">How many people ask to come in, of the group that the room is open to or as guests; 0 for who does not administer it.</param>
internal sealed record RoomView(RoomId Id, long HeadSeq, long ReadSeq, DateTimeOffset LastEntryAt, int AdmissionRequests);

/// <param name="Entries">In order and without a gap, as many as fit; empty at the end.</param>
/// <param name="HeadSeq">Number of the room's last entry.</param>
internal sealed record RoomEntryPage(IReadOnlyList<RoomEntryView> Entries, long HeadSeq);

/// <param name="Entry">As its author signed it, in base64.</param>
/// <param name="WrittenAt">As the server's clock had it; no part of what is signed.</param>
internal sealed record RoomEntryView(long Seq, DateTimeOffset WrittenAt, byte[] Entry);

/// <param name="Told">1: something of the person's is due there; more: it still is.</param>
internal sealed record RoomTaskDue(RoomId RoomId, int Told);

/// <param name="Seq">The last entry that was read. It never goes back.</param>
internal sealed record ReadMarker(long Seq);

/// <param name="Entry">As its author signed it, in base64: of short contents, for sessions that follow live. Whoever is not given it reads it.</param>
internal sealed record RoomEventData(RoomId RoomId, long Seq, byte[]? Entry = null);
