using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Rooms;
using Tocsin.Storage;
using Tocsin.Storage.Rooms;

namespace Tocsin.Server.Features.Rooms;

/// <summary>What the database has of a room, as far as one entry may rest on it or change it.</summary>
internal sealed class KnownRoom
{
    private readonly RoomId room;
    private readonly bool isFollowed;
    private readonly List<StoredRoomMember> members;
    private readonly List<StoredRoomDevice> devices;
    private readonly List<StoredRoomEra> keptEras;

    private KnownRoom(RoomId room, bool isFollowed, List<StoredRoomMember> members, List<StoredRoomDevice> devices, List<StoredRoomEra> eras, RoomState state, byte[] hashSeen)
    {
        (this.room, this.isFollowed, this.members, this.devices, keptEras) = (room, isFollowed, members, devices, eras);
        (State, HashSeen) = (state, hashSeen);
    }

    public RoomState State { get; }

    /// <summary>Of the chain as its author had seen it; empty where there is no such entry.</summary>
    public byte[] HashSeen { get; }

    public static async Task<KnownRoom> ReadAsync(TocsinDbContext db, Room? room, SentEntry sent, CancellationToken cancellationToken)
    {
        var id = sent.Room;
        var roster = db.Set<StoredRoomMember>().Where(m => m.RoomId == id);

        // What most entries cannot change is not followed for changes.
        var people = await (MayChangeRoster(sent.Class) ? roster : roster.AsNoTracking()).ToListAsync(cancellationToken);
        var writers = await db.Set<StoredRoomDevice>().Where(d => d.RoomId == id && (d.Device == sent.Device || sent.Class == EntryClass.Device)).ToListAsync(cancellationToken);
        var eras = await db.Set<StoredRoomEra>().Where(e => e.RoomId == id).OrderBy(e => e.Number).ToListAsync(cancellationToken);
        var gone = MayChangeRoster(sent.Class) ? await db.Set<RoomGuest>().Where(g => g.RoomId == id && g.EndedAt != null).Select(g => g.Account).ToListAsync(cancellationToken) : [];
        var hash = sent.SeenSeq == 0
            ? RoomChain.Begin(id.Value.ToByteArray(bigEndian: true)).Hash.ToArray()
            : await db.Set<StoredRoomEntry>().Where(e => e.RoomId == id && e.Seq == sent.SeenSeq).Select(e => e.ChainHash).FirstOrDefaultAsync(cancellationToken) ?? [];
        var state = RoomState.Restore(
            id.Value,
            (ulong)(room?.RosterSeq ?? 0),
            eras.Select(e => new RoomEra((uint)e.Number, (ulong)e.StartSeq, e.KeyCommitment, (ulong?)e.LeftSeq)),
            people.Select(m => new RoomMember(m.PersonId.Value, m.SigningKey, m.SealingKeyHash, RoleOf(m))),
            gone.Select(account => account.Value),
            writers.Select(d => new RoomDevice(d.PersonId.Value, d.Device, d.DeviceKey, d.IdentityKey, (ulong)d.LastSeq, d.IsRevoked)));
        return new KnownRoom(id, MayChangeRoster(sent.Class), people, writers, eras, state, hash);
    }

    /// <summary>Who was in the room before the entry.</summary>
    public IReadOnlyList<PersonId> People => [.. members.Select(member => member.PersonId)];

    /// <summary>Writes what the entry changed.</summary>
    public void Keep(TocsinDbContext db)
    {
        if (isFollowed) KeepMembers(db);
        foreach (var device in State.Devices.Values)
        {
            var kept = devices.Find(d => d.Device == device.Device);
            if (kept is null)
                db.Add(kept = new StoredRoomDevice { RoomId = room, Device = device.Device, PersonId = new(device.Account), DeviceKey = device.Key, IdentityKey = device.IdentityKey });
            (kept.LastSeq, kept.IsRevoked) = ((long)device.LastSeq, device.IsRevoked);
        }

        foreach (var (kept, era) in keptEras.Zip(State.Eras)) kept.LeftSeq = (long?)era.LeftSeq;
        foreach (var era in State.Eras.Skip(keptEras.Count))
            db.Add(new StoredRoomEra { RoomId = room, Number = era.Number, StartSeq = (long)era.StartSeq, KeyCommitment = era.Commitment });
    }

    private static RoomRole RoleOf(StoredRoomMember member) => member.IsGuest ? RoomRole.Guest : member.IsAdministrator ? RoomRole.Administrator : RoomRole.Member;

    private static bool MayChangeRoster(EntryClass kind) => kind is EntryClass.Membership or EntryClass.Departure;

    private void KeepMembers(TocsinDbContext db)
    {
        var known = members.ToDictionary(m => m.PersonId);
        foreach (var member in State.Members.Values)
        {
            if (!known.Remove(new PersonId(member.Account), out var kept)) db.Add(kept = new StoredRoomMember { RoomId = room, PersonId = new(member.Account) });

            // The same bytes are left alone: each that is set would be written.
            if (!kept.SigningKey.AsSpan().SequenceEqual(member.SigningKey)) kept.SigningKey = member.SigningKey;
            if (!kept.SealingKeyHash.AsSpan().SequenceEqual(member.SealingKeyHash)) kept.SealingKeyHash = member.SealingKeyHash;
            (kept.IsAdministrator, kept.IsGuest) = (member.IsAdministrator, member.IsGuest);
        }

        db.RemoveRange(known.Values);
    }
}
