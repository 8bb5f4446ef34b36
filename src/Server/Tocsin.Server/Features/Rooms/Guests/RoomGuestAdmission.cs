using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Rooms;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Rooms;

namespace Tocsin.Server.Features.Rooms.Guests;

/// <summary>What an accepted change of a room's roster means for its guests, in the same transaction: whoever is let in had asked by a link, and whoever is out has no session any more.</summary>
internal sealed class RoomGuestAdmission(AccessEnds ends)
{
    public const string GuestsChanged = "room.guests-changed";

    /// <summary>Before anything is written.</summary>
    /// <returns>Why not, where somebody is to be let in who does not ask by a link that is still good.</returns>
    public static async Task<Refusal?> WhyNotAsync(CommandTransaction transaction, RoomId room, RoomState state, IReadOnlyCollection<PersonId> before, CancellationToken cancellationToken)
    {
        var added = AddedTo(state, before);
        if (added.Count == 0) return null;
        var now = transaction.Now;
        var asking = await (
            from guest in transaction.Db.Set<RoomGuest>()
            join link in transaction.Db.Set<RoomGuestLink>() on guest.LinkId equals link.Id
            where guest.RoomId == room && added.Contains(guest.Account) && guest.AdmittedAt == null && link.RevokedAt == null && link.ExpiresAt > now && link.GuestsLeft > 0
            select new { guest.LinkId, link.GuestsLeft }).ToListAsync(cancellationToken);
        return asking.Count == added.Count && asking.GroupBy(one => one.LinkId).All(ofLink => ofLink.Count() <= ofLink.First().GuestsLeft) ? null : RoomGuestRefusals.NotAsking;
    }

    public async Task KeepAsync(CommandTransaction transaction, RoomId room, RoomState state, IReadOnlyCollection<PersonId> before, CancellationToken cancellationToken)
    {
        var added = AddedTo(state, before);
        List<PersonId> gone = [.. before.Where(account => state.GoneGuests.Contains(account.Value))];
        if (added.Count + gone.Count == 0) return;
        var guests = await transaction.Db.Set<RoomGuest>().Where(g => g.RoomId == room && (added.Contains(g.Account) || gone.Contains(g.Account))).ToListAsync(cancellationToken);
        foreach (var guest in guests.Where(guest => added.Contains(guest.Account)))
        {
            (guest.AdmittedAt, guest.Request) = (transaction.Now, null);
            (await transaction.Db.Set<RoomGuestLink>().FirstAsync(l => l.Id == guest.LinkId, cancellationToken)).GuestsLeft--;
        }

        foreach (var guest in guests.Where(guest => gone.Contains(guest.Account)))
        {
            guest.EndedAt = transaction.Now;
            ends.Revoke(transaction, guest);
        }

        await RoomAdministration.TellAsync(transaction, room, GuestsChanged, cancellationToken);
    }

    private static List<PersonId> AddedTo(RoomState state, IReadOnlyCollection<PersonId> before) =>
        [.. state.Members.Values.Where(member => member.IsGuest).Select(member => new PersonId(member.Account)).Except(before)];
}
