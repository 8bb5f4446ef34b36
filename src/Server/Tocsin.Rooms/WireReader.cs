using System.Buffers.Binary;

namespace Tocsin.Rooms;

/// <summary>
/// Reads the TLS presentation language (RFC 8446 section 3) out of bytes of others. What is not there reads as zeros or nothing, and so does everything after it:
/// look at <see cref="IsComplete"/> before believing anything.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> input)
{
    private ReadOnlySpan<byte> rest = input;
    private bool hasFailed;

    /// <summary>Everything was there, and nothing is left.</summary>
    public readonly bool IsComplete => !hasFailed && rest.IsEmpty;

    public byte ReadByte() => Take(1) is [var value] ? value : (byte)0;

    public uint ReadUInt32() => Take(sizeof(uint)) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : 0;

    public ulong ReadUInt64() => Take(sizeof(ulong)) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : 0;

    /// <summary>A view of the input; empty where there is not as much.</summary>
    public ReadOnlySpan<byte> Take(int length)
    {
        if (hasFailed || length > rest.Length)
        {
            hasFailed = true;
            return [];
        }
        var taken = rest[..length];
        rest = rest[length..];
        return taken;
    }

    /// <summary>A vector whose length stands in two bytes before it.</summary>
    public ReadOnlySpan<byte> TakeVector16() => Take(2) is [var high, var low] ? Take((high << 8) | low) : [];

    /// <summary>A vector whose length stands in three bytes before it.</summary>
    public ReadOnlySpan<byte> TakeVector24() => Take(3) is [var high, var middle, var low] ? Take((high << 16) | (middle << 8) | low) : [];
}
