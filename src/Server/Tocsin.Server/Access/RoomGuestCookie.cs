using Tocsin.Server.Hosting;

namespace Tocsin.Server.Access;

/// <summary>The cookie of a guest of a room, apart from the session's: who is signed in here stays so, and the two are never taken for each other.</summary>
internal sealed class RoomGuestCookie(TocsinOptions options) : AccessCookie(options, "tocsin-guest");
