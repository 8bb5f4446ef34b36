using Tocsin.Server.Features.Meetings.Signalling;
using Tocsin.Storage.Meetings;

namespace Tocsin.Server.Features.Meetings.Calls;

/// <summary>What happens in a meeting now: who is there and who waits. One turn at a time: a command enters, and what it changes and tells is whole before the next one's.</summary>
/// <remarks>Lives in the memory of one server, from the first who comes to the last who goes.</remarks>
internal sealed class Call(Meeting meeting, CallMedia media) : IDisposable
{
    public const int MostParticipants = 200;
    public const int MostWaiting = 100;

    private readonly SemaphoreSlim turn = new(1, 1);

    // Held while a change is committed; the turn may be taken within it, never the other way round.
    private readonly SemaphoreSlim durable = new(1, 1);
    private readonly HashSet<string> putOut = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Attendee> attendees = new(StringComparer.Ordinal);
    private volatile int participantCount;

    public MeetingId Id { get; } = meeting.Id;

    /// <summary>As the database has it.</summary>
    public CallView View { get; private set; } = new(meeting.Id.Value, meeting.Title, meeting.AlertId, meeting.IsLocked, meeting.HasWaitingRoom);

    public CallMedia Media { get; } = media;

    public CallGroup Group { get; } = new();

    /// <summary>Nobody is let in here any more: another call takes this one's place.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Any thread.</summary>
    public int ParticipantCount => participantCount;

    public IEnumerable<Attendee> Participants => attendees.Values.Where(attendee => attendee.IsIn);

    public IEnumerable<Attendee> WhoWait => attendees.Values.Where(attendee => !attendee.IsIn);

    public bool IsEmpty => attendees.Count == 0;

    /// <summary>Waits for one's turn; disposing of the answer ends it.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken = default)
    {
        await turn.WaitAsync(cancellationToken);
        return new Turn(turn);
    }

    /// <summary>Waits until nothing durable of this call is being committed; disposing of the answer lets the next begin.</summary>
    public async Task<IDisposable> EnterDurableAsync(CancellationToken cancellationToken = default)
    {
        await durable.WaitAsync(cancellationToken);
        return new Turn(durable);
    }

    public Attendee? Find(string? id) => id is not null && attendees.TryGetValue(id, out var found) ? found : null;

    public void Add(Attendee attendee)
    {
        attendees[attendee.Id] = attendee;
        Count();
    }

    /// <summary>Takes them off the roster, and their media with them; the others hear of it where they were in.</summary>
    public void Remove(Attendee attendee, LeaveReason reason, DepartureReason told)
    {
        if (!attendees.Remove(attendee.Id)) return;
        Count();
        attendee.Dismiss(reason);
        if (attendee.Media is not { } media)
        {
            TellHostsWhoWaits();
            return;
        }

        Broadcast(new ParticipantLeft(attendee.Id, told));
        Media.Remove(media);
    }

    /// <summary>Removes whoever is in by this subject, and remembers it of those who are on their way in with what was read before.</summary>
    public void PutOut(string subject)
    {
        putOut.Add(subject);
        foreach (var seat in Participants.Where(attendee => attendee.Visitor.Subject == subject).ToList()) Remove(seat, LeaveReason.Removed, DepartureReason.Removed);
    }

    public bool HasPutOut(string subject) => putOut.Contains(subject);

    public void Forgive(string subject) => putOut.Remove(subject);

    /// <summary>As it is committed; told where it is news.</summary>
    public void ChangeDoors(bool isLocked, bool hasWaitingRoom)
    {
        var changed = View with { IsLocked = isLocked, HasWaitingRoom = hasWaitingRoom };
        if (changed == View) return;
        View = changed;
        Broadcast(new MeetingChanged(changed.IsLocked, changed.HasWaitingRoom, changed.Title));
    }

    /// <summary>Over for everybody.</summary>
    public void End(LeaveReason reason)
    {
        IsOver = true;
        foreach (var attendee in attendees.Values) attendee.Dismiss(reason);
        attendees.Clear();
        Count();
        Media.Close();
    }

    /// <summary>Tells all who are in.</summary>
    public void Broadcast(MeetingEvent happened, Attendee? except = null)
    {
        foreach (var attendee in Participants)
        {
            if (attendee != except) attendee.Tell(happened);
        }
    }

    public void TellHostsWhoWaits()
    {
        var waiting = new WaitingChanged(WaitingViews);
        foreach (var host in Participants.Where(attendee => attendee.Visitor.IsHost)) host.Tell(waiting);
    }

    /// <summary>Tells all whose connection has become better or worse since they were told last.</summary>
    public async Task TellQualityAsync()
    {
        if (IsOver || participantCount == 0) return;
        var judged = await Media.JudgeAsync();
        var changed = new List<ParticipantQuality>();
        foreach (var attendee in Participants)
        {
            if (!judged.TryGetValue(attendee.Id, out var quality) || quality == attendee.Quality) continue;
            attendee.Quality = quality;
            changed.Add(new ParticipantQuality(attendee.Id, quality));
        }

        if (changed.Count > 0) Broadcast(new QualityChanged(changed));
    }

    /// <summary>Everybody whose connection is not good, for who comes in.</summary>
    public QualityChanged QualityNow => new([.. Participants.Where(attendee => attendee.Quality != Quality.Good).Select(attendee => new ParticipantQuality(attendee.Id, attendee.Quality))]);

    public IReadOnlyList<WaitingView> WaitingViews => [.. WhoWait.OrderBy(attendee => attendee.Since).Select(attendee => attendee.WaitingView)];

    public IReadOnlyList<ParticipantView> ParticipantViews => [.. Participants.OrderBy(attendee => attendee.Since).Select(attendee => attendee.View)];

    public void Recount() => Count();

    public void Dispose()
    {
        turn.Dispose();
        durable.Dispose();
    }

    private void Count() => participantCount = Participants.Count();

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
