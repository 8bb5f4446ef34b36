using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.SignalR;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Events;
using Tocsin.Server.Features.Meetings.Calls;
using Tocsin.Server.Features.Rooms;

namespace Tocsin.Server.Features.Meetings.Signalling;

/// <summary>The session's line: every event that this session may see, in order, from the number it last had; and the meeting that it is in.</summary>
internal sealed class SessionHub(EventTail tail, CallDoor door, CallOrder order, MediaChecks checks, Reception reception, SessionCookie cookie, AccessLookup lookup, RoomSignals signals, TimeProvider time) : MeetingHub(door, order, checks, time)
{
    /// <summary>Streams batches of events after <paramref name="after"/>, without end. Each batch says up to which number the log was gone through.</summary>
    public async IAsyncEnumerable<EventBatch> Subscribe(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!ActorClaims.TryGetActor(Context.User!, null, out var actor)) yield break;
        await foreach (var batch in tail.ReadAsync(actor.AsEventReader, after, cancellationToken))
            yield return batch;
    }

    /// <summary>Streams what members of this person's rooms send to be known now and not kept, sealed: that they type, how far they have read.</summary>
    public async IAsyncEnumerable<RoomSignal> FollowRoomSignals([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!ActorClaims.TryGetActor(Context.User!, null, out var actor) || actor.Person is not { } person) yield break;
        await foreach (var signal in signals.FollowAsync(person, cancellationToken))
            yield return signal;
    }

    protected override Task<Admission> ReceiveAsync(JoinRequest request, CancellationToken cancellationToken) =>
        ActorClaims.TryGetActor(Context.User!, Context.GetHttpContext()?.Connection.RemoteIpAddress?.ToString(), out var actor)
            ? reception.ReceiveAccountAsync(actor, request, cancellationToken)
            : Task.FromResult(Admission.Refuse(CommonRefusals.NotSignedIn));

    protected override Task<bool> MayStayAsync(Admission admission, CancellationToken cancellationToken) => reception.IsStillInRoomAsync(admission.Meeting!, admission.Visitor!, cancellationToken);

    protected override Task<(Visitor? Visitor, Refusal? Refused)> ReceiveForCheckAsync(CheckRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(ActorClaims.TryGetActor(Context.User!, null, out var actor) ? Reception.ReceiveAccountForCheck(actor) : (null, CommonRefusals.NotSignedIn));

    protected override Func<Task<bool>> TakePass()
    {
        var token = Context.GetHttpContext() is { } http ? cookie.Read(http.Request) : null;
        return async () => token is not null && await lookup.FindSessionAsync(token, CancellationToken.None) is not null;
    }
}
