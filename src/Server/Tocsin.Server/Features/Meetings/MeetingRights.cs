using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Meetings;
using Tocsin.Storage.Model;
using Tocsin.Storage.Rooms;

namespace Tocsin.Server.Features.Meetings;

/// <summary>What somebody with an account may do in a meeting. docs/decisions/0090 says why.</summary>
internal enum MeetingRight
{
    /// <summary>It does not exist for them.</summary>
    None,

    Join,

    /// <summary>Join, and keep order in it.</summary>
    Host,
}

internal static class MeetingRights
{
    /// <summary>May open meetings.</summary>
    public const Roles Openers = Roles.Administrator | Roles.CrisisDirector | Roles.CrisisMember | Roles.Communicator;

    /// <summary>Are at home in every alert's meeting.</summary>
    private const Roles CrisisTeam = Roles.CrisisDirector | Roles.CrisisMember | Roles.Communicator;

    /// <summary>Are hosts of what they may join.</summary>
    private const Roles Hosts = Roles.CrisisDirector | Roles.CrisisMember;

    /// <summary>The meetings that <paramref name="actor"/> may join, open or not.</summary>
    public static IQueryable<Meeting> JoinableBy(TocsinDbContext db, Actor actor)
    {
        var person = actor.Person ?? default;
        var isCrisisTeam = actor.Has(CrisisTeam);
        return db.Set<Meeting>().Where(meeting =>
            (meeting.OpenedByPerson == person && meeting.RoomId == null) ||
            meeting.OpenTo == MeetingAudience.Organisation ||
            db.Set<MeetingInvitation>().Any(invitation => invitation.MeetingId == meeting.Id && invitation.PersonId == person) ||
            (meeting.RoomId != null && db.Set<StoredRoomMember>().Any(member => member.RoomId == meeting.RoomId && member.PersonId == person)) ||
            (meeting.AlertId != null && (isCrisisTeam || db.Set<Recipient>().Any(recipient => recipient.PersonId == person && recipient.AlertId == meeting.AlertId))));
    }

    /// <summary>Everybody with an account who may join the call of a room: its members, and who was invited besides.</summary>
    public static IQueryable<PersonId> PeopleOfRoomCall(TocsinDbContext db, MeetingId id) =>
        db.Set<StoredRoomMember>().Where(member => db.Set<Meeting>().Any(meeting => meeting.Id == id && meeting.RoomId == member.RoomId)).Select(member => member.PersonId)
            .Union(db.Set<MeetingInvitation>().Where(invitation => invitation.MeetingId == id).Select(invitation => invitation.PersonId));

    /// <summary>The meeting, and what <paramref name="actor"/> may do in it; null where they may nothing.</summary>
    public static async Task<(Meeting? Meeting, MeetingRight Right)> FindAsync(TocsinDbContext db, MeetingId id, Actor actor, CancellationToken cancellationToken) =>
        await JoinableBy(db, actor).FirstOrDefaultAsync(meeting => meeting.Id == id, cancellationToken) is { } found ? (found, Of(found, actor)) : (null, MeetingRight.None);

    /// <summary>Of a meeting that <paramref name="actor"/> may join.</summary>
    public static MeetingRight Of(Meeting meeting, Actor actor) =>
        actor.Has(Hosts) || (actor.Person is { } person && person == meeting.OpenedByPerson) ? MeetingRight.Host : MeetingRight.Join;
}
