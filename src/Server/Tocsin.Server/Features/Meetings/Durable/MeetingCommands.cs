using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Directory;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Meetings;
using Tocsin.Storage.Rooms;
using Tocsin.Storage.Schema;

namespace Tocsin.Server.Features.Meetings.Durable;

/// <summary>Opens meetings, invites to them, changes and ends them. Whoever runs a call, on any node, hears of it by the events.</summary>
internal sealed class MeetingCommands(CommandStore store)
{
    public const int LongestTitle = 120;
    private const int MostInvited = 500;

    // What one audit record holds, at most 4,096 characters: ids, and names of which each letter may be written in six.
    private const int MostNamedAtOnce = 90;
    private const int MostAdmittedAtOnce = 3;

    /// <summary>Opens a meeting; where the alert has one open already, that is the answer.</summary>
    public Task<CommandAnswer<Meeting>> OpenAsync(OpenMeetingRequest request, Actor actor, CancellationToken cancellationToken) =>
        DirectoryCommand.RunAsync<Meeting>(
            store,
            async (transaction, token) =>
            {
                var errors = new FieldErrors();
                var title = DirectoryText.Required(request.Title, LongestTitle, "title", errors);
                var invited = (request.Invited ?? []).Distinct().ToList();
                if (invited.Count > MostInvited) return MeetingRefusals.InvitationsTooMany;
                if (!await AreKnownAsync(transaction, invited, token)) errors.Add("invited", "unknown");
                if (errors.Any) return errors;
                if (request.AlertId is { } alert)
                {
                    if (!await transaction.Db.Set<Alert>().AnyAsync(a => a.Id == alert, token)) return FieldErrors.One("alertId", "unknown");
                    if (await transaction.Db.Set<Meeting>().FirstOrDefaultAsync(m => m.AlertId == alert && m.EndedAt == null, token) is { } open)
                        return await MeetingRights.JoinableBy(transaction.Db, actor).AnyAsync(m => m.Id == open.Id, token) ? open : CommonRefusals.NotFound;
                }

                var meeting = Add(
                    transaction,
                    new Meeting
                    {
                        Title = title,
                        AlertId = request.AlertId,
                        OpenTo = request.OpenTo ?? MeetingAudience.Invited,
                        HasWaitingRoom = request.HasWaitingRoom ?? false,
                    },
                    actor);
                transaction.Db.AddRange(invited.Select(person => new MeetingInvitation { MeetingId = meeting.Id, PersonId = person, InvitedAt = transaction.Now }));
                return meeting;
            },
            cancellationToken);

    /// <summary>Opens the call of a room, for whoever is in it; where there is one open already, that is the answer.</summary>
    public Task<CommandAnswer<Meeting>> OpenAsync(RoomId room, OpenRoomCallRequest request, Actor actor, CancellationToken cancellationToken) =>
        DirectoryCommand.RunAsync<Meeting>(
            store,
            async (transaction, token) =>
            {
                var errors = new FieldErrors();
                var title = DirectoryText.Required(request.Title, LongestTitle, "title", errors);
                if (errors.Any) return errors;
                // Two who call at once: the second finds the first's. SQLite has one writer.
                if (transaction.Db.Kind == DatabaseKind.PostgreSql)
                    await transaction.Db.Database.ExecuteSqlAsync($"SELECT 1 FROM rooms WHERE id = {room.Value} FOR UPDATE", token);
                if (!await transaction.Db.Set<StoredRoomMember>().AnyAsync(m => m.RoomId == room && m.PersonId == actor.Person, token)) return CommonRefusals.NotFound;
                if (await transaction.Db.Set<Meeting>().FirstOrDefaultAsync(m => m.RoomId == room && m.EndedAt == null, token) is { } open) return open;
                return Add(transaction, new Meeting { Title = title, RoomId = room }, actor);
            },
            cancellationToken);

    /// <summary>For hosts. People who were invited before stay so.</summary>
    public Task<CommandAnswer<Done>> InviteAsync(MeetingId id, InvitePeopleRequest request, Actor actor, CancellationToken cancellationToken) =>
        ForHostAsync<Done>(
            id,
            actor,
            async (transaction, meeting, token) =>
            {
                var asked = (request.People ?? []).Distinct().Take(MostInvited + 1).ToList();
                var present = await transaction.Db.Set<MeetingInvitation>().Where(i => i.MeetingId == id).Select(i => i.PersonId).ToListAsync(token);
                var added = asked.Except(present).ToList();
                if (present.Count + added.Count > MostInvited) return MeetingRefusals.InvitationsTooMany;
                if (asked.Count == 0 || !await AreKnownAsync(transaction, added, token)) return FieldErrors.One("people", "unknown");
                transaction.Db.AddRange(added.Select(person => new MeetingInvitation { MeetingId = id, PersonId = person, InvitedAt = transaction.Now }));
                MeetingRecord.AppendChanged(transaction, meeting);
                foreach (var people in added.Chunk(MostNamedAtOnce)) MeetingRecord.Note(transaction, id, actor.ForAudit, "meeting.people-invited", new { people });
                return Done.Instance;
            },
            cancellationToken);

    /// <summary>For hosts.</summary>
    public Task<CommandAnswer<Done>> EndAsync(MeetingId id, Actor actor, CancellationToken cancellationToken) =>
        ForHostAsync<Done>(id, actor, (transaction, meeting, _) => Task.FromResult<CommandAnswer<Done>>(End(transaction, meeting, actor.ForAudit)), cancellationToken);

    /// <summary>Ends it for a host of its call.</summary>
    public Task EndAsync(MeetingId id, AuditActor host, CancellationToken cancellationToken) =>
        ForOpenAsync(id, (transaction, meeting) => End(transaction, meeting, host), cancellationToken);

    /// <summary>Null members stay as they are.</summary>
    public Task ChangeAsync(MeetingId id, bool? isLocked, bool? hasWaitingRoom, AuditActor host, CancellationToken cancellationToken) =>
        ForOpenAsync(
            id,
            (transaction, meeting) =>
            {
                (meeting.IsLocked, meeting.HasWaitingRoom) = (isLocked ?? meeting.IsLocked, hasWaitingRoom ?? meeting.HasWaitingRoom);
                MeetingRecord.AppendChanged(transaction, meeting, host, "meeting.doors-changed", new { meeting.IsLocked, meeting.HasWaitingRoom });
            },
            cancellationToken);

    /// <summary>Who was put out of a call, and by whom: they come back through the waiting room.</summary>
    public Task RemoveAsync(MeetingId id, string subject, string name, AuditActor host, CancellationToken cancellationToken) =>
        store.CommitAsync(
            async (transaction, token) =>
            {
                if (!await transaction.Db.Set<MeetingRemoval>().AnyAsync(r => r.MeetingId == id && r.Subject == subject, token))
                    transaction.Db.Add(new MeetingRemoval { MeetingId = id, Subject = subject, RemovedAt = transaction.Now });
                MeetingRecord.Note(transaction, id, host, "meeting.participant-removed", new { subject, name });
            },
            cancellationToken);

    /// <summary>Somebody waited and a host let them in: what removed them before is forgiven.</summary>
    public Task AdmitAsync(MeetingId id, IReadOnlyCollection<string> subjects, IReadOnlyCollection<string> names, AuditActor host, CancellationToken cancellationToken) =>
        store.CommitAsync(
            async (transaction, token) =>
            {
                await transaction.Db.Set<MeetingRemoval>().Where(r => r.MeetingId == id && subjects.Contains(r.Subject)).ExecuteDeleteAsync(token);
                foreach (var some in subjects.Zip(names).Chunk(MostAdmittedAtOnce))
                    MeetingRecord.Note(transaction, id, host, "meeting.participants-admitted", new { subjects = some.Select(one => one.First), names = some.Select(one => one.Second) });
            },
            cancellationToken);

    /// <summary>Commits <paramref name="work"/> on an open meeting, for who is a host of it.</summary>
    public Task<CommandAnswer<T>> ForHostAsync<T>(
        MeetingId id, Actor actor, Func<CommandTransaction, Meeting, CancellationToken, Task<CommandAnswer<T>>> work, CancellationToken cancellationToken)
        where T : class =>
        DirectoryCommand.RunAsync<T>(
            store,
            async (transaction, token) => await MeetingRights.FindAsync(transaction.Db, id, actor, token) switch
            {
                (null, _) => CommonRefusals.NotFound,
                (_, not MeetingRight.Host) => MeetingRefusals.OnlyHosts,
                ({ EndedAt: not null }, _) => MeetingRefusals.Ended,
                var (meeting, _) => await work(transaction, meeting!, token),
            },
            cancellationToken);

    private Task ForOpenAsync(MeetingId id, Action<CommandTransaction, Meeting> work, CancellationToken cancellationToken) =>
        store.CommitAsync(
            async (transaction, token) =>
            {
                if (await transaction.Db.Set<Meeting>().FirstOrDefaultAsync(m => m.Id == id && m.EndedAt == null, token) is { } meeting) work(transaction, meeting);
            },
            cancellationToken);

    private static Meeting Add(CommandTransaction transaction, Meeting meeting, Actor actor)
    {
        (meeting.Id, meeting.OpenedAt) = (new(Guid.CreateVersion7(transaction.Now)), transaction.Now);
        (meeting.OpenedByPerson, meeting.OpenedByName) = (actor.Person!.Value, actor.Name);
        transaction.Db.Add(meeting);
        MeetingRecord.AppendOpened(transaction, meeting, actor);
        return meeting;
    }

    private static Done End(CommandTransaction transaction, Meeting meeting, AuditActor actor)
    {
        meeting.EndedAt = transaction.Now;
        MeetingRecord.AppendEnded(transaction, meeting, actor);
        return Done.Instance;
    }

    private static async Task<bool> AreKnownAsync(CommandTransaction transaction, List<PersonId> people, CancellationToken cancellationToken) =>
        people.Count == 0 || await transaction.Db.Set<Person>().CountAsync(person => people.Contains(person.Id), cancellationToken) == people.Count;
}
