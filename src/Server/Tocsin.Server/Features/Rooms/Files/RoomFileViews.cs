namespace Tocsin.Server.Features.Rooms.Files;

/// <param name="Size">In bytes, unsealed.</param>
internal sealed record NewRoomFile(long Size);

/// <param name="Parts">Into how many it is cut.</param>
/// <param name="Missing">Parts that have not arrived, as ranges in order; the first hundred.</param>
internal sealed record RoomFileView(Guid Id, long Size, long Parts, IReadOnlyList<PartRange> Missing);

/// <param name="From">The first, from 0.</param>
/// <param name="To">The last.</param>
internal sealed record PartRange(long From, long To);
