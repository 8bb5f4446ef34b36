using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Tocsin.Rooms;

/// <summary>What an administrator decides of who is in the room.</summary>
/// <remarks>The layout is in docs/protocol/rooms.md; web/src/e2ee/rooms/membership.ts is the other implementation.</remarks>
public sealed class MembershipChange
{
    private const byte Version = 1;
    private const int MaximumMembers = 3000;
    private const int NonceLength = 16;

    private readonly byte[] signedBody;
    private readonly byte[] signature;

    private MembershipChange(ReadOnlySpan<byte> payload)
    {
        signedBody = payload[..^Ed25519.SignatureLength].ToArray();
        signature = payload[^Ed25519.SignatureLength..].ToArray();
    }

    /// <summary>The first entry of a room.</summary>
    public bool IsCreation { get; private init; }

    /// <summary>In force after this entry.</summary>
    public uint Era { get; private init; }

    public byte[] EraCommitment { get; private init; } = [];

    /// <summary>Added, or given another role or identity.</summary>
    public IReadOnlyList<RoomMember> Set { get; private init; } = [];

    public IReadOnlyList<Guid> Removed { get; private init; } = [];

    /// <summary>The account whose identity signs.</summary>
    public Guid Administrator { get; private init; }

    /// <summary>Of the device that writes the creation; empty otherwise.</summary>
    internal byte[] Certificate { get; private init; } = [];

    private byte[] Nonce { get; init; } = [];

    /// <summary>The shape alone: nothing is verified.</summary>
    /// <returns>Null where it is malformed.</returns>
    public static MembershipChange? TryParse(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload);
        var version = reader.ReadByte();
        var isCreation = reader.ReadByte();
        var nonce = reader.Take(NonceLength);
        var certificate = reader.Take(reader.ReadByte());
        var era = reader.ReadUInt32();
        var commitment = reader.Take(SHA256.HashSizeInBytes);
        var setBytes = reader.TakeVector24();
        var removedBytes = reader.TakeVector16();
        var administrator = reader.Take(16);
        reader.Take(Ed25519.SignatureLength);
        if (!reader.IsComplete || version != Version || setBytes.Length >= 1 << 18) return null;
        if (isCreation > 1 || (isCreation == 0 && (certificate.Length > 0 || nonce.ContainsAnyExcept((byte)0)))) return null;
        if (ReadMembers(setBytes) is not { } set || ReadAccounts(removedBytes) is not { } removed) return null;
        if (set.Select(member => member.Account).Concat(removed).Distinct().Count() != set.Count + removed.Count) return null;
        return new MembershipChange(payload)
        {
            IsCreation = isCreation == 1,
            Nonce = nonce.ToArray(),
            Certificate = certificate.ToArray(),
            Era = era,
            EraCommitment = commitment.ToArray(),
            Set = set,
            Removed = removed,
            Administrator = new Guid(administrator, bigEndian: true),
        };
    }

    /// <summary>Whether this identity signed it for exactly this place in the room.</summary>
    internal bool IsSignedBy(ReadOnlySpan<byte> identityKey, RoomEntry place)
    {
        Span<byte> seen = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(seen, place.SeenSeq);
        return Labels.Verify(identityKey, "Tocsin room membership v1\0"u8, [.. place.Room, .. place.Id, .. seen, .. place.SeenHash, .. signedBody], signature);
    }

    /// <summary>The id of the room that this creator begins with this nonce: a server can begin no other room under it.</summary>
    internal Guid RoomBegunBy(RoomMember creator)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("Tocsin room v1\0"u8);
        hash.AppendData(creator.Account.ToByteArray(bigEndian: true));
        hash.AppendData(creator.SigningKey);
        hash.AppendData(Nonce);
        return new Guid(hash.GetHashAndReset().AsSpan(0, 16), bigEndian: true);
    }

    private static List<RoomMember>? ReadMembers(ReadOnlySpan<byte> bytes)
    {
        const int length = 16 + Ed25519.PublicKeyLength + SHA256.HashSizeInBytes + 1;
        if (bytes.Length % length != 0 || bytes.Length / length > MaximumMembers) return null;
        var members = new List<RoomMember>(bytes.Length / length);
        for (var rest = bytes; !rest.IsEmpty; rest = rest[length..])
        {
            var role = (RoomRole)rest[80];
            if (!Enum.IsDefined(role)) return null;
            members.Add(new RoomMember(new Guid(rest[..16], bigEndian: true), rest[16..48].ToArray(), rest[48..80].ToArray(), role));
        }

        return members;
    }

    private static List<Guid>? ReadAccounts(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % 16 != 0 || bytes.Length / 16 > MaximumMembers) return null;
        var accounts = new List<Guid>(bytes.Length / 16);
        for (var rest = bytes; !rest.IsEmpty; rest = rest[16..]) accounts.Add(new Guid(rest[..16], bigEndian: true));
        return accounts;
    }
}
