using System.Security.Cryptography;

namespace Tocsin.Rooms;

/// <summary>The head of the directory log: how many entries, and the hash over all of them.</summary>
public readonly struct LogHead
{
    private readonly byte[] hash;

    private LogHead(ulong number, byte[] hash) => (Number, this.hash) = (number, hash);

    public ulong Number { get; }

    public ReadOnlySpan<byte> Hash => hash;

    /// <summary>Before the first entry.</summary>
    public static LogHead Empty { get; } = new(0, new byte[SHA256.HashSizeInBytes]);

    /// <summary>As it was kept.</summary>
    public static LogHead At(ulong number, ReadOnlySpan<byte> hash) => new(number, hash.ToArray());

    public LogHead Append(ReadOnlySpan<byte> entry)
    {
        Span<byte> linked = stackalloc byte[2 * SHA256.HashSizeInBytes];
        hash.CopyTo(linked);
        SHA256.HashData(entry, linked[SHA256.HashSizeInBytes..]);
        return new(Number + 1, Labels.Hash("Tocsin directory log v1\0"u8, Number + 1, linked));
    }
}
