using Tocsin.Server.Features.Meetings.Media;
using Tocsin.Server.Features.Meetings.Signalling;
using Tocsin.Storage.Meetings;
using Tocsin.Storage.PostgreSql;

namespace Tocsin.Server.Features.Meetings.Calls;

/// <summary>The calls of this server.</summary>
internal sealed partial class CallRegistry(MediaService media, MeetingLeases leases, ILogger<CallRegistry> logger)
{
    private readonly Lock padlock = new();
    private readonly Dictionary<MeetingId, Call> calls = [];

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

    public Call? Find(MeetingId meeting)
    {
        lock (padlock) return calls.GetValueOrDefault(meeting);
    }

    /// <summary>The meeting's call, begun where there is none.</summary>
    /// <returns>Null where this server has no media engine.</returns>
    public Call? GetOrBegin(Meeting meeting)
    {
        if (media.Host is not { } host) return null;
        lock (padlock)
        {
            if (calls.TryGetValue(meeting.Id, out var call) && !call.IsOver) return call;
            return calls[meeting.Id] = new Call(meeting, new CallMedia(host, media, CallMedia.UsualOptions));
        }
    }

    /// <summary>Has this node, and no other, carry the meeting while the call lasts. Within its turn.</summary>
    /// <returns>False where another node does.</returns>
    public Task<bool> TryCarryAsync(Call call, CancellationToken cancellationToken) => leases.TryTakeAsync(call.Id, call, cancellationToken);

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
        _ = GiveBackAsync(call);
    }

    private async Task GiveBackAsync(Call call)
    {
        try
        {
            await leases.GiveBackAsync(call.Id, call);
        }
        catch (Exception exception)
        {
            NotGivenBack(logger, exception.GetType().Name);
        }
    }

    private void Forget(Call call)
    {
        lock (padlock)
        {
            if (calls.TryGetValue(call.Id, out var known) && known == call) calls.Remove(call.Id);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A meeting is kept for this node though its call is over ({Kind}): until the database can be reached again, other nodes refuse it.")]
    private static partial void NotGivenBack(ILogger logger, string kind);
}
