using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Storage;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Events;
using Tocsin.Storage.Rooms;

namespace Tocsin.Server.Features.Rooms;

/// <summary>Who administers a room, as its entries say.</summary>
internal static class RoomAdministration
{
    /// <returns>Null for who does. For who is not in the room there is none.</returns>
    public static async Task<Refusal?> WhyNotAsync(TocsinDbContext db, RoomId room, Actor actor, CancellationToken cancellationToken)
    {
        var member = await db.Set<StoredRoomMember>().AsNoTracking().FirstOrDefaultAsync(m => m.RoomId == room && m.PersonId == actor.Person, cancellationToken);
        return member is null ? CommonRefusals.NotFound : member.IsAdministrator ? null : CommonRefusals.NotAllowed;
    }

    /// <summary>Tells all of them of something that only they see.</summary>
    public static async Task TellAsync(CommandTransaction transaction, RoomId room, string kind, CancellationToken cancellationToken)
    {
        var people = await transaction.Db.Set<StoredRoomMember>().Where(m => m.RoomId == room && m.IsAdministrator).Select(m => m.PersonId).ToListAsync(cancellationToken);
        transaction.Append(kind, people.Select(EventVisibility.To), new { roomId = room });
    }
}
