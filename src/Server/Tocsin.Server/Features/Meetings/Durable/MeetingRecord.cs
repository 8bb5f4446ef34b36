using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Events;
using Tocsin.Storage.Meetings;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Meetings.Durable;

/// <summary>What is told, and noted for the audit trail, of each durable change to a meeting.</summary>
internal static class MeetingRecord
{
    public const string Opened = "meeting.opened";
    public const string Changed = "meeting.changed";
    public const string Ended = "meeting.ended";

    // Ids only: a page reads what it may see of it.
    private static readonly EventVisibility everybody = EventVisibility.To(Roles.All);

    public static void AppendOpened(CommandTransaction transaction, Meeting meeting, Actor actor)
    {
        transaction.Append(Opened, everybody, new MeetingEventData(meeting.Id, meeting.AlertId));
        Note(transaction, meeting.Id, actor.ForAudit, Opened, new { meeting.Title, meeting.AlertId, meeting.RoomId, meeting.OpenTo });
    }

    public static void AppendChanged(CommandTransaction transaction, Meeting meeting) => transaction.Append(Changed, everybody, new MeetingEventData(meeting.Id, meeting.AlertId));

    /// <param name="action">As <c>noun.verb-past</c>.</param>
    public static void AppendChanged(CommandTransaction transaction, Meeting meeting, AuditActor actor, string action, object? detail = null)
    {
        AppendChanged(transaction, meeting);
        Note(transaction, meeting.Id, actor, action, detail);
    }

    public static void AppendEnded(CommandTransaction transaction, Meeting meeting, AuditActor actor)
    {
        transaction.Append(Ended, everybody, new MeetingEventData(meeting.Id, meeting.AlertId));
        Note(transaction, meeting.Id, actor, Ended);
    }

    /// <summary>Somebody is no longer in the room: the node that carries its call looks who may still be there.</summary>
    public static async Task AppendRoomLeftAsync(CommandTransaction transaction, RoomId room, CancellationToken cancellationToken)
    {
        foreach (var meeting in await transaction.Db.Set<Meeting>().AsNoTracking().Where(m => m.RoomId == room && m.EndedAt == null).ToListAsync(cancellationToken))
            transaction.Append(Changed, everybody, new MeetingEventData(meeting.Id, meeting.AlertId));
    }

    /// <summary>Something of the meeting that nobody's page need read again.</summary>
    public static void Note(CommandTransaction transaction, MeetingId meeting, AuditActor actor, string action, object? detail = null) =>
        transaction.Record(new AuditDraft(actor, action, $"meeting:{meeting}", detail));
}

internal sealed record MeetingEventData(MeetingId MeetingId, AlertId? AlertId);
