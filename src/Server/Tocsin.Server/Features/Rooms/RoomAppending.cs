using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Rooms;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Meetings.Durable;
using Tocsin.Server.Features.Rooms.Files;
using Tocsin.Server.Features.Rooms.Guests;
using Tocsin.Server.Features.Rooms.Notifications;
using Tocsin.Storage;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Events;
using Tocsin.Storage.Rooms;
using Tocsin.Storage.Schema;

namespace Tocsin.Server.Features.Rooms;

/// <param name="Code">Of docs/protocol/rooms.md, where that is why.</param>
internal readonly record struct AppendAnswer(AppendedEntry? Appended, Refusal? Refusal = null, string? Code = null);

/// <summary>Gives an entry its number, in one transaction with the chain's hash, what it changes of the roster, and the event that tells the members.</summary>
internal sealed class RoomAppending(CommandStore store, LiveEntries live, RoomNotifications notifications, RoomGuestAdmission guests)
{
    public const string EntryAppended = "room.entry-appended";

    // Each member is told of each entry by an event of their own.
    public const int MostMembers = 200;

    // Twice as many ids, 39 characters each, are within the 4,096 of an audit record's detail.
    private const int MostNamedAtOnce = 50;

    public Task<AppendAnswer> AppendAsync(RoomId room, byte[] bytes, BesideEntry beside, PersonId person, Actor actor, CancellationToken cancellationToken)
    {
        if (!RoomEntry.TryParse(bytes, out var entry, out var shape)) return Refuse(shape.Code());
        if (new Guid(entry.Room, bigEndian: true) != room.Value) return Refuse("other-room");

        // The device's numbers begin with 1: one that long was never written.
        if (entry.DeviceSeq > long.MaxValue || entry.SeenSeq > long.MaxValue) return Refuse("malformed-entry");
        var sent = new SentEntry(room, bytes, new Guid(entry.Device, bigEndian: true), new Guid(entry.Id, bigEndian: true), (long)entry.SeenSeq, entry.Class, person, beside);
        return store.CommitAsync((transaction, token) => AppendAsync(transaction, sent, actor, token), cancellationToken);
    }

    private async Task<AppendAnswer> AppendAsync(CommandTransaction transaction, SentEntry sent, Actor actor, CancellationToken cancellationToken)
    {
        var db = transaction.Db;
        await TakeTurnAsync(db, sent.Room, cancellationToken);
        var room = await db.Set<Room>().FirstOrDefaultAsync(r => r.Id == sent.Room, cancellationToken);
        var isMember = await db.Set<StoredRoomMember>().AnyAsync(m => m.RoomId == sent.Room && m.PersonId == sent.Person, cancellationToken);

        // A room that there is not begins with its creation; one that there is exists for nobody else.
        if (room is null ? sent.Class != EntryClass.Membership : !isMember) return new(null, CommonRefusals.NotFound);
        if (await FindSentBeforeAsync(db, sent, cancellationToken) is { } before) return before;
        var known = await KnownRoom.ReadAsync(db, room, sent, cancellationToken);
        var seq = (room?.HeadSeq ?? 0) + 1;
        var code = known.State.Accept((ulong)seq, sent.Bytes, known.HashSeen);
        if (code is not null) return new(null, RoomRefusals.EntryRefused, code);
        if (known.State.Devices[sent.Device].Account != sent.Person.Value) return new(null, RoomRefusals.EntryRefused, "not-a-member");
        if (known.State.Members.Count > MostMembers) return new(null, RoomRefusals.TooManyMembers);
        if (await RoomGuestAdmission.WhyNotAsync(transaction, sent.Room, known.State, known.People, cancellationToken) is { } notAsking) return new(null, notAsking);
        if (await RoomFiles.AttachAsync(db, sent.Room, sent.Beside.Files, seq, cancellationToken) is { } incomplete) return new(null, incomplete);
        return await KeepAsync(transaction, room, known, sent, actor, cancellationToken);
    }

    private async Task<AppendAnswer> KeepAsync(
        CommandTransaction transaction, Room? room, KnownRoom known, SentEntry sent, Actor actor, CancellationToken cancellationToken)
    {
        var db = transaction.Db;
        var isNew = room is null;
        if (room is null) db.Add(room = new Room { Id = sent.Room, HeadHash = RoomChain.Begin(sent.Bytes.AsSpan(1, 16)).Hash.ToArray(), CreatedAt = transaction.Now });
        var chain = RoomChain.At((ulong)room.HeadSeq, room.HeadHash).Append(sent.Bytes);
        (room.HeadSeq, room.HeadHash, room.LastEntryAt) = ((long)chain.Seq, chain.Hash.ToArray(), transaction.Now);
        db.Add(new StoredRoomEntry
        {
            RoomId = sent.Room,
            Seq = room.HeadSeq,
            Device = sent.Device,
            EntryId = sent.Id,
            Entry = sent.Bytes,
            ChainHash = room.HeadHash,
            WrittenAt = transaction.Now,
        });
        IReadOnlyList<PersonId> told = known.People;
        known.Keep(db);
        if (sent.Class is EntryClass.Membership or EntryClass.Departure)
        {
            room.RosterSeq = room.HeadSeq;
            var now = known.State.Members.Keys.Select(account => new PersonId(account)).ToList();
            Note(transaction, isNew, sent.Room, actor, now.Except(told), told.Except(now));
            notifications.NoteAdded(transaction, sent.Room, room.HeadSeq, sent.Person, now.Except(told));
            await guests.KeepAsync(transaction, sent.Room, known.State, told, cancellationToken);
            if (told.Except(now).Any()) await MeetingRecord.AppendRoomLeftAsync(transaction, sent.Room, cancellationToken);
            told = [.. told.Union(now)];

            // Who is in the room asks for nothing any more.
            await db.Set<RoomAdmissionRequest>().Where(r => r.RoomId == sent.Room && now.Contains(r.PersonId)).ExecuteDeleteAsync(cancellationToken);
        }

        var news = new RoomEventData(sent.Room, room.HeadSeq);

        // Also whoever was just removed: their page learns that the room is no longer theirs.
        transaction.Append(EntryAppended, told.Select(EventVisibility.To), news);
        if (sent.Class == EntryClass.Content) transaction.AfterCommit(() => live.Keep(sent.Room, news.Seq, sent.Bytes));
        if (sent is { Class: EntryClass.Content, Beside.Notify: { } notice })
            notifications.Note(transaction, sent.Room, news.Seq, sent.Person, notice == EntryNotice.Priority ? RoomNotificationKind.Priority : RoomNotificationKind.Message);
        if (sent is { Class: EntryClass.Content, Beside.Reminder: { } reminder }) await notifications.RemindAsync(transaction, sent.Room, reminder, cancellationToken);
        return new(new AppendedEntry(room.HeadSeq, room.HeadHash));
    }

    /// <summary>Who came and who went; never what was said. More people than one record holds take several.</summary>
    private static void Note(CommandTransaction transaction, bool isNew, RoomId room, Actor actor, IEnumerable<PersonId> added, IEnumerable<PersonId> removed)
    {
        var (came, went) = (added.Chunk(MostNamedAtOnce).ToList(), removed.Chunk(MostNamedAtOnce).ToList());
        for (var part = 0; part < Math.Max(1, Math.Max(came.Count, went.Count)); part++)
        {
            var detail = new { added = came.ElementAtOrDefault(part) ?? [], removed = went.ElementAtOrDefault(part) ?? [] };
            transaction.Record(new AuditDraft(actor.ForAudit, isNew && part == 0 ? "room.created" : "room.members-changed", $"room:{room}", detail));
        }
    }

    /// <summary>One entry of a room at a time. SQLite has one writer; on PostgreSQL a room that is not there yet has no row to lock.</summary>
    private static Task TakeTurnAsync(TocsinDbContext db, RoomId room, CancellationToken cancellationToken)
    {
        var name = $"room {room}";
        return db.Kind == DatabaseKind.Sqlite
            ? Task.CompletedTask
            : db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({name}, 0))", cancellationToken);
    }

    private static async Task<AppendAnswer?> FindSentBeforeAsync(TocsinDbContext db, SentEntry sent, CancellationToken cancellationToken)
    {
        var before = await db.Set<StoredRoomEntry>().AsNoTracking()
            .FirstOrDefaultAsync(e => e.RoomId == sent.Room && e.Device == sent.Device && e.EntryId == sent.Id, cancellationToken);
        if (before is null) return null;
        return before.Entry.AsSpan().SequenceEqual(sent.Bytes) ? new(new AppendedEntry(before.Seq, before.ChainHash)) : new(null, RoomRefusals.EntryRefused, "repeated");
    }

    private static Task<AppendAnswer> Refuse(string code) => Task.FromResult(new AppendAnswer(null, RoomRefusals.EntryRefused, code));
}

/// <param name="Id">The author's.</param>
/// <param name="SeenSeq">The entry that the author had seen last.</param>
/// <param name="Beside">What its author says of it in clear.</param>
internal sealed record SentEntry(RoomId Room, byte[] Bytes, Guid Device, Guid Id, long SeenSeq, EntryClass Class, PersonId Person, BesideEntry Beside);

/// <param name="Files">That it carries.</param>
/// <param name="Notify">What members' devices are told; null: nothing.</param>
/// <param name="Reminder">Whom to remind of it; null: it says nothing of that.</param>
internal sealed record BesideEntry(IReadOnlyList<Guid> Files, EntryNotice? Notify, EntryReminder? Reminder);
