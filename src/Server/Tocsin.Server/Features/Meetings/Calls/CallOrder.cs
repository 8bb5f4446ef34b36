using Tocsin.Server.Errors;
using Tocsin.Server.Features.Meetings.Durable;
using Tocsin.Server.Features.Meetings.Signalling;
using Tocsin.Storage.Audit;

namespace Tocsin.Server.Features.Meetings.Calls;

/// <summary>What hosts do to keep order. Static methods: within the call's turn, for a host who is in. The others change what lasts, and take their turns themselves.</summary>
/// <remarks>
/// What lasts is committed before anybody hears of it, and outside the call's turn: a disk that is slow holds up the host who waits for it, and nobody else. Such changes to a call are
/// made one after the other (<see cref="Call.EnterDurableAsync"/>), so that what the database holds last is what the call was told last.
/// </remarks>
internal sealed class CallOrder(CallRegistry calls, CallDoor door, MeetingCommands meetings)
{
    /// <summary>A microphone rests until its owner opens it again; cameras and screens are closed, because only their owner should start one.</summary>
    public static async Task<HubAnswer<bool>> StopProducerAsync(Call call, Attendee host, string? producerId)
    {
        if (producerId is null || call.Participants.FirstOrDefault(attendee => attendee.Producers.ContainsKey(producerId)) is not { } owner) return CommonRefusals.NotFound;
        var source = owner.Producers[producerId].Source;
        if (source == MediaSource.Microphone) return await CallTracks.SetPausedAsync(call, owner, producerId, isPaused: true, host.Id);
        // While its codec changes there are two of it.
        foreach (var other in owner.Producers.Values.Where(producer => producer.Source == source && producer.Id != producerId).ToList())
            await CallTracks.CloseAsync(call, owner, other.Id, host.Id);
        return await CallTracks.CloseAsync(call, owner, producerId, host.Id);
    }

    public Task<HubAnswer<bool>> RemoveAsync(Seat seat, string? participantId, CancellationToken cancellationToken) => ChangeAsync<Visitor>(
        seat,
        () => seat.Call.Find(participantId) is not { IsIn: true } found ? CommonRefusals.NotFound : found.Visitor.IsHost ? CommonRefusals.NotAllowed : found.Visitor,
        (removed, host) => meetings.RemoveAsync(seat.Call.Id, removed.Subject, removed.Name, host, CancellationToken.None),
        removed =>
        {
            // The same person may be in twice, from two devices, or at the door with what was read before.
            seat.Call.PutOut(removed.Subject);
            calls.EndIfEmpty(seat.Call);
            return Task.FromResult<HubAnswer<bool>>(true);
        },
        cancellationToken);

    public Task<HubAnswer<bool>> ChangeAsync(Seat seat, ChangeMeetingRequest request, CancellationToken cancellationToken) => ChangeAsync<CallView>(
        seat,
        () => seat.Call.View with { IsLocked = request.IsLocked ?? seat.Call.View.IsLocked, HasWaitingRoom = request.HasWaitingRoom ?? seat.Call.View.HasWaitingRoom },
        (changed, host) => changed == seat.Call.View ? Task.CompletedTask : meetings.ChangeAsync(seat.Call.Id, request.IsLocked, request.HasWaitingRoom, host, CancellationToken.None),
        changed =>
        {
            seat.Call.ChangeDoors(changed.IsLocked, changed.HasWaitingRoom);
            return Task.FromResult<HubAnswer<bool>>(true);
        },
        cancellationToken);

    public Task<HubAnswer<bool>> AdmitAsync(Seat seat, IReadOnlyList<string>? waitingIds, CancellationToken cancellationToken) => ChangeAsync<List<Attendee>>(
        seat,
        () =>
        {
            var chosen = Chosen(seat.Call, waitingIds);
            return chosen.Count == 0 && waitingIds is not null ? CommonRefusals.NotFound : chosen;
        },
        (chosen, host) => chosen.Count == 0
            ? Task.CompletedTask
            : meetings.AdmitAsync(seat.Call.Id, [.. chosen.Select(one => one.Visitor.Subject)], [.. chosen.Select(one => one.Visitor.Name)], host, CancellationToken.None),
        async chosen =>
        {
            var isFull = false;
            foreach (var waiting in chosen)
            {
                // Who has gone meanwhile is forgiven all the same, and comes in when they come again.
                seat.Call.Forgive(waiting.Visitor.Subject);
                if (seat.Call.Find(waiting.Id) == waiting && !waiting.IsIn) isFull = isFull || !await door.AdmitAsync(seat.Call, waiting);
            }

            if (chosen.Count > 0) seat.Call.TellHostsWhoWaits();
            return isFull ? MeetingRefusals.Full : true;
        },
        cancellationToken);

    public static HubAnswer<bool> Deny(Call call, IReadOnlyList<string>? waitingIds)
    {
        if (waitingIds is null) return CommonRefusals.InvalidInput;
        foreach (var waiting in Chosen(call, waitingIds)) call.Remove(waiting, LeaveReason.Denied, DepartureReason.Removed);
        return true;
    }

    public Task<HubAnswer<bool>> EndAsync(Seat seat, CancellationToken cancellationToken) => ChangeAsync<CallView>(
        seat,
        () => seat.Call.View,
        (_, host) => meetings.EndAsync(seat.Call.Id, host, CancellationToken.None),
        _ =>
        {
            calls.End(seat.Call);
            return Task.FromResult<HubAnswer<bool>>(true);
        },
        cancellationToken);

    /// <summary>Looks in the call's turn what is to be done, commits it outside, and does it in a turn again: whatever was committed is done, though its host has left meanwhile.</summary>
    private static async Task<HubAnswer<bool>> ChangeAsync<T>(
        Seat seat, Func<HubAnswer<T>> look, Func<T, AuditActor, Task> commit, Func<T, Task<HubAnswer<bool>>> change, CancellationToken cancellationToken)
        where T : class
    {
        using var durable = await seat.Call.EnterDurableAsync(cancellationToken);
        T wanted;
        AuditActor host;
        using (await seat.Call.EnterAsync(cancellationToken))
        {
            if (!seat.IsTaken) return MeetingRefusals.NotInMeeting;
            if (!seat.Attendee.Visitor.IsHost) return MeetingRefusals.OnlyHosts;
            var found = look();
            if (found.Value is null) return new HubAnswer<bool>(false, found.Refusal);
            (wanted, host) = (found.Value, seat.Attendee.Visitor.ForAudit);
        }

        await commit(wanted, host);
        using (await seat.Call.EnterAsync(CancellationToken.None)) return seat.Call.IsOver ? true : await change(wanted);
    }

    private static List<Attendee> Chosen(Call call, IReadOnlyList<string>? waitingIds) =>
        [.. call.WhoWait.Where(attendee => waitingIds is null || waitingIds.Take(Call.MostWaiting).Contains(attendee.Id, StringComparer.Ordinal))];
}
