using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Storage.Bulk;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Rooms;

/// <summary>A push that this node has in hand.</summary>
/// <param name="Seq">The entry that it tells of.</param>
/// <param name="Attempt">1 for the first.</param>
/// <param name="LeasedUntil">Nobody else takes it before.</param>
/// <param name="Subscription">As the browser gave it; never logged.</param>
public sealed record LeasedRoomPush(RoomId RoomId, ContactPointId ContactPointId, PersonId PersonId, RoomNotificationKind Kind, long Seq, int Attempt, DateTimeOffset LeasedUntil, string Subscription);

/// <summary>Which device is still to be told of which room. A push that was not taken stays here until it is, or its tries are used up; a crash loses none.</summary>
/// <remarks>
/// Every step is one short transaction, and each change of a row says what the row must be: of several nodes one has its way, and the others find that nothing is left to do.
/// A row that is under way has its lease's end in <see cref="RoomPush.DueAt"/>; news that comes meanwhile changes <see cref="RoomPush.Seq"/> alone.
/// </remarks>
public static class RoomPushLedger
{
    /// <summary>A page that shows the room says within this that the entry was read, and nothing is sent.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>Between two pushes of one room to one device, while what was told before is unread.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>After which a priority message that nobody has read is told again.</summary>
    public static readonly TimeSpan Reminder = TimeSpan.FromMinutes(2);

    /// <summary>Half an hour: whoever was not reached by then is not reached by one more.</summary>
    public const int MostRepeats = 15;

    private const int MostNewsAtOnce = 50;

    // ContactPointKind.App as the column has it.
    private const string App = "app";

    /// <summary>Enters for each device what the oldest news say.</summary>
    /// <returns>Whether there was any.</returns>
    public static async Task<bool> SpreadAsync(TocsinDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var news = await db.Set<RoomNews>().AsNoTracking().OrderBy(n => n.Id).Take(MostNewsAtOnce).ToListAsync(cancellationToken);
        foreach (var one in news)
        {
            // Of several nodes that read the same, the one that takes the row away has it.
            if (await db.Set<RoomNews>().Where(n => n.Id == one.Id).ExecuteDeleteAsync(cancellationToken) == 1) await SpreadAsync(db, one, now, cancellationToken);
        }

        return news.Count > 0;
    }

    /// <summary>A device's choice for one room. What waits there already is looked at again when it is due.</summary>
    /// <returns>False where there is no such device of this person, or the person is not in the room.</returns>
    public static async Task<bool> ChooseAsync(TocsinDbContext db, RoomId room, PersonId person, string endpoint, bool isMuted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        await using var command = db.CreateCommand("""
            INSERT INTO room_pushes (room_id, contact_point_id, person_id, is_muted, kind, seq, priority_seq, told_seq, told_at, repeats, due_at, attempt)
            SELECT m.room_id, c.id, m.person_id, @muted, 0, m.read_seq, 0, m.read_seq, NULL, 0, NULL, 0
            FROM room_members m JOIN contact_points c ON c.person_id = m.person_id
            WHERE m.room_id = @room AND m.person_id = @person AND c.kind = @app AND c.address = @endpoint
            ON CONFLICT (room_id, contact_point_id) DO UPDATE SET is_muted = excluded.is_muted
            """);
        command.Add("@muted", isMuted);
        command.Add("@room", UuidColumn.ToParameter(db.Kind, room.Value));
        command.Add("@person", UuidColumn.ToParameter(db.Kind, person.Value));
        command.Add("@app", App);
        command.Add("@endpoint", endpoint);
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    /// <summary>When the next push leaves, or null where none waits.</summary>
    public static Task<DateTimeOffset?> NextDueAsync(TocsinDbContext db, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        return db.Set<RoomPush>().Where(p => p.DueAt != null).MinAsync(p => p.DueAt, cancellationToken);
    }

    /// <summary>Takes at most <paramref name="limit"/> pushes that are due. What was read meanwhile, or muted, waits no more.</summary>
    /// <param name="until">When the lease ends.</param>
    /// <returns>Null where nothing was due; what was due may all have become needless.</returns>
    public static async Task<IReadOnlyList<LeasedRoomPush>?> TakeDueAsync(TocsinDbContext db, DateTimeOffset now, DateTimeOffset until, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var due = await db.Set<RoomPush>().AsNoTracking().Where(p => p.DueAt != null && p.DueAt <= now)
            .Join(db.Set<StoredRoomMember>(), p => new { p.RoomId, p.PersonId }, m => new { m.RoomId, m.PersonId }, (push, member) => new { Push = push, member.ReadSeq })
            .Join(db.Set<StoredContactPoint>(), p => p.Push.ContactPointId, c => c.Id, (p, c) => new { p.Push, p.ReadSeq, c.Enabled, c.ChannelData })
            .OrderBy(p => p.Push.DueAt).ThenBy(p => p.Push.RoomId).ThenBy(p => p.Push.ContactPointId).Take(limit).ToListAsync(cancellationToken);
        if (due.Count == 0) return null;
        var taken = new List<LeasedRoomPush>(due.Count);
        foreach (var one in due)
        {
            var push = one.Push;
            var asksForConfirmation = push.PrioritySeq > one.ReadSeq;
            var isWanted = one.Enabled && one.ChannelData is not null && push.Seq > one.ReadSeq && (asksForConfirmation || !push.IsMuted);
            var row = RowOf(db, push.RoomId, push.ContactPointId, push.DueAt).Where(p => p.Seq == push.Seq);
            var attempt = push.Attempt + 1;
            var changed = isWanted
                ? await row.ExecuteUpdateAsync(set => set.SetProperty(p => p.DueAt, until).SetProperty(p => p.Attempt, attempt), cancellationToken)
                : await row.ExecuteUpdateAsync(set => set.SetProperty(p => p.DueAt, (DateTimeOffset?)null).SetProperty(p => p.Attempt, 0), cancellationToken);
            if (changed == 1 && isWanted)
                taken.Add(new(push.RoomId, push.ContactPointId, push.PersonId, asksForConfirmation ? RoomNotificationKind.Priority : push.Kind, push.Seq, attempt, until, one.ChannelData!));
        }

        return taken;
    }

    /// <summary>The push service has it. Whatever came meanwhile follows after the pause; a priority message until it was read.</summary>
    public static async Task NoteToldAsync(TocsinDbContext db, LeasedRoomPush push, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(push);
        var isPriority = push.Kind == RoomNotificationKind.Priority;
        var row = RowOf(db, push.RoomId, push.ContactPointId, push.LeasedUntil);
        var reminder = now + Reminder;
        var next = now + Pause;
        var changed = isPriority
            ? await row.Where(p => p.Seq == push.Seq && p.Repeats < MostRepeats).ExecuteUpdateAsync(
                set => set.SetProperty(p => p.ToldSeq, push.Seq).SetProperty(p => p.ToldAt, now).SetProperty(p => p.Attempt, 0)
                    .SetProperty(p => p.Repeats, p => p.Repeats + 1).SetProperty(p => p.DueAt, reminder),
                cancellationToken)
            : 0;
        if (changed == 0)
        {
            changed = await row.Where(p => p.Seq == push.Seq).ExecuteUpdateAsync(
                set => set.SetProperty(p => p.ToldSeq, push.Seq).SetProperty(p => p.ToldAt, now).SetProperty(p => p.Attempt, 0).SetProperty(p => p.DueAt, (DateTimeOffset?)null),
                cancellationToken);
        }

        if (changed == 0)
        {
            await row.ExecuteUpdateAsync(
                set => set.SetProperty(p => p.ToldSeq, push.Seq).SetProperty(p => p.ToldAt, now).SetProperty(p => p.Attempt, 0).SetProperty(p => p.DueAt, next),
                cancellationToken);
        }
    }

    /// <summary>It was not taken, and is tried again at <paramref name="at"/>; null: no more, until there is news.</summary>
    public static Task NoteNotTakenAsync(TocsinDbContext db, LeasedRoomPush push, DateTimeOffset? at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(push);
        var row = RowOf(db, push.RoomId, push.ContactPointId, push.LeasedUntil);
        return at is null
            ? row.ExecuteUpdateAsync(set => set.SetProperty(p => p.DueAt, at).SetProperty(p => p.Attempt, 0), cancellationToken)
            : row.ExecuteUpdateAsync(set => set.SetProperty(p => p.DueAt, at), cancellationToken);
    }

    private static IQueryable<RoomPush> RowOf(TocsinDbContext db, RoomId room, ContactPointId device, DateTimeOffset? dueAt) =>
        db.Set<RoomPush>().Where(p => p.RoomId == room && p.ContactPointId == device && p.DueAt == dueAt);

    /// <remarks>
    /// A row that is new has as told what its person had read, so that <c>excluded.told_seq</c> is how far the person has read now. A push that is under way, or waits for another try,
    /// keeps its time: a push service that asked to be left alone is.
    /// </remarks>
    private static async Task SpreadAsync(TocsinDbContext db, RoomNews news, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var onlyOne = news.OnlyId is null ? "" : "AND m.person_id = @only";
        await using var command = db.CreateCommand($"""
            INSERT INTO room_pushes (room_id, contact_point_id, person_id, is_muted, kind, seq, priority_seq, told_seq, told_at, repeats, due_at, attempt)
            SELECT m.room_id, c.id, m.person_id, FALSE, @kind, @seq, @priority, m.read_seq, NULL, 0, @soon, 0
            FROM room_members m JOIN contact_points c ON c.person_id = m.person_id
            WHERE m.room_id = @room AND m.person_id <> @author AND m.read_seq < @seq AND c.kind = @app AND c.enabled = TRUE {onlyOne}
            ORDER BY c.id
            ON CONFLICT (room_id, contact_point_id) DO UPDATE SET
                kind = CASE WHEN excluded.seq > room_pushes.seq THEN excluded.kind ELSE room_pushes.kind END,
                seq = CASE WHEN excluded.seq > room_pushes.seq THEN excluded.seq ELSE room_pushes.seq END,
                priority_seq = CASE WHEN excluded.priority_seq > room_pushes.priority_seq THEN excluded.priority_seq ELSE room_pushes.priority_seq END,
                repeats = CASE WHEN excluded.priority_seq > room_pushes.priority_seq THEN 0 ELSE room_pushes.repeats END,
                due_at = CASE
                    WHEN room_pushes.attempt > 0 THEN room_pushes.due_at
                    WHEN room_pushes.is_muted AND excluded.priority_seq = 0 THEN room_pushes.due_at
                    WHEN room_pushes.told_at IS NULL OR excluded.told_seq >= room_pushes.told_seq OR room_pushes.told_at + @pause < excluded.due_at
                        THEN CASE WHEN room_pushes.due_at < excluded.due_at THEN room_pushes.due_at ELSE excluded.due_at END
                    WHEN room_pushes.due_at < room_pushes.told_at + @pause THEN room_pushes.due_at
                    ELSE room_pushes.told_at + @pause END
            WHERE excluded.seq > room_pushes.seq OR excluded.priority_seq > room_pushes.priority_seq
            """);
        command.Add("@room", UuidColumn.ToParameter(db.Kind, news.RoomId.Value));
        command.Add("@author", UuidColumn.ToParameter(db.Kind, news.AuthorId.Value));
        if (news.OnlyId is { } only) command.Add("@only", UuidColumn.ToParameter(db.Kind, only.Value));
        command.Add("@kind", (int)news.Kind);
        command.Add("@seq", news.Seq);
        command.Add("@priority", news.Kind == RoomNotificationKind.Priority ? news.Seq : 0L);
        command.Add("@app", App);
        command.Add("@soon", (now + Grace).ToUnixTimeMilliseconds());
        command.Add("@pause", (long)Pause.TotalMilliseconds);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
