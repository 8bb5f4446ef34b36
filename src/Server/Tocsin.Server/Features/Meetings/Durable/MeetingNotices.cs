using Tocsin.Storage.Meetings;

namespace Tocsin.Server.Features.Meetings.Durable;

/// <summary>Tells the calls of this node of durable changes, once these are committed.</summary>
internal sealed class MeetingNotices
{
    private IMeetingListener? listener;

    /// <summary>One listener, set once.</summary>
    public void Tell(IMeetingListener heard) => listener = heard;

    public void TellEnded(MeetingId meeting) => listener?.OnMeetingEnded(meeting);

    public void TellLinkRevoked(GuestLinkId link) => listener?.OnGuestLinkRevoked(link);
}

/// <summary>Hears of durable changes; takes note and returns.</summary>
internal interface IMeetingListener
{
    void OnMeetingEnded(MeetingId meeting);

    void OnGuestLinkRevoked(GuestLinkId link);
}
