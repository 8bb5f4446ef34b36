using Tocsin.Server.Errors;
using Tocsin.Server.Features.Meetings.Signalling;

namespace Tocsin.Server.Features.Meetings.Calls;

/// <summary>Raised hands and reactions. Within the call's turn, for somebody who is in.</summary>
internal static class CallGestures
{
    private static readonly HashSet<string> reactions = new(["thumbs-up", "applause", "heart", "laugh", "surprise", "thumbs-down"], StringComparer.Ordinal);

    public static HubAnswer<bool> RaiseHand(Call call, Attendee attendee, bool isRaised, DateTimeOffset now)
    {
        if (isRaised == attendee.HandRaisedAt is not null) return true;
        if (!attendee.TryGesture(now)) return CommonRefusals.TooManyRequests;
        SetHand(call, attendee, isRaised ? now : null);
        return true;
    }

    public static HubAnswer<bool> React(Call call, Attendee attendee, string? reaction, DateTimeOffset now)
    {
        if (reaction is null || !reactions.Contains(reaction)) return CommonRefusals.InvalidInput;
        if (!attendee.TryGesture(now)) return CommonRefusals.TooManyRequests;
        call.Broadcast(new Reaction(attendee.Id, reaction));
        return true;
    }

    public static void SetHand(Call call, Attendee attendee, DateTimeOffset? raisedAt)
    {
        attendee.HandRaisedAt = raisedAt;
        call.Broadcast(new HandChanged(attendee.Id, raisedAt));
    }
}
