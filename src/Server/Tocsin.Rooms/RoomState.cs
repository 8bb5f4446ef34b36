namespace Tocsin.Rooms;

/// <summary>A device that has written in a room.</summary>
/// <param name="IdentityKey">Of the identity that certified it: where the member has another, this device is no longer theirs.</param>
public sealed record RoomDevice(Guid Account, Guid Device, byte[] Key, byte[] IdentityKey, ulong LastSeq, bool IsRevoked);

/// <param name="StartSeq">The entry that began it.</param>
/// <param name="LeftSeq">The first entry of this era by which somebody left: whoever has seen it writes in the next. Null while nobody has.</param>
public sealed record RoomEra(uint Number, ulong StartSeq, byte[] Commitment, ulong? LeftSeq = null);

/// <summary>What an entry may rest on: who is in the room, with which devices, in which era.</summary>
/// <remarks>
/// The rules are in docs/protocol/rooms.md; web/src/e2ee/rooms/replay.ts is the other implementation. Whoever keeps rooms in a database gives it only what the entry can
/// touch: its device and the owner of that, everything for a change of membership. Not thread-safe.
/// </remarks>
public sealed class RoomState(Guid room)
{
    // All that somebody says who leaves: the version. Who it is, and from where on, says the entry.
    private static readonly byte[] departurePayload = [1];

    private readonly Dictionary<Guid, RoomMember> members = [];
    private readonly HashSet<Guid> goneGuests = [];
    private readonly Dictionary<Guid, RoomDevice> devices = [];
    private readonly List<RoomEra> eras = [];

    public IReadOnlyDictionary<Guid, RoomMember> Members => members;

    /// <summary>Guests who went or were removed: they come back with other keys, or not at all.</summary>
    public IReadOnlySet<Guid> GoneGuests => goneGuests;

    public IReadOnlyDictionary<Guid, RoomDevice> Devices => devices;

    /// <summary>In order; the last is in force.</summary>
    public IReadOnlyList<RoomEra> Eras => eras;

    /// <summary>The last membership entry that was accepted; whoever changes the roster must have seen it.</summary>
    public ulong RosterSeq { get; private set; }

    /// <summary>As it was kept.</summary>
    public static RoomState Restore(
        Guid room, ulong rosterSeq, IEnumerable<RoomEra> eras, IEnumerable<RoomMember> members, IEnumerable<Guid> goneGuests, IEnumerable<RoomDevice> devices)
    {
        var state = new RoomState(room) { RosterSeq = rosterSeq };
        state.eras.AddRange(eras);
        foreach (var member in members) state.members[member.Account] = member;
        state.goneGuests.UnionWith(goneGuests);
        foreach (var device in devices) state.devices[device.Device] = device;
        return state;
    }

    /// <summary>Takes entry number <paramref name="seq"/> into the state.</summary>
    /// <param name="hashSeen">Of the chain after the entry that the author had seen; empty where there is no such entry.</param>
    /// <returns>Null, or the code of docs/protocol/rooms.md for which it is refused and changes nothing but its device's number.</returns>
    public string? Accept(ulong seq, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> hashSeen)
    {
        if (!RoomEntry.TryParse(bytes, out var entry, out var shape)) return shape.Code();
        if (new Guid(entry.Room, bigEndian: true) != room) return "other-room";
        if (FindAuthor(entry, out var author) is { } unknown) return unknown;
        if (!entry.IsSignedBy(author.Key)) return "bad-signature";
        if (entry.SeenSeq >= seq || !hashSeen.SequenceEqual(entry.SeenHash)) return "fork";
        if (entry.DeviceSeq <= author.LastSeq) return "repeated";
        if (entry.Era != (EraAt(entry.SeenSeq)?.Number ?? 0)) return "wrong-era";
        var isKnown = devices.ContainsKey(author.Device);
        var counted = author with { LastSeq = entry.DeviceSeq };
        var refused = entry.Class switch
        {
            EntryClass.Membership or EntryClass.EraKeys when members.TryGetValue(author.Account, out var owner) && owner.IsGuest => "guest-not-allowed",
            EntryClass.Membership => AcceptMembership(seq, entry, author),
            EntryClass.Device => AcceptDevice(entry, author),
            EntryClass.Content => AcceptContent(entry),
            EntryClass.EraKeys => AcceptEraKeys(entry),
            EntryClass.Departure => AcceptDeparture(seq, entry, author),
            _ => null,
        };

        // What a known device wrote counts as written though it was refused: nothing is missing before its next.
        if (refused is null || isKnown) devices[author.Device] = counted with { IsRevoked = devices.TryGetValue(author.Device, out var now) && now.IsRevoked };
        return refused;
    }

    /// <summary>The device that signs: known to the room, or introduced by this very entry.</summary>
    private string? FindAuthor(RoomEntry entry, out RoomDevice author)
    {
        if (devices.TryGetValue(new Guid(entry.Device, bigEndian: true), out author!))
        {
            if (author.IsRevoked) return "revoked-device";
            return members.TryGetValue(author.Account, out var owner) && owner.SigningKey.AsSpan().SequenceEqual(author.IdentityKey) ? null : "not-a-member";
        }

        ReadOnlySpan<byte> introduction;
        var isCreation = false;
        if (entry.Class == EntryClass.Device && StatementOf(entry.Payload) == StatementKind.DeviceCertificate)
        {
            introduction = entry.Payload[4..];
        }
        else if (entry.Class == EntryClass.Membership && eras.Count == 0)
        {
            if (MembershipChange.TryParse(entry.Payload) is not { } change) return "malformed-statement";
            if (!change.IsCreation) return "unknown-device";
            introduction = change.Certificate;
            isCreation = true;
        }
        else
        {
            return "unknown-device";
        }

        if (introduction.Length != DeviceCertificate.Length || introduction[0] != 1) return "malformed-certificate";
        if (!DeviceCertificate.TryRead(introduction, out var certificate)) return "bad-signature";
        if (!certificate.Device.SequenceEqual(entry.Device)) return "unknown-device";
        author = new RoomDevice(
            new Guid(certificate.Account, bigEndian: true), new Guid(certificate.Device, bigEndian: true), certificate.DeviceKey.ToArray(), certificate.IdentityKey.ToArray(), 0, false);
        if (isCreation) return null;
        if (!members.TryGetValue(author.Account, out var member)) return "not-a-member";
        return member.SigningKey.AsSpan().SequenceEqual(author.IdentityKey) ? null : "unknown-device";
    }

    private string? AcceptDevice(RoomEntry entry, RoomDevice author)
    {
        if (StatementOf(entry.Payload) is not { } kind) return "malformed-statement";
        if (kind == StatementKind.DeviceCertificate)
        {
            // A device is introduced by itself, once: its first entry did it.
            var isOwn = DeviceCertificate.TryRead(entry.Payload[4..], out var own) && own.Device.SequenceEqual(entry.Device);
            return isOwn && author.LastSeq == 0 ? null : "device-exists";
        }

        if (kind != StatementKind.DeviceRevocation) return "malformed-statement";
        var statement = entry.Payload[4..];
        if (statement.Length != DeviceRevocation.Length || statement[0] != 1) return "malformed-certificate";
        if (!DeviceRevocation.TryRead(statement, out var revocation)) return "bad-signature";
        var account = new Guid(revocation.Account, bigEndian: true);
        if (!devices.TryGetValue(new Guid(revocation.Device, bigEndian: true), out var revoked) || !members.TryGetValue(account, out var owner) || revoked.Account != account)
            return "unknown-device";
        if (!owner.SigningKey.AsSpan().SequenceEqual(revocation.IdentityKey)) return "bad-signature";
        devices[revoked.Device] = revoked with { IsRevoked = true };
        return null;
    }

    /// <summary>Whoever had seen that somebody left writes nothing that they can read.</summary>
    private string? AcceptContent(RoomEntry entry) => EraAt(entry.SeenSeq)?.LeftSeq <= entry.SeenSeq ? "era-must-change" : null;

    private string? AcceptEraKeys(RoomEntry entry)
    {
        if (EraKeySeals.ReadEra(entry.Payload) is not { } era) return "malformed-statement";
        return eras.Exists(known => known.Number == era) ? null : "wrong-era";
    }

    /// <summary>Whoever wrote it is no longer in the room. An administrator remains, or nobody at all.</summary>
    private string? AcceptDeparture(ulong seq, RoomEntry entry, RoomDevice author)
    {
        if (!entry.Payload.SequenceEqual(departurePayload)) return "malformed-statement";
        var remaining = members.Values.Where(member => member.Account != author.Account).ToList();
        if (remaining.Count > 0 && !remaining.Exists(member => member.IsAdministrator)) return "no-administrator-left";
        if (members.Remove(author.Account, out var gone) && gone.IsGuest) goneGuests.Add(gone.Account);
        if (eras.Count > 0) eras[^1] = eras[^1] with { LeftSeq = eras[^1].LeftSeq ?? seq };
        RosterSeq = seq;
        return null;
    }

    private string? AcceptMembership(ulong seq, RoomEntry entry, RoomDevice author)
    {
        if (MembershipChange.TryParse(entry.Payload) is not { } change) return "malformed-statement";
        if (change.Administrator != author.Account) return "not-an-administrator";
        if ((change.IsCreation ? FindCreator(change, out var signer) : FindChanger(change, entry, author, out signer)) is { } refused) return refused;
        if (!change.IsSignedBy(signer.SigningKey, entry)) return "bad-signature";
        if (change.Set.Any(member => !member.HasRoleOfItsKeysIn(room))) return "wrong-guest";
        if (change.Set.Any(member => goneGuests.Contains(member.Account))) return "guest-gone";
        var after = new Dictionary<Guid, RoomMember>(members);
        foreach (var account in change.Removed) after.Remove(account);
        foreach (var member in change.Set) after[member.Account] = member;
        if (!after.Values.Any(member => member.IsAdministrator)) return "no-administrator-left";
        if (ChangeEra(seq, change) is { } wrong) return wrong;
        goneGuests.UnionWith(members.Values.Where(member => member.IsGuest && !after.ContainsKey(member.Account)).Select(member => member.Account));
        members.Clear();
        foreach (var (account, member) in after) members[account] = member;
        RosterSeq = seq;
        return null;
    }

    /// <summary>The room's id says who creates it, and the first roster has them in it, with the identity that certified the device.</summary>
    private string? FindCreator(MembershipChange change, out RoomMember creator)
    {
        creator = change.Set.FirstOrDefault(member => member.Account == change.Administrator)!;
        if (eras.Count > 0 || creator is not { IsAdministrator: true } || change.Removed.Count > 0) return "wrong-creation";
        if (!DeviceCertificate.TryRead(change.Certificate, out var certificate) || !certificate.IdentityKey.SequenceEqual(creator.SigningKey)) return "wrong-creation";
        return change.RoomBegunBy(creator) == room ? null : "wrong-creation";
    }

    /// <summary>An administrator; or anybody in the room who only begins the era that it owes since somebody left, or since the time of a guest was over: only clients can read when that is.</summary>
    private string? FindChanger(MembershipChange change, RoomEntry entry, RoomDevice author, out RoomMember member)
    {
        var isOnlyEra = change.Set.Count + change.Removed.Count == 0;
        if (!members.TryGetValue(author.Account, out member!) || !(member.IsAdministrator || isOnlyEra)) return "not-an-administrator";

        // Two at once: the second decided of a roster that is no more, and decides anew.
        if (entry.SeenSeq < RosterSeq) return "stale-roster";
        return member.IsAdministrator || eras[^1].LeftSeq is not null || members.Values.Any(one => one.IsGuest) ? null : "not-an-administrator";
    }

    /// <summary>Whoever goes, or comes back with other keys, must not read what follows, and a guest nothing of what was before: the era changes with them.</summary>
    private string? ChangeEra(ulong seq, MembershipChange change)
    {
        var current = eras.Count > 0 ? eras[^1] : null;
        if (current is not null && change.Era == current.Number)
        {
            if (current.LeftSeq is not null || change.Removed.Count > 0 || change.Set.Any(member => members.TryGetValue(member.Account, out var before) ? !before.HasKeysOf(member) : member.IsGuest))
                return "era-must-change";
            return change.EraCommitment.AsSpan().SequenceEqual(current.Commitment) ? null : "wrong-era";
        }

        if (change.Era != (current?.Number ?? 0) + 1) return "wrong-era";
        eras.Add(new RoomEra(change.Era, seq, change.EraCommitment));
        return null;
    }

    /// <summary>In force once the entries up to <paramref name="seq"/> are there; null before the first.</summary>
    private RoomEra? EraAt(ulong seq) => eras.FindLast(era => era.StartSeq <= seq);

    /// <summary>Of the directory log; null where it is none.</summary>
    private static StatementKind? StatementOf(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload);
        var version = reader.ReadByte();
        var kind = (StatementKind)reader.ReadByte();
        reader.TakeVector16();
        return reader.IsComplete && version == 1 && Enum.IsDefined(kind) ? kind : null;
    }
}
