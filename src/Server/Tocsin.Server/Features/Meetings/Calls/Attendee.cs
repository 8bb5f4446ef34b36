using Tocsin.Server.Features.Accounts.SignIn;
using Tocsin.Server.Features.Meetings.Signalling;
using RtpCapabilities = Tocsin.Media.Forwarding.Parameters.RtpCapabilities;

namespace Tocsin.Server.Features.Meetings.Calls;

/// <summary>Somebody in a call, or waiting to be let in.</summary>
/// <remarks>Changed within a turn of its <see cref="Call"/> only, but for <see cref="Tell"/>: any thread.</remarks>
internal sealed class Attendee(Visitor visitor, DateTimeOffset since)
{
    // Texts, hands and reactions: so many in a row, then one a second. When somebody comes in, those whose hand is up say so once more.
    private const int MessagesAtOnce = 8;
    private static readonly TimeSpan messageInterval = TimeSpan.FromSeconds(1);

    // Each is a change of keys for everybody: a browser makes one when it comes in, tries again where others were quicker, and puts together those who come and go.
    private const int GroupChangesAtOnce = 30;
    private static readonly TimeSpan groupChangeInterval = TimeSpan.FromSeconds(1);

    private readonly TokenBucket messages = new();
    private readonly TokenBucket groupChanges = new();
    private volatile EventOutbox? outbox;

    public Visitor Visitor { get; private set; } = visitor;

    public string Id => Visitor.ParticipantId;

    /// <summary>Since when they wait, or are in.</summary>
    public DateTimeOffset Since { get; set; } = since;

    /// <summary>What their device can receive, as they said at the door.</summary>
    public RtpCapabilities? Device { get; init; }

    /// <summary>With which they ask to be added to the call's group; null once they were.</summary>
    public string? KeyPackage { get; set; }

    /// <summary>Null while they wait.</summary>
    public AttendeeMedia? Media { get; set; }

    public bool IsIn => Media is not null;

    /// <summary>How well their connection carries, as the others were told last.</summary>
    public Quality Quality { get; set; }

    /// <summary>What they send, by the producer's id.</summary>
    public Dictionary<string, ProducerView> Producers { get; } = new(StringComparer.Ordinal);

    /// <summary>Where they hear; null while their connection is broken.</summary>
    public EventOutbox? Outbox => outbox;

    /// <summary>Running while the connection is broken; its end is theirs.</summary>
    public ITimer? Grace { get; set; }

    public void Tell(MeetingEvent happened) => outbox?.Add(happened);

    /// <summary>They hear here from now on; whoever read the former stream is told that it was replaced.</summary>
    public void Attach(EventOutbox here)
    {
        Grace?.Dispose();
        Grace = null;
        var former = outbox;
        outbox = here;
        if (former is not null && former != here) former.End(new Left(LeaveReason.Replaced));
    }

    /// <returns>False where they have come back on another stream meanwhile.</returns>
    public bool TryDetach(EventOutbox there)
    {
        if (outbox != there) return false;
        outbox = null;
        return true;
    }

    /// <summary>As whoever comes back now stands: a name or a right may have changed.</summary>
    public void Renew(Visitor visitor) => Visitor = visitor;

    /// <summary>Their last word here.</summary>
    public void Dismiss(LeaveReason reason)
    {
        Grace?.Dispose();
        Grace = null;
        outbox?.End(new Left(reason));
    }

    public bool TrySend(DateTimeOffset now) => messages.TryTake(now, MessagesAtOnce, messageInterval) == TimeSpan.Zero;

    public bool TryChangeGroup(DateTimeOffset now) => groupChanges.TryTake(now, GroupChangesAtOnce, groupChangeInterval) == TimeSpan.Zero;

    public ParticipantView View => new(Id, Visitor.Name, Visitor.Kind, Visitor.Person, Visitor.IsHost, Since, [.. Producers.Values], Visitor.DeviceKey);

    public WaitingView WaitingView => new(Id, Visitor.Name, Visitor.Kind, Since, Visitor.DeviceKey);
}
