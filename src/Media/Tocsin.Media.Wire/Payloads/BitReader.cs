using System.Runtime.InteropServices;

namespace Tocsin.Media.Wire.Payloads;

/// <summary>Reads bits, highest first. Past the end it reads zeros and remembers it: one look at <see cref="HasFailed"/> at the end is enough.</summary>
[StructLayout(LayoutKind.Auto)]
internal ref struct BitReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    public bool HasFailed { get; private set; }

    public bool ReadFlag() => Read(1) != 0;

    /// <param name="count">0 to 32.</param>
    public uint Read(int count)
    {
        if (count > (8 * _bytes.Length) - Position)
        {
            HasFailed = true;
            return 0;
        }

        var value = 0u;
        while (count > 0)
        {
            var bitsLeft = 8 - (Position & 7);
            var taken = Math.Min(bitsLeft, count);
            var bits = (_bytes[Position >> 3] >> (bitsLeft - taken)) & ((1 << taken) - 1);
            value = (value << taken) | (uint)bits;
            Position += taken;
            count -= taken;
        }

        return value;
    }

    /// <summary>A number below <paramref name="limit"/> in as few bits as may be.</summary>
    /// <remarks>AV1 Bitstream section 4.10.7, ns(n).</remarks>
    public uint ReadNonSymmetric(uint limit)
    {
        var width = 32 - System.Numerics.BitOperations.LeadingZeroCount(limit);
        var shorter = (1u << width) - limit;
        var value = Read(width - 1);
        return value < shorter ? value : (value << 1) - shorter + Read(1);
    }
}

/// <summary>Writes bits, highest first. What finds no room is remembered.</summary>
[StructLayout(LayoutKind.Auto)]
internal ref struct BitWriter
{
    private readonly Span<byte> _bytes;
    private int _position;

    public BitWriter(Span<byte> bytes)
    {
        _bytes = bytes;
        _bytes.Clear();
    }

    public bool HasFailed { get; private set; }

    /// <summary>The last byte is filled with zeros.</summary>
    public readonly int Length => (_position + 7) >> 3;

    /// <param name="count">0 to 32.</param>
    public void Write(uint value, int count)
    {
        if (count > (8 * _bytes.Length) - _position)
        {
            HasFailed = true;
            return;
        }

        while (count > 0)
        {
            var room = 8 - (_position & 7);
            var taken = Math.Min(room, count);
            var bits = (value >> (count - taken)) & ((1u << taken) - 1);
            _bytes[_position >> 3] |= (byte)(bits << (room - taken));
            _position += taken;
            count -= taken;
        }
    }

    /// <summary>Copies bits as they are, up to bit <paramref name="end"/> of <paramref name="source"/>'s bytes.</summary>
    public void Copy(ref BitReader source, int end)
    {
        while (source.Position < end && !HasFailed)
        {
            var count = Math.Min(32, end - source.Position);
            Write(source.Read(count), count);
        }
    }
}
