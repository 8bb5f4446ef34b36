using Microsoft.EntityFrameworkCore;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Directory;
using Tocsin.Server.Features.Meetings.GuestLinks;
using Tocsin.Server.Features.Meetings.Signalling;
using Tocsin.Storage;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Meetings;

namespace Tocsin.Server.Features.Meetings.Calls;

/// <summary>Tells who comes, and whether they may come to the door at all.</summary>
internal sealed class Reception(IDbContextFactory<TocsinDbContext> contexts, GuestLinkReading links, ResumeTickets tickets)
{
    private const int LongestGuestName = 60;

    public async Task<Admission> ReceiveAccountAsync(Actor actor, JoinRequest request, CancellationToken cancellationToken)
    {
        if (request.MeetingId is not { } id || actor.Person is not { } person) return Admission.Refuse(CommonRefusals.NotFound);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var (meeting, right) = await MeetingRights.FindAsync(db, new(id), actor, cancellationToken);
        if (meeting is null) return Admission.Refuse(CommonRefusals.NotFound);
        if (meeting.EndedAt is not null) return Admission.Refuse(MeetingRefusals.Ended);
        var subject = $"person:{person}";
        var ticket = tickets.TryOpen(request.Resume, meeting.Id) is { } shown && shown.Subject == subject ? shown : null;
        var wasRemoved = await WasRemovedAsync(db, meeting.Id, subject, cancellationToken);
        return new Admission(meeting, new Visitor(
            ticket?.Visit ?? Guid.CreateVersion7(), subject, actor.Name, ParticipantKind.Account, person, right == MeetingRight.Host, null, ticket is not null && !wasRemoved, wasRemoved, actor.ForAudit));
    }

    /// <summary>Whether somebody who has just come in may: they may have been removed from the room after it was read, and before there was anybody to put out.</summary>
    public async Task<bool> IsStillInRoomAsync(Meeting meeting, Visitor visitor, CancellationToken cancellationToken)
    {
        if (meeting.RoomId is null || visitor.Person is not { } person) return true;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await MeetingRights.PeopleOfRoomCall(db, meeting.Id).AnyAsync(one => one == person, cancellationToken);
    }

    /// <param name="origin">The guest's network address, for the audit trail.</param>
    public async Task<Admission> ReceiveGuestAsync(JoinRequest request, string? origin, CancellationToken cancellationToken)
    {
        if (DirectoryText.Clean(request.Name, LongestGuestName, out _) is not { } name) return Admission.Refuse(MeetingRefusals.GuestNameMissing);
        if (await links.FindAsync(request.Link, cancellationToken) is not { } found) return Admission.Refuse(CommonRefusals.NotFound);
        var shown = tickets.TryOpen(request.Resume, found.Meeting.Id);
        var ticket = shown is not null && shown.Subject == SubjectOf(shown.Visit) ? shown : null;
        var visit = ticket?.Visit ?? Guid.CreateVersion7();
        var subject = SubjectOf(visit);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var wasRemoved = await WasRemovedAsync(db, found.Meeting.Id, subject, cancellationToken);
        var actor = new AuditActor(subject, name, origin);
        return new Admission(found.Meeting, new Visitor(visit, subject, name, ParticipantKind.Guest, null, IsHost: false, found.Id, ticket is not null && !wasRemoved, wasRemoved, actor));
    }

    /// <summary>Every account may try its way to the media port.</summary>
    public static (Visitor? Visitor, Refusal? Refused) ReceiveAccountForCheck(Actor actor) =>
        actor.Person is { } person
            ? (new Visitor(Guid.CreateVersion7(), $"person:{person}", actor.Name, ParticipantKind.Account, person, IsHost: false, null, WasLetIn: false, WasRemoved: false, actor.ForAudit), null)
            : (null, CommonRefusals.NotFound);

    /// <summary>So may who holds a link that works.</summary>
    public async Task<(Visitor? Visitor, Refusal? Refused)> ReceiveGuestForCheckAsync(CheckRequest request, string? origin, CancellationToken cancellationToken)
    {
        if (await links.FindAsync(request.Link, cancellationToken) is not { } found) return (null, CommonRefusals.NotFound);
        var visit = Guid.CreateVersion7();
        var subject = SubjectOf(visit);
        return (new Visitor(visit, subject, "", ParticipantKind.Guest, null, IsHost: false, found.Id, WasLetIn: false, WasRemoved: false, new AuditActor(subject, "", origin)), null);
    }

    private static string SubjectOf(Guid visit) => $"guest:{visit}";

    private static Task<bool> WasRemovedAsync(TocsinDbContext db, MeetingId meeting, string subject, CancellationToken cancellationToken) =>
        db.Set<MeetingRemoval>().AnyAsync(removal => removal.MeetingId == meeting && removal.Subject == subject, cancellationToken);
}

/// <summary>Somebody at the door of a meeting, or why there is none for them.</summary>
internal sealed record Admission(Meeting? Meeting, Visitor? Visitor, Refusal? Refused = null)
{
    public static Admission Refuse(Refusal refusal) => new(null, null, refusal);
}
