using Microsoft.AspNetCore.SignalR;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Meetings.Calls;

namespace Tocsin.Server.Features.Meetings.Signalling;

/// <summary>Meetings for people without an account. There is nothing else here: their link is shown when they join, and opens this one meeting.</summary>
internal sealed class GuestHub(CallDoor door, CallOrder order, MediaChecks checks, Reception reception, TimeProvider time) : MeetingHub(door, order, checks, time), IHubWithoutSession
{
    /// <summary>How long a connection may be here without coming to a meeting.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TimeProvider time = time;

    public override async Task OnConnectedAsync()
    {
        await base.OnConnectedAsync();
        var context = Context;
        var timer = time.CreateTimer(_ => CloseIdle(context), null, Patience, Patience);
        context.ConnectionAborted.Register(timer.Dispose);
    }

    protected override Task<Admission> ReceiveAsync(JoinRequest request, CancellationToken cancellationToken) =>
        reception.ReceiveGuestAsync(request, Context.GetHttpContext()?.Connection.RemoteIpAddress?.ToString(), cancellationToken);

    protected override Task<(Visitor? Visitor, Refusal? Refused)> ReceiveForCheckAsync(CheckRequest request, CancellationToken cancellationToken) =>
        reception.ReceiveGuestForCheckAsync(request, Context.GetHttpContext()?.Connection.RemoteIpAddress?.ToString(), cancellationToken);

    // Whose link is revoked is put out at once, connected or not.
    protected override Func<Task<bool>> TakePass() => static () => Task.FromResult(true);

    private static void CloseIdle(HubCallerContext context)
    {
        if (!PlaceOf(context).IsSomewhere) context.Abort();
    }
}
