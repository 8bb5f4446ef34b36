using Tocsin.Alerting;

namespace Tocsin.Server.Features.Rooms.Guests;

/// <param name="ExpiresAt">At most in 30 days. Whoever came in by the link is out then, too.</param>
/// <param name="Guests">How many may be let in by it: 1 to 20.</param>
internal sealed record NewRoomGuestLink(DateTimeOffset ExpiresAt, int Guests);

/// <summary>For the room's administrators.</summary>
/// <param name="Links">Those that are still good.</param>
/// <param name="Waiting">Who asks to be let in.</param>
/// <param name="Guests">Who was let in and is still there.</param>
/// <param name="Page">What links begin with, before the fragment, at the address by which people reach the server from outside. Null where none is configured: where the page is that shows them.</param>
internal sealed record RoomGuests(IReadOnlyList<RoomGuestLinkView> Links, IReadOnlyList<RoomGuestRequestView> Waiting, IReadOnlyList<RoomGuestView> Guests, string? Page);

internal sealed record RoomGuestLinkView(Guid Id, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, int GuestsLeft);

/// <param name="Account">As the server has it from the keys that were shown to it: the sealed request has the keys that count.</param>
/// <param name="Request">Sealed under the link's secret, in base64: docs/protocol/rooms.md.</param>
internal sealed record RoomGuestRequestView(PersonId Account, Guid Link, byte[] Request, DateTimeOffset RequestedAt);

/// <param name="ExpiresAt">When their session ends.</param>
internal sealed record RoomGuestView(PersonId Account, DateTimeOffset AdmittedAt, DateTimeOffset ExpiresAt);

internal sealed record FindRoomGuestLink(RoomId Room, Guid Link);

internal sealed record RoomGuestInvitation(string Organisation, DateTimeOffset ExpiresAt);

/// <param name="SigningKey">Of the guest's identity, 32 bytes in base64.</param>
/// <param name="SealingKeyHash">SHA-256 of the key that is sealed to.</param>
/// <param name="Request">Sealed under the link's secret, of one length.</param>
internal sealed record AskToBeGuest(RoomId Room, Guid Link, byte[] SigningKey, byte[] SealingKeyHash, byte[] Request);

/// <param name="IsIn">Whether they are in the room now; else they wait.</param>
internal sealed record RoomGuestStanding(RoomId Room, PersonId Account, bool IsIn, DateTimeOffset ExpiresAt, string Organisation);
