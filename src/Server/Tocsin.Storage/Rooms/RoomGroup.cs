using Tocsin.Alerting;

namespace Tocsin.Storage.Rooms;

/// <summary>A room that its administrators opened to a group of the directory: whoever is in the group finds it and may ask to come in. Who is in the room, its entries say.</summary>
public sealed class RoomGroup
{
    public RoomId RoomId { get; set; }

    public GroupId GroupId { get; set; }

    public DateTimeOffset OpenedAt { get; set; }
}

/// <summary>Somebody of the group asks to come in, until they are in the room.</summary>
public sealed class RoomAdmissionRequest
{
    public RoomId RoomId { get; set; }

    public PersonId PersonId { get; set; }

    public DateTimeOffset RequestedAt { get; set; }
}
