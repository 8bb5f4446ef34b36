using System.Security.Cryptography;

namespace Tocsin.Rooms;

/// <summary>The head of a room's chain.</summary>
public readonly struct RoomChain
{
    private const int HashLength = SHA256.HashSizeInBytes;

    private readonly byte[] hash;

    private RoomChain(ulong seq, byte[] hash) => (Seq, this.hash) = (seq, hash);

    public ulong Seq { get; }

    public ReadOnlySpan<byte> Hash => hash;

    /// <summary>Before the first entry.</summary>
    public static RoomChain Begin(ReadOnlySpan<byte> room) => new(0, Labels.Hash("Tocsin room chain v1\0"u8, 0, room));

    /// <summary>As it was kept.</summary>
    public static RoomChain At(ulong seq, ReadOnlySpan<byte> hash) => new(seq, hash.ToArray());

    /// <summary>With one more entry, whether or not its content will be accepted by who reads it.</summary>
    public RoomChain Append(ReadOnlySpan<byte> entry)
    {
        Span<byte> linked = stackalloc byte[2 * HashLength];
        hash.CopyTo(linked);
        SHA256.HashData(entry, linked[HashLength..]);
        return new(Seq + 1, Labels.Hash("Tocsin room chain v1\0"u8, Seq + 1, linked));
    }
}
