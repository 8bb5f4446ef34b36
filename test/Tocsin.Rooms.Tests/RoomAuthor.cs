using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Tocsin.Rooms.Tests;

/// <summary>A device that writes in a room, as web/src/e2ee/rooms does: docs/protocol/rooms.md.</summary>
internal sealed class RoomAuthor : IDisposable
{
    private const int TagLength = 16;
    private const byte Version = 1;
    private const byte CertificateKind = 2;

    private readonly Ed25519Signer identity = new();
    private readonly Ed25519Signer device = new();
    private readonly byte[] account;
    private readonly byte[] deviceId = RandomNumberGenerator.GetBytes(16);
    private readonly byte[] certificate;

    private ulong deviceSeq;

    public RoomAuthor(Guid person)
    {
        account = person.ToByteArray(bigEndian: true);
        byte[] body = [Version, .. account, .. deviceId, .. identity.PublicKey, .. device.PublicKey, .. UInt64(1)];
        certificate = [.. body, .. identity.Sign("Tocsin device certificate v1\0"u8, body)];
    }

    public byte[] IdentityKey => identity.PublicKey;

    /// <summary>The entry that creates a room, with its id.</summary>
    /// <param name="others">Account and identity key of the other members.</param>
    public (byte[] Room, byte[] Entry) Create(IEnumerable<(Guid Account, byte[] Key)> others, byte[] eraKey)
    {
        var nonce = RandomNumberGenerator.GetBytes(16);
        var room = SHA256.HashData([.. "Tocsin room v1\0"u8, .. account, .. identity.PublicKey, .. nonce])[..16];
        byte[] commitment = SHA256.HashData([.. "Tocsin era commitment v1\0"u8, .. room, .. UInt32(1), .. eraKey]);
        byte[] set = [.. Member(account, identity.PublicKey, 2), .. others.SelectMany(other => Member(other.Account.ToByteArray(bigEndian: true), other.Key, 1))];
        byte[] body = [Version, 1, .. nonce, (byte)certificate.Length, .. certificate, .. UInt32(1), .. commitment, .. UInt24(set.Length), .. set, 0, 0, .. account];
        var id = RandomNumberGenerator.GetBytes(16);
        var seen = RoomChain.Begin(room);
        var signature = identity.Sign("Tocsin room membership v1\0"u8, [.. room, .. id, .. UInt64(seen.Seq), .. seen.Hash, .. body]);
        return (room, Sign(Header(room, id, seen, EntryClass.Membership, 0), [.. body, .. signature]));
    }

    /// <summary>This device's first entry in a room that it did not create.</summary>
    public byte[] Introduce(byte[] room, RoomChain seen)
    {
        byte[] statement = [Version, CertificateKind, (byte)(certificate.Length >> 8), (byte)certificate.Length, .. certificate];
        return Sign(Header(room, RandomNumberGenerator.GetBytes(16), seen, EntryClass.Device, 1), statement);
    }

    /// <summary>A content, sealed and signed.</summary>
    /// <param name="padded">A multiple of 64 bytes.</param>
    public byte[] Write(byte[] room, RoomChain seen, byte[] eraKey, ReadOnlySpan<byte> padded)
    {
        var id = RandomNumberGenerator.GetBytes(16);
        var header = Header(room, id, seen, EntryClass.Content, 1);
        Span<byte> derived = stackalloc byte[44];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, eraKey, derived, id, [.. "Tocsin room content v1\0"u8, .. header]);
        var payload = new byte[padded.Length + TagLength];
        using (var seal = new AesGcm(derived[..32], TagLength)) seal.Encrypt(derived[32..], padded, payload.AsSpan(0, padded.Length), payload.AsSpan(padded.Length), header);
        return Sign(header, payload);
    }

    public void Dispose()
    {
        identity.Dispose();
        device.Dispose();
    }

    private byte[] Header(byte[] room, byte[] id, RoomChain seen, EntryClass kind, uint era) =>
        [Version, .. room, .. id, .. deviceId, .. UInt64(++deviceSeq), .. UInt64(seen.Seq), .. seen.Hash, (byte)kind, .. UInt32(era)];

    private byte[] Sign(byte[] header, byte[] payload)
    {
        byte[] body = [.. header, .. UInt24(payload.Length), .. payload];
        return [.. body, .. device.Sign("Tocsin room entry v1\0"u8, body)];
    }

    private static byte[] Member(byte[] account, byte[] key, byte role) => [.. account, .. key, .. SHA256.HashData(account), role];

    private static byte[] UInt24(int value) => [(byte)(value >> 16), (byte)(value >> 8), (byte)value];

    private static byte[] UInt32(uint value)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] UInt64(ulong value)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes;
    }
}
