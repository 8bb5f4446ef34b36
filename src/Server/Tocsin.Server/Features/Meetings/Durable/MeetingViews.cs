using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Storage.Meetings;

namespace Tocsin.Server.Features.Meetings.Durable;

/// <param name="Title">1 to 120 characters.</param>
/// <param name="AlertId">The alert that it is about: an alert has one open meeting at most.</param>
/// <param name="Invited">People who may join, by name.</param>
internal sealed record OpenMeetingRequest(string? Title, AlertId? AlertId, MeetingAudience? OpenTo, bool? HasWaitingRoom, IReadOnlyList<PersonId>? Invited);

/// <param name="Title">1 to 120 characters. What the room is called stays in its members' browsers: this is for those who are not in it.</param>
internal sealed record OpenRoomCallRequest(string? Title);

internal sealed record InvitePeopleRequest(IReadOnlyList<PersonId>? People);

internal sealed record MeetingList(IReadOnlyList<MeetingView> Items);

/// <param name="RoomId">The room whose call it is.</param>
/// <param name="OpenedBy">The name, as it was then.</param>
/// <param name="IsHost">Whoever reads is a host of it.</param>
/// <param name="ParticipantCount">Who is in it now.</param>
internal sealed record MeetingView(
    MeetingId Id,
    string Title,
    AlertId? AlertId,
    RoomId? RoomId,
    MeetingAudience OpenTo,
    bool IsLocked,
    bool HasWaitingRoom,
    string OpenedBy,
    DateTimeOffset OpenedAt,
    DateTimeOffset? EndedAt,
    bool IsHost,
    int ParticipantCount)
{
    public static MeetingView Of(Meeting meeting, Actor reader, int participantCount) => new(
        meeting.Id, meeting.Title, meeting.AlertId, meeting.RoomId, meeting.OpenTo, meeting.IsLocked, meeting.HasWaitingRoom, meeting.OpenedByName, meeting.OpenedAt, meeting.EndedAt,
        MeetingRights.Of(meeting, reader) == MeetingRight.Host, participantCount);
}
