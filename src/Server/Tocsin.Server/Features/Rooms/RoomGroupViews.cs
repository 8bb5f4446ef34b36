using Tocsin.Alerting;

namespace Tocsin.Server.Features.Rooms;

/// <param name="GroupId">Null closes the room to its group again.</param>
internal sealed record OpenRoomToGroup(GroupId? GroupId);

/// <summary>The directory's group beside the room's members, for the room's administrators. What it says is the server's word: their clients ask before anything follows from it.</summary>
/// <param name="GroupId">Null where the server has the room open to no group; the lists are empty then.</param>
/// <param name="People">Active people of the group and of those nested in it.</param>
/// <param name="Outside">People of the group with an identity who are not in the room: who asks first, then by name; as many as a room holds.</param>
/// <param name="OutsideCount">How many those are altogether.</param>
/// <param name="WithoutIdentity">People of the group who have no identity yet, so that nobody can add them.</param>
/// <param name="NotInGroup">Members of the room who are not in the group.</param>
internal sealed record RoomGroupComparison(
    GroupId? GroupId, string? Name, int People, IReadOnlyList<PersonOutside> Outside, int OutsideCount, int WithoutIdentity, IReadOnlyList<PersonId> NotInGroup)
{
    public static RoomGroupComparison Closed { get; } = new(null, null, 0, [], 0, 0, []);
}

/// <param name="RequestedAt">When they asked to come in; null where they have not.</param>
internal sealed record PersonOutside(PersonId Id, string Name, DateTimeOffset? RequestedAt);

internal sealed record RoomsOfGroups(IReadOnlyList<RoomOfGroup> Items);

/// <summary>A room that is open to a group of whoever asks, and that they are not in. What it is called, the server does not know.</summary>
/// <param name="RequestedAt">When they asked to come in; null where they have not.</param>
internal sealed record RoomOfGroup(RoomId Id, string GroupName, DateTimeOffset? RequestedAt);
