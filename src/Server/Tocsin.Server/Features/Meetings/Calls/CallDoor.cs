using Tocsin.Server.Errors;
using Tocsin.Server.Features.Meetings.Media;
using Tocsin.Server.Features.Meetings.Signalling;
using Tocsin.Storage.Meetings;
using RtpCapabilities = Tocsin.Media.Forwarding.Parameters.RtpCapabilities;

namespace Tocsin.Server.Features.Meetings.Calls;

/// <summary>Who comes in: at once, after waiting, back again, or not at all; and how those leave who do not come back.</summary>
internal sealed partial class CallDoor(CallRegistry calls, ResumeTickets tickets, TimeProvider time, ILogger<CallDoor> logger)
{
    /// <summary>How long somebody whose connection broke is kept: their media go on meanwhile.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    /// <summary>Gives the visitor a seat, whose stream begins with <see cref="Joined"/> or <see cref="WaitingToJoin"/>; or says why not.</summary>
    /// <param name="device">What their device can receive; null: not known yet.</param>
    public async Task<(Seat? Seat, Refusal? Refused)> EnterAsync(Meeting meeting, Visitor visitor, RtpCapabilities? device, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (calls.GetOrBegin(meeting) is not { } call) return (null, MeetingRefusals.MediaUnavailable);
            using (await call.EnterAsync(cancellationToken))
            {
                // The last one left while we waited: the next call is another.
                if (call.IsOver) continue;
                if (!await calls.TryCarryAsync(call, cancellationToken))
                {
                    calls.EndIfEmpty(call);
                    return (null, MeetingRefusals.Elsewhere);
                }

                var entered = await EnterAsync(call, visitor, device);
                calls.EndIfEmpty(call);
                return entered;
            }
        }
    }

    /// <summary>Lets in who waits. Within the call's turn.</summary>
    /// <returns>False where the call is full.</returns>
    public async Task<bool> AdmitAsync(Call call, Attendee waiting)
    {
        if (call.ParticipantCount >= Call.MostParticipants || await call.Media.AddAsync(waiting.Id, waiting.Device, waiting.Tell) is not { } added) return false;
        waiting.Since = time.GetUtcNow();
        waiting.Media = added.Media;
        call.Recount();
        if (waiting.Outbox is { } outbox) Welcome(outbox, call, waiting, added, isBack: false);
        call.Broadcast(new ParticipantJoined(waiting.View), except: waiting);
        return true;
    }

    /// <summary>They leave for good, of their own will.</summary>
    public async Task LeaveAsync(Seat seat)
    {
        using (await seat.Call.EnterAsync())
        {
            if (!seat.IsTaken && seat.Call.Find(seat.Attendee.Id) != seat.Attendee) return;
            seat.Call.Remove(seat.Attendee, LeaveReason.Left, DepartureReason.Left);
            calls.EndIfEmpty(seat.Call);
        }
    }

    /// <summary>The stream at <paramref name="seat"/> is no longer read.</summary>
    /// <param name="mayComeBack">False: they leave at once.</param>
    public async Task DetachAsync(Seat seat, bool mayComeBack)
    {
        using (await seat.Call.EnterAsync())
        {
            var (call, attendee) = (seat.Call, seat.Attendee);
            if (!attendee.TryDetach(seat.Outbox) || call.IsOver || call.Find(attendee.Id) != attendee) return;
            if (attendee.IsIn && mayComeBack)
            {
                attendee.Grace = time.CreateTimer(_ => _ = ExpireAsync(call, attendee), null, Grace, Timeout.InfiniteTimeSpan);
                return;
            }

            call.Remove(attendee, LeaveReason.Left, mayComeBack ? DepartureReason.Lost : DepartureReason.Left);
            calls.EndIfEmpty(call);
        }
    }

    private async Task<(Seat? Seat, Refusal? Refused)> EnterAsync(Call call, Visitor visitor, RtpCapabilities? device)
    {
        // Put out while they were on their way: what was read of them is older.
        if (call.HasPutOut(visitor.Subject)) visitor = visitor with { WasLetIn = false, WasRemoved = true };
        if (call.Find(visitor.ParticipantId) is { } known)
        {
            if (known.Visitor.Subject != visitor.Subject) return (null, CommonRefusals.NotFound);
            if (known.IsIn && visitor.WasLetIn) return (await ComeBackAsync(call, known, visitor, device), null);
            call.Remove(known, LeaveReason.Replaced, DepartureReason.Left);
        }

        if (call.View.IsLocked && !visitor.IsHost && !visitor.WasLetIn) return (null, MeetingRefusals.Locked);
        var attendee = new Attendee(visitor, time.GetUtcNow()) { Device = device };
        return MustWait(call, visitor) ? Wait(call, attendee) : await ComeInAsync(call, attendee);
    }

    private static bool MustWait(Call call, Visitor visitor)
    {
        if (visitor.IsHost) return false;
        if (visitor.WasRemoved) return true;
        return !visitor.WasLetIn && (visitor.Kind == ParticipantKind.Guest || call.View.HasWaitingRoom);
    }

    private static (Seat? Seat, Refusal? Refused) Wait(Call call, Attendee attendee)
    {
        if (call.WhoWait.Count() >= Call.MostWaiting) return (null, MeetingRefusals.Full);
        var outbox = new EventOutbox();
        outbox.Add(new WaitingToJoin(attendee.Id, new MeetingName(call.View.Id, call.View.Title)));
        attendee.Attach(outbox);
        call.Add(attendee);
        call.TellHostsWhoWaits();
        return (new Seat(call, attendee, outbox), null);
    }

    private async Task<(Seat? Seat, Refusal? Refused)> ComeInAsync(Call call, Attendee attendee)
    {
        if (call.ParticipantCount >= Call.MostParticipants || await call.Media.AddAsync(attendee.Id, attendee.Device, attendee.Tell) is not { } added) return (null, MeetingRefusals.Full);
        attendee.Media = added.Media;
        call.Add(attendee);
        var outbox = new EventOutbox();
        Welcome(outbox, call, attendee, added, isBack: false);
        attendee.Attach(outbox);
        call.Broadcast(new ParticipantJoined(attendee.View), except: attendee);
        return (new Seat(call, attendee, outbox), null);
    }

    private async Task<Seat> ComeBackAsync(Call call, Attendee attendee, Visitor visitor, RtpCapabilities? device)
    {
        var added = await call.Media.LookAsync(attendee.Media!, device);
        attendee.Renew(visitor);
        var outbox = new EventOutbox();
        Welcome(outbox, call, attendee, added, isBack: true);
        attendee.Attach(outbox);
        return new Seat(call, attendee, outbox);
    }

    private void Welcome(EventOutbox outbox, Call call, Attendee attendee, AddedMedia added, bool isBack)
    {
        outbox.Add(JoinedOf(call, attendee, added, isBack));
        foreach (var application in CallGroup.ApplicationsFor(call, attendee)) outbox.Add(application);
        if (call.QualityNow is { Participants.Count: > 0 } quality) outbox.Add(quality);
    }

    private Joined JoinedOf(Call call, Attendee attendee, AddedMedia added, bool isBack) => new(
        attendee.Id, tickets.Seal(call.Id, attendee.Visitor), isBack, attendee.Visitor.IsHost, call.View, RtpWriting.Router, added.Transports.Send, added.Transports.Receive,
        call.ParticipantViews, added.Consumers, added.ActiveSpeakers, attendee.Visitor.IsHost ? call.WaitingViews : [], call.Group.View, added.VideoCodec);

    private async Task ExpireAsync(Call call, Attendee attendee)
    {
        try
        {
            using (await call.EnterAsync())
            {
                if (call.IsOver || attendee.Outbox is not null || call.Find(attendee.Id) != attendee) return;
                call.Remove(attendee, LeaveReason.Left, DepartureReason.Lost);
                calls.EndIfEmpty(call);
            }
        }
        catch (Exception exception)
        {
            NotRemoved(logger, exception.GetType().Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Somebody who did not come back could not be taken off a call: {Kind}.")]
    private static partial void NotRemoved(ILogger logger, string kind);
}

/// <summary>One stream's place in a call.</summary>
internal sealed record Seat(Call Call, Attendee Attendee, EventOutbox Outbox)
{
    /// <summary>Its holder is in, and hears here. Within the call's turn.</summary>
    public bool IsTaken => !Call.IsOver && Attendee.IsIn && Attendee.Outbox == Outbox && Call.Find(Attendee.Id) == Attendee;
}
