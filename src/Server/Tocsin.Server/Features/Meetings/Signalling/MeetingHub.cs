using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.SignalR;
using Tocsin.Media.Host;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Meetings.Calls;
using Tocsin.Server.Features.Meetings.Media;

namespace Tocsin.Server.Features.Meetings.Signalling;

/// <summary>The signalling of meetings, the same for accounts and guests. Each command is carried out in its call's turn, by somebody who is in.</summary>
internal abstract class MeetingHub(CallDoor door, CallOrder order, MediaChecks checks, TimeProvider time) : Hub, IMeetingSignalling
{
    private static readonly object placeKey = new();

    private ConnectionPlace Place => PlaceOf(Context);

    /// <summary>Who is at the other end, and whether they may come to the door of the meeting.</summary>
    protected abstract Task<Admission> ReceiveAsync(JoinRequest request, CancellationToken cancellationToken);

    /// <summary>Whether who has come in may be there still: what was read of them before may be older than what put out those who were there.</summary>
    protected virtual Task<bool> MayStayAsync(Admission admission, CancellationToken cancellationToken) => Task.FromResult(true);

    /// <summary>Who is at the other end, and whether they may try their way to the media port.</summary>
    protected abstract Task<(Visitor? Visitor, Refusal? Refused)> ReceiveForCheckAsync(CheckRequest request, CancellationToken cancellationToken);

    /// <summary>Tells, once the connection has gone, whether who was here may come back without asking anew: their session still holds.</summary>
    protected abstract Func<Task<bool>> TakePass();

    public IAsyncEnumerable<MeetingBatch> JoinMeeting(JoinRequest request, CancellationToken cancellationToken)
    {
        var mayComeBack = TakePass();
        return SitAsync(() => EnterAsync(request, cancellationToken), async seat => await door.DetachAsync(seat, await mayComeBack()), cancellationToken);
    }

    public IAsyncEnumerable<MeetingBatch> CheckMedia(CheckRequest request, CancellationToken cancellationToken) =>
        SitAsync(() => BeginCheckAsync(request, cancellationToken), checks.EndAsync, cancellationToken);

    public Task<HubAnswer<bool>> ConnectTransport(ConnectTransportRequest request) => DoAsync(request, seat => CallTracks.ConnectAsync(seat.Call, seat.Attendee, request));

    public Task<HubAnswer<IceParameters>> RestartIce(TransportRequest request) => DoAsync(request, seat => CallTracks.RestartIceAsync(seat.Call, seat.Attendee, request));

    public Task<HubAnswer<Produced>> Produce(ProduceRequest request) => DoAsync(request, seat => CallTracks.ProduceAsync(seat.Call, seat.Attendee, request));

    public Task<HubAnswer<bool>> PauseProducer(ProducerRequest request) => DoAsync(request, seat => CallTracks.SetPausedAsync(seat.Call, seat.Attendee, request.ProducerId, isPaused: true));

    public Task<HubAnswer<bool>> ResumeProducer(ProducerRequest request) => DoAsync(request, seat => CallTracks.SetPausedAsync(seat.Call, seat.Attendee, request.ProducerId, isPaused: false));

    public Task<HubAnswer<bool>> CloseProducer(ProducerRequest request) => DoAsync(request, seat => CallTracks.CloseAsync(seat.Call, seat.Attendee, request.ProducerId));

    public Task<HubAnswer<Consumers>> Consume(ConsumeRequest request) => DoAsync(request, seat => CallTracks.ConsumeAsync(seat.Call, seat.Attendee, request));

    public Task<HubAnswer<bool>> ShowVideos(ShowVideosRequest request) => DoAsync(request, seat => CallTracks.ShowAsync(seat.Call, seat.Attendee, request));

    public Task<HubAnswer<bool>> SetPreferredLayers(PreferredLayersRequest request) => DoAsync(request, seat => CallTracks.PreferAsync(seat.Call, seat.Attendee, request));

    public Task<HubAnswer<bool>> RequestKeyFrame(ConsumerRequest request) => DoAsync(request, seat => CallTracks.RequestKeyFrameAsync(seat.Call, seat.Attendee, request));

    public Task<HubAnswer<CallGroupReading>> ReadGroup() => DoAsync(Context, seat => Task.FromResult(seat.Call.Group.Read(seat.Attendee)));

    public Task<HubAnswer<CallGroupChange>> ChangeGroup(ChangeCallGroupRequest request) =>
        DoAsync(request, seat => Task.FromResult(seat.Call.Group.Change(seat.Call, seat.Attendee, request, time.GetUtcNow())));

    public Task<HubAnswer<bool>> ApplyToGroup(ApplyRequest request) =>
        DoAsync(request, seat => Task.FromResult(CallGroup.Apply(seat.Call, seat.Attendee, request.KeyPackage, time.GetUtcNow())));

    public Task<HubAnswer<bool>> SendToCall(CallMessageRequest request) =>
        DoAsync(request, seat => Task.FromResult(seat.Call.Group.Send(seat.Call, seat.Attendee, request, time.GetUtcNow())));

    public async Task<HubAnswer<bool>> LeaveMeeting()
    {
        if (Place.Seat is not { } seat) return MeetingRefusals.NotInMeeting;
        Place.GiveUp(seat);
        await door.LeaveAsync(seat);
        return true;
    }

    public Task<HubAnswer<bool>> StopProducer(ProducerRequest request) => OrderAsync(request, seat => CallOrder.StopProducerAsync(seat.Call, seat.Attendee, request.ProducerId));

    public Task<HubAnswer<bool>> RemoveParticipant(ParticipantRequest request) => WithSeatAsync(request, seat => order.RemoveAsync(seat, request.ParticipantId, Context.ConnectionAborted));

    public Task<HubAnswer<bool>> ChangeMeeting(ChangeMeetingRequest request) => WithSeatAsync(request, seat => order.ChangeAsync(seat, request, Context.ConnectionAborted));

    public Task<HubAnswer<bool>> Admit(WaitingRequest request) => WithSeatAsync(request, seat => order.AdmitAsync(seat, request.WaitingIds, Context.ConnectionAborted));

    public Task<HubAnswer<bool>> Deny(WaitingRequest request) => OrderAsync(request, seat => Task.FromResult(CallOrder.Deny(seat.Call, request.WaitingIds)));

    public Task<HubAnswer<bool>> EndMeeting() => WithSeatAsync(Context, seat => order.EndAsync(seat, Context.ConnectionAborted));

    public override Task OnConnectedAsync()
    {
        // Before anything else runs on this connection: from here on it is only read.
        Context.Items[placeKey] = new ConnectionPlace();
        return base.OnConnectedAsync();
    }

    protected static ConnectionPlace PlaceOf(HubCallerContext context) => (ConnectionPlace)context.Items[placeKey]!;

    private static MeetingBatch Refused(HubRefusal? refusal) => new([new Left(LeaveReason.Refused, refusal)]);

    /// <summary>A seat for as long as its stream is read.</summary>
    private async IAsyncEnumerable<MeetingBatch> SitAsync(
        Func<Task<(Seat? Seat, HubRefusal? Refused)>> enter, Func<Seat, Task> leave, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // What the stream needs when the connection has gone is taken while it is there.
        var (context, place) = (Context, Place);
        if (!place.TryComeToDoor())
        {
            yield return Refused(HubRefusal.Of(CommonRefusals.TooManyRequests));
            yield break;
        }

        Seat? seat, former = null;
        HubRefusal? refused;
        try
        {
            (seat, refused) = await enter();
            if (seat is not null) former = place.Take(seat);
        }
        finally
        {
            place.LeaveDoor();
        }

        if (seat is null)
        {
            yield return Refused(refused);
            if (!place.TurnAway()) context.Abort();
            yield break;
        }

        if (former is not null && former.Attendee != seat.Attendee) await door.DetachAsync(former, mayComeBack: false);
        try
        {
            await foreach (var batch in seat.Outbox.ReadAsync(cancellationToken)) yield return batch;
        }
        finally
        {
            place.GiveUp(seat);
            await leave(seat);
        }
    }

    private async Task<(Seat? Seat, HubRefusal? Refused)> BeginCheckAsync(CheckRequest request, CancellationToken cancellationToken)
    {
        if (request is null) return (null, HubRefusal.Of(CommonRefusals.InvalidInput));
        if (!RtpReading.TryRead(request.RtpCapabilities, out var device)) return (null, HubRefusal.Of(MeetingRefusals.MediaParameters));
        try
        {
            var (visitor, refused) = await ReceiveForCheckAsync(request, cancellationToken);
            var (seat, notBegun) = visitor is null ? (null, refused) : await checks.BeginAsync(visitor, device);
            return (seat, notBegun is null ? null : HubRefusal.Of(notBegun));
        }
        catch (MediaBusyException)
        {
            return (null, HubRefusal.Of(MeetingRefusals.MediaUnavailable));
        }
    }

    private async Task<(Seat? Seat, HubRefusal? Refused)> EnterAsync(JoinRequest request, CancellationToken cancellationToken)
    {
        if (request is null) return (null, HubRefusal.Of(CommonRefusals.InvalidInput));
        Tocsin.Media.Forwarding.Parameters.RtpCapabilities? device = null;
        if (request.DeviceKey is { } key && !Visitor.IsDeviceKey(key)) return (null, HubRefusal.Of(CommonRefusals.InvalidInput));
        if (request.RtpCapabilities is { } said && !RtpReading.TryRead(said, out device)) return (null, HubRefusal.Of(MeetingRefusals.MediaParameters));
        try
        {
            var admission = await ReceiveAsync(request, cancellationToken);
            if (admission.Refused is { } refused) return (null, HubRefusal.Of(refused));
            var (seat, notLetIn) = await door.EnterAsync(admission.Meeting!, admission.Visitor! with { DeviceKey = request.DeviceKey }, device, cancellationToken);
            if (seat is null || await MayStayAsync(admission, CancellationToken.None)) return (seat, notLetIn is null ? null : HubRefusal.Of(notLetIn));
            await door.LeaveAsync(seat);
            return (null, HubRefusal.Of(CommonRefusals.NotFound));
        }
        catch (MediaBusyException)
        {
            return (null, HubRefusal.Of(MeetingRefusals.MediaUnavailable));
        }
    }

    /// <summary>In the call's turn.</summary>
    private Task<HubAnswer<T>> DoAsync<T>(object? request, Func<Seat, Task<HubAnswer<T>>> work, bool forHosts = false) => WithSeatAsync(request, async seat =>
    {
        using (await seat.Call.EnterAsync(Context.ConnectionAborted))
        {
            if (!seat.IsTaken) return MeetingRefusals.NotInMeeting;
            if (forHosts && !seat.Attendee.Visitor.IsHost) return MeetingRefusals.OnlyHosts;
            return await work(seat);
        }
    });

    /// <summary>What takes its turns itself.</summary>
    private async Task<HubAnswer<T>> WithSeatAsync<T>(object? request, Func<Seat, Task<HubAnswer<T>>> work)
    {
        if (request is null) return CommonRefusals.InvalidInput;
        if (Place.Seat is not { } seat) return MeetingRefusals.NotInMeeting;
        try
        {
            return await work(seat);
        }
        catch (MediaBusyException)
        {
            return MeetingRefusals.MediaUnavailable;
        }
    }

    private Task<HubAnswer<bool>> OrderAsync(object? request, Func<Seat, Task<HubAnswer<bool>>> work) => DoAsync(request, work, forHosts: true);
}
