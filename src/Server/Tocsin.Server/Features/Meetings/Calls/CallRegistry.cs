using Tocsin.Server.Features.Meetings.Durable;
using Tocsin.Server.Features.Meetings.Media;
using Tocsin.Server.Features.Meetings.Signalling;
using Tocsin.Storage.Meetings;

namespace Tocsin.Server.Features.Meetings.Calls;

/// <summary>The calls of this server.</summary>
internal sealed partial class CallRegistry : IMeetingListener
{
    private readonly Lock padlock = new();
    private readonly Dictionary<MeetingId, Call> calls = [];
    private readonly MediaService media;
    private readonly ILogger<CallRegistry> logger;

    public CallRegistry(MediaService media, MeetingNotices notices, ILogger<CallRegistry> logger)
    {
        (this.media, this.logger) = (media, logger);
        notices.Tell(this);
    }

    /// <summary>The calls there are at this moment.</summary>
    public IReadOnlyList<Call> Current
    {
        get
        {
            lock (padlock) return [.. calls.Values];
        }
    }

    /// <summary>Who is in the meeting now, on this server.</summary>
    public int CountIn(MeetingId meeting)
    {
        lock (padlock) return calls.TryGetValue(meeting, out var call) ? call.ParticipantCount : 0;
    }

    /// <summary>The meeting's call, begun where there is none.</summary>
    /// <returns>Null where this server has no media engine.</returns>
    public Call? GetOrBegin(Meeting meeting)
    {
        if (media.Host is not { } host) return null;
        lock (padlock)
        {
            if (calls.TryGetValue(meeting.Id, out var call) && !call.IsOver) return call;
            return calls[meeting.Id] = new Call(meeting, new CallMedia(host, media));
        }
    }

    /// <summary>Ends a call that nobody is in any more. Within its turn.</summary>
    public void EndIfEmpty(Call call)
    {
        if (call.IsEmpty) End(call);
    }

    /// <summary>Puts everybody out: the meeting is over. Within its turn.</summary>
    public void End(Call call)
    {
        if (call.IsOver) return;
        call.End(LeaveReason.Ended);
        Forget(call);
    }

    private void Forget(Call call)
    {
        lock (padlock)
        {
            if (calls.TryGetValue(call.Id, out var known) && known == call) calls.Remove(call.Id);
        }
    }

    void IMeetingListener.OnMeetingEnded(MeetingId meeting) => _ = InTurnOfAsync(call => call.Id == meeting, End);

    void IMeetingListener.OnGuestLinkRevoked(GuestLinkId link) => _ = InTurnOfAsync(
        _ => true,
        call =>
        {
            var guests = call.Participants.Concat(call.WhoWait).Where(attendee => attendee.Visitor.Link == link).ToList();
            foreach (var guest in guests) call.Remove(guest, LeaveReason.Removed, DepartureReason.Removed);
            EndIfEmpty(call);
        });

    private async Task InTurnOfAsync(Func<Call, bool> which, Action<Call> work)
    {
        List<Call> chosen;
        lock (padlock) chosen = [.. calls.Values.Where(which)];
        foreach (var call in chosen)
        {
            try
            {
                using (await call.EnterAsync()) work(call);
            }
            catch (Exception exception)
            {
                NoticeFailed(logger, exception.GetType().Name);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A call could not be told of a change to its meeting: {Kind}.")]
    private static partial void NoticeFailed(ILogger logger, string kind);
}
