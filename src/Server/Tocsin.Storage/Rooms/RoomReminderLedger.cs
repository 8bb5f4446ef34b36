using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Storage.Bulk;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Rooms;

/// <summary>Somebody of a room who is told now.</summary>
/// <param name="Told">1: its time has come; more: nobody has said since that it is done.</param>
public sealed record DueReminder(RoomId RoomId, PersonId PersonId, int Told);

/// <summary>Who is to be reminded of a room when, and which device is still to be told. A crash loses none: what fell due meanwhile is told late.</summary>
/// <remarks>As <see cref="RoomPushLedger"/>: each change of a row says what the row must be, so that of several nodes one tells.</remarks>
public static class RoomReminderLedger
{
    public const int MostInRoom = 500;

    /// <summary>In one room.</summary>
    public const int MostOfPerson = 100;

    /// <summary>At its time, and twice again while nobody says that it is done, given to somebody else, or due later.</summary>
    public const int MostTold = 3;

    public static readonly TimeSpan Again = TimeSpan.FromMinutes(30);

    public static readonly TimeSpan FurthestAhead = TimeSpan.FromDays(366);

    /// <summary>What was due longer ago is old news when it is written; and so long a push may be on its way after the last was owed.</summary>
    public static readonly TimeSpan Past = TimeSpan.FromHours(24);

    private const int MostAtOnce = 50;

    // ContactPointKind.App as the column has it.
    private const string App = "app";

    /// <summary>Takes the place of what was kept under the id. The same time for the same person changes nothing: whoever was told of it is not told anew.</summary>
    /// <returns>False where it is not kept: not a member, no time that can be kept, or too many.</returns>
    public static async Task<bool> SetAsync(TocsinDbContext db, RoomId room, Guid id, PersonId person, DateTimeOffset at, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        if (await db.Set<RoomReminder>().AnyAsync(r => r.RoomId == room && r.ReminderId == id && r.PersonId == person && r.At == at, cancellationToken)) return true;
        await WithdrawAsync(db, room, id, cancellationToken);
        if (at < now - Past || at > now + FurthestAhead) return false;
        var kept = db.Set<RoomReminder>().Where(r => r.RoomId == room);
        if (await kept.CountAsync(cancellationToken) >= MostInRoom || await kept.CountAsync(r => r.PersonId == person, cancellationToken) >= MostOfPerson) return false;
        await using var command = db.CreateCommand("""
            INSERT INTO room_reminders (room_id, reminder_id, person_id, at, due_at, told)
            SELECT m.room_id, @id, m.person_id, @at, @at, 0 FROM room_members m WHERE m.room_id = @room AND m.person_id = @person
            """);
        command.Add("@id", UuidColumn.ToParameter(db.Kind, id));
        command.Add("@at", at.ToUnixTimeMilliseconds());
        command.Add("@room", UuidColumn.ToParameter(db.Kind, room.Value));
        command.Add("@person", UuidColumn.ToParameter(db.Kind, person.Value));
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    public static Task WithdrawAsync(TocsinDbContext db, RoomId room, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        return db.Set<RoomReminder>().Where(r => r.RoomId == room && r.ReminderId == id).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>When somebody is to be told next, or null.</summary>
    public static Task<DateTimeOffset?> NextAsync(TocsinDbContext db, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        return db.Set<RoomReminder>().MinAsync(r => (DateTimeOffset?)r.DueAt, cancellationToken);
    }

    /// <summary>When the next push leaves, or null where none waits.</summary>
    public static Task<DateTimeOffset?> NextPushAsync(TocsinDbContext db, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        return db.Set<RoomReminderPush>().MinAsync(p => (DateTimeOffset?)p.DueAt, cancellationToken);
    }

    /// <summary>Who is to be told now, each of a room once; and with <paramref name="withPushes"/> their devices stand in the ledger.</summary>
    /// <returns>Null where nothing was due; what was due may have been removed only.</returns>
    public static async Task<IReadOnlyCollection<DueReminder>?> TakeDueAsync(TocsinDbContext db, DateTimeOffset now, bool withPushes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var due = await db.Set<RoomReminder>().AsNoTracking().Where(r => r.DueAt <= now).OrderBy(r => r.DueAt).ThenBy(r => r.RoomId).ThenBy(r => r.ReminderId)
            .Take(MostAtOnce).ToListAsync(cancellationToken);
        if (due.Count == 0) return null;
        var told = new Dictionary<(RoomId, PersonId), DueReminder>();
        foreach (var one in due)
        {
            var row = db.Set<RoomReminder>().Where(r => r.RoomId == one.RoomId && r.ReminderId == one.ReminderId && r.DueAt == one.DueAt && r.Told == one.Told);
            if (one.Told >= MostTold)
            {
                await row.ExecuteDeleteAsync(cancellationToken);
                continue;
            }

            var times = one.Told + 1;
            var next = now + (times == MostTold ? Past : Again);
            if (await row.ExecuteUpdateAsync(set => set.SetProperty(r => r.Told, times).SetProperty(r => r.DueAt, next), cancellationToken) == 0) continue;

            // Of several tasks the one that is due for the first time says how it is told.
            var known = told.GetValueOrDefault((one.RoomId, one.PersonId));
            told[(one.RoomId, one.PersonId)] = new(one.RoomId, one.PersonId, Math.Min(times, known?.Told ?? times));
        }

        if (withPushes)
        {
            foreach (var one in told.Values) await SpreadAsync(db, one, now, cancellationToken);
        }

        return told.Values;
    }

    /// <summary>Takes at most <paramref name="limit"/> pushes that are due. Where nothing of the person is due in the room any more, none is owed.</summary>
    /// <returns>Null where nothing was due.</returns>
    public static async Task<IReadOnlyList<LeasedRoomPush>?> TakeDuePushesAsync(TocsinDbContext db, DateTimeOffset now, DateTimeOffset until, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var due = await db.Set<RoomReminderPush>().AsNoTracking().Where(p => p.DueAt <= now)
            .Join(db.Set<StoredContactPoint>(), p => p.ContactPointId, c => c.Id, (push, c) => new { Push = push, c.Enabled, c.ChannelData })
            .OrderBy(p => p.Push.DueAt).ThenBy(p => p.Push.RoomId).ThenBy(p => p.Push.ContactPointId).Take(limit).ToListAsync(cancellationToken);
        if (due.Count == 0) return null;
        var taken = new List<LeasedRoomPush>(due.Count);
        foreach (var one in due)
        {
            var push = one.Push;
            var row = RowOf(db, push.RoomId, push.ContactPointId, push.DueAt);
            var isOwed = one.Enabled && one.ChannelData is not null
                && await db.Set<RoomReminder>().AnyAsync(r => r.RoomId == push.RoomId && r.PersonId == push.PersonId && r.Told > 0, cancellationToken);
            if (!isOwed)
            {
                await row.ExecuteDeleteAsync(cancellationToken);
                continue;
            }

            var attempt = push.Attempt + 1;
            if (await row.ExecuteUpdateAsync(set => set.SetProperty(p => p.DueAt, until).SetProperty(p => p.Attempt, attempt), cancellationToken) == 1)
                taken.Add(new(push.RoomId, push.ContactPointId, push.PersonId, RoomNotificationKind.Task, 0, attempt, until, one.ChannelData!));
        }

        return taken;
    }

    /// <summary>The push service has it, or will not take it: null; else it is tried again at <paramref name="at"/>.</summary>
    public static Task NoteOutcomeAsync(TocsinDbContext db, LeasedRoomPush push, DateTimeOffset? at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(push);
        var row = RowOf(db, push.RoomId, push.ContactPointId, push.LeasedUntil);
        return at is { } again ? row.ExecuteUpdateAsync(set => set.SetProperty(p => p.DueAt, again), cancellationToken) : row.ExecuteDeleteAsync(cancellationToken);
    }

    private static IQueryable<RoomReminderPush> RowOf(TocsinDbContext db, RoomId room, ContactPointId device, DateTimeOffset dueAt) =>
        db.Set<RoomReminderPush>().Where(p => p.RoomId == room && p.ContactPointId == device && p.DueAt == dueAt);

    /// <summary>A muted room is told of, too: this is asked of one person by name. What is on its way already says the same.</summary>
    private static async Task SpreadAsync(TocsinDbContext db, DueReminder due, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand("""
            INSERT INTO room_reminder_pushes (room_id, contact_point_id, person_id, due_at, attempt)
            SELECT m.room_id, c.id, m.person_id, @now, 0
            FROM room_members m JOIN contact_points c ON c.person_id = m.person_id
            WHERE m.room_id = @room AND m.person_id = @person AND c.kind = @app AND c.enabled = TRUE
            ORDER BY c.id
            ON CONFLICT (room_id, contact_point_id) DO NOTHING
            """);
        command.Add("@now", now.ToUnixTimeMilliseconds());
        command.Add("@room", UuidColumn.ToParameter(db.Kind, due.RoomId.Value));
        command.Add("@person", UuidColumn.ToParameter(db.Kind, due.PersonId.Value));
        command.Add("@app", App);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
