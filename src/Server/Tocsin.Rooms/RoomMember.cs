using System.Security.Cryptography;

namespace Tocsin.Rooms;

/// <summary>What somebody is in a room; the numbers are those of docs/protocol/rooms.md.</summary>
public enum RoomRole
{
    Member = 1,
    Administrator = 2,

    /// <summary>Of nobody's directory: let in by an administrator, writes, and has no say in who else is there.</summary>
    Guest = 3,
}

/// <summary>Somebody in a room, with the identity that an administrator had verified: another identity of the same account is another member.</summary>
/// <param name="SealingKeyHash">SHA-256 of the key that era keys are sealed to.</param>
public sealed record RoomMember(Guid Account, byte[] SigningKey, byte[] SealingKeyHash, RoomRole Role)
{
    public bool IsAdministrator => Role == RoomRole.Administrator;

    public bool IsGuest => Role == RoomRole.Guest;

    /// <summary>Other keys are somebody else's, whatever the account: the era changes with them.</summary>
    internal bool HasKeysOf(RoomMember other) => SigningKey.AsSpan().SequenceEqual(other.SigningKey) && SealingKeyHash.AsSpan().SequenceEqual(other.SealingKeyHash);

    /// <summary>Guests are those whose account their keys make, and nobody else.</summary>
    internal bool HasRoleOfItsKeysIn(Guid room) => IsGuest == (Account == GuestAccountOf(room, SigningKey, SealingKeyHash));

    /// <summary>The account that a guest with these keys has in this room.</summary>
    public static Guid GuestAccountOf(Guid room, byte[] signingKey, byte[] sealingKeyHash)
    {
        ReadOnlySpan<byte> hashed = [.. "Tocsin room guest v1\0"u8, .. room.ToByteArray(bigEndian: true), .. signingKey, .. sealingKeyHash];
        return new Guid(SHA256.HashData(hashed).AsSpan(0, 16), bigEndian: true);
    }
}
