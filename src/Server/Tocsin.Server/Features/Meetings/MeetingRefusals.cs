using Tocsin.Server.Errors;

namespace Tocsin.Server.Features.Meetings;

/// <summary>What can be refused about meetings. What may not be joined is <see cref="CommonRefusals.NotFound"/>.</summary>
internal static class MeetingRefusals
{
    public static readonly Refusal Ended = new("meeting-ended", 409, "This meeting has ended.");
    public static readonly Refusal Locked = new("meeting-locked", 409, "This meeting is locked: nobody else is let in.");
    public static readonly Refusal Full = new("meeting-full", 409, "This meeting is full.");
    public static readonly Refusal Elsewhere = new("meeting-elsewhere", 409, "Another node of this server carries the meeting's call. Try again: you may reach that one.");
    public static readonly Refusal OnlyHosts = new("only-hosts", 403, "Only a host of the meeting can do this.");
    public static readonly Refusal NotInMeeting = new("not-in-meeting", 409, "This connection is in no meeting: join first.");
    public static readonly Refusal GroupMoved = new("call-group-moved", 409, "The group of this call has changed meanwhile: read it again.");
    public static readonly Refusal GuestNameMissing = new("guest-name-missing", 400, "Say who you are: a name of 1 to 60 characters.");
    public static readonly Refusal LinksTooMany = new("guest-links-too-many", 409, "This meeting has 50 guest links: revoke one first.");
    public static readonly Refusal InvitationsTooMany = new("invitations-too-many", 409, "A meeting can have 500 people invited by name.");
    public static readonly Refusal SourceInUse = new("source-in-use", 409, "This is being sent already: close that first.");
    public static readonly Refusal MediaParameters = new("media-parameters", 400, "These media parameters are malformed or not supported here.");
    public static readonly Refusal MediaUnavailable = new("media-unavailable", 503, "This server does not carry media now.");
}
