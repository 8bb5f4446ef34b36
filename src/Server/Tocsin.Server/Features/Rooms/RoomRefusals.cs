using Tocsin.Server.Errors;

namespace Tocsin.Server.Features.Rooms;

/// <summary>What can be refused about rooms. What one is not in is <see cref="CommonRefusals.NotFound"/>.</summary>
internal static class RoomRefusals
{
    /// <summary>Its <c>fields</c> name the code of docs/protocol/rooms.md: <c>entry</c> to code.</summary>
    public static readonly Refusal EntryRefused = new("room-entry-refused", 409, "The room as it is now does not take this entry.");

    public static readonly Refusal TooManyMembers = new("room-too-many-members", 409, "A room can have 200 members.");
}
