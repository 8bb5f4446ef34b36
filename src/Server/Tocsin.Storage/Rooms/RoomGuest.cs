using Tocsin.Alerting;

namespace Tocsin.Storage.Rooms;

/// <summary>A link by which people without an account ask to be let into one room. Its secret is in the link and, sealed, in the room: the server has neither.</summary>
public sealed class RoomGuestLink
{
    /// <summary>A hash over the room and the secret: docs/protocol/rooms.md.</summary>
    public Guid Id { get; set; }

    public RoomId RoomId { get; set; }

    public PersonId CreatedBy { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Also the end of whoever came in by it.</summary>
    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>How many can still be let in by it.</summary>
    public int GuestsLeft { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }
}

/// <summary>Somebody who came by a link: asks, is in the room, or has been. Whether they are in it, its entries say.</summary>
public sealed class RoomGuest
{
    public RoomId RoomId { get; set; }

    /// <summary>A hash over the room and the guest's own keys, as its roster names them.</summary>
    public PersonId Account { get; set; }

    public Guid LinkId { get; set; }

    /// <summary>Name and keys, sealed under the link's secret; null once they are in, or gone.</summary>
    public byte[]? Request { get; set; }

    /// <summary>Of the guest's session; null once it has ended.</summary>
    public byte[]? TokenHash { get; set; }

    public DateTimeOffset RequestedAt { get; set; }

    /// <summary>No session goes on after this.</summary>
    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? AdmittedAt { get; set; }

    /// <summary>Left or removed: these keys never come in again.</summary>
    public DateTimeOffset? EndedAt { get; set; }
}
