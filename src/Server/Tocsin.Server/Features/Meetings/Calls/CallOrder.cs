using Tocsin.Server.Errors;
using Tocsin.Server.Features.Meetings.Durable;
using Tocsin.Server.Features.Meetings.Signalling;

namespace Tocsin.Server.Features.Meetings.Calls;

/// <summary>What hosts do to keep order. Within the call's turn, for a host who is in; what lasts is committed before anybody hears of it.</summary>
internal sealed class CallOrder(CallRegistry calls, CallDoor door, MeetingCommands meetings)
{
    /// <summary>A microphone rests until its owner opens it again; cameras and screens are closed, because only their owner should start one.</summary>
    public static async Task<HubAnswer<bool>> StopProducerAsync(Call call, Attendee host, string? producerId)
    {
        if (producerId is null || call.Participants.FirstOrDefault(attendee => attendee.Producers.ContainsKey(producerId)) is not { } owner) return CommonRefusals.NotFound;
        return owner.Producers[producerId].Source == MediaSource.Microphone
            ? await CallTracks.SetPausedAsync(call, owner, producerId, isPaused: true, host.Id)
            : await CallTracks.CloseAsync(call, owner, producerId, host.Id);
    }

    public static HubAnswer<bool> LowerHand(Call call, string? participantId)
    {
        if (call.Find(participantId) is not { IsIn: true } attendee) return CommonRefusals.NotFound;
        if (attendee.HandRaisedAt is not null) CallGestures.SetHand(call, attendee, null);
        return true;
    }

    public async Task<HubAnswer<bool>> RemoveAsync(Call call, Attendee host, string? participantId)
    {
        if (call.Find(participantId) is not { IsIn: true } attendee) return CommonRefusals.NotFound;
        if (attendee.Visitor.IsHost) return CommonRefusals.NotAllowed;
        await meetings.RemoveAsync(call.Id, attendee.Visitor.Subject, attendee.Visitor.Name, host.Visitor.ForAudit, CancellationToken.None);

        // The same person may be in twice, from two devices.
        foreach (var seat in call.Participants.Where(other => other.Visitor.Subject == attendee.Visitor.Subject).ToList())
            call.Remove(seat, LeaveReason.Removed, DepartureReason.Removed);
        return true;
    }

    public async Task<HubAnswer<bool>> ChangeAsync(Call call, Attendee host, ChangeMeetingRequest request)
    {
        var changed = call.View with { IsLocked = request.IsLocked ?? call.View.IsLocked, HasWaitingRoom = request.HasWaitingRoom ?? call.View.HasWaitingRoom };
        if (changed == call.View) return true;
        await meetings.ChangeAsync(call.Id, request.IsLocked, request.HasWaitingRoom, host.Visitor.ForAudit, CancellationToken.None);
        call.View = changed;
        call.Broadcast(new MeetingChanged(changed.IsLocked, changed.HasWaitingRoom, changed.Title));
        return true;
    }

    public async Task<HubAnswer<bool>> AdmitAsync(Call call, Attendee host, IReadOnlyList<string>? waitingIds)
    {
        var chosen = Chosen(call, waitingIds);
        if (chosen.Count == 0) return waitingIds is null ? true : CommonRefusals.NotFound;
        await meetings.AdmitAsync(call.Id, [.. chosen.Select(one => one.Visitor.Subject)], [.. chosen.Select(one => one.Visitor.Name)], host.Visitor.ForAudit, CancellationToken.None);
        var isFull = false;
        foreach (var waiting in chosen) isFull = isFull || !await door.AdmitAsync(call, waiting);
        call.TellHostsWhoWaits();
        return isFull ? MeetingRefusals.Full : true;
    }

    public static HubAnswer<bool> Deny(Call call, IReadOnlyList<string>? waitingIds)
    {
        if (waitingIds is null) return CommonRefusals.InvalidInput;
        foreach (var waiting in Chosen(call, waitingIds)) call.Remove(waiting, LeaveReason.Denied, DepartureReason.Removed);
        return true;
    }

    public async Task<HubAnswer<bool>> EndAsync(Call call, Attendee host)
    {
        await meetings.EndAsync(call.Id, host.Visitor.ForAudit, CancellationToken.None);
        calls.End(call);
        return true;
    }

    private static List<Attendee> Chosen(Call call, IReadOnlyList<string>? waitingIds) =>
        [.. call.WhoWait.Where(attendee => waitingIds is null || waitingIds.Take(Call.MostWaiting).Contains(attendee.Id, StringComparer.Ordinal))];
}
