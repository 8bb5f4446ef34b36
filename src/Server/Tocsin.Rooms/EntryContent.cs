using System.Security.Cryptography;

namespace Tocsin.Rooms;

/// <summary>Opens the content of an entry for whoever has the era's key. No server has one: this is for archives whose readers gave it to them.</summary>
/// <remarks>docs/protocol/rooms.md, Content; web/src/e2ee/rooms/content.ts is the other implementation.</remarks>
public static class EntryContent
{
    public const int EraKeyLength = 32;

    private const int TagLength = 16;

    /// <returns>The content without its padding; null where the seal is not one of this key for this entry.</returns>
    public static byte[]? TryOpen(ReadOnlySpan<byte> eraKey, RoomEntry entry)
    {
        if (eraKey.Length != EraKeyLength || entry.Payload.Length < TagLength) return null;
        Span<byte> derived = stackalloc byte[44];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, eraKey, derived, entry.Id, [.. "Tocsin room content v1\0"u8, .. entry.Header]);
        var opened = PartSeal.TryOpen(derived[..32], derived[32..], entry.Header, entry.Payload);
        return opened is null ? null : Unpad(opened);
    }

    /// <summary>As the entry that begins an era names its key.</summary>
    public static bool IsKeyOf(RoomEra era, ReadOnlySpan<byte> room, ReadOnlySpan<byte> key)
    {
        Span<byte> number = stackalloc byte[sizeof(uint)];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(number, era.Number);
        return SHA256.HashData([.. "Tocsin era commitment v1\0"u8, .. room, .. number, .. key]).AsSpan().SequenceEqual(era.Commitment);
    }

    private static byte[]? Unpad(ReadOnlySpan<byte> padded)
    {
        var end = padded.LastIndexOfAnyExcept((byte)0);
        return end >= 0 && padded[end] == 0x80 ? padded[..end].ToArray() : null;
    }
}
