using Tocsin.Server.Errors;

namespace Tocsin.Server.Features.Rooms.Guests;

/// <summary>What can be refused about guests of rooms. A link that is unknown, too old, used up or withdrawn is <see cref="CommonRefusals.NotFound"/>: which of these is nobody's business.</summary>
internal static class RoomGuestRefusals
{
    public static readonly Refusal TooManyLinks = new("room-guest-links-too-many", 409, "This room has 20 links for guests: withdraw one that is no longer needed.");

    public static readonly Refusal TooManyWaiting = new("room-guests-too-many-waiting", 429, "As many people as can wait already ask to come in by this link. Try again once one of them was answered.");

    public static readonly Refusal AskedBefore = new("room-guest-asked-before", 409, "These keys have asked before: ask with others.");

    public static readonly Refusal NotAsking = new("room-guest-not-asking", 409, "Nobody with these keys asks to come in by a link that is still good.");
}
