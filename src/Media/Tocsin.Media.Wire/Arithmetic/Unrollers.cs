using System.Runtime.InteropServices;

namespace Tocsin.Media.Wire.Arithmetic;

/// <summary>Numbers of 16 bits that wrap around, made into ones of 64 bits that do not: each is taken as the nearest to the highest seen so far.</summary>
/// <remarks>A mutable value: keep it in a field, not in a copy. The first number is itself; earlier ones that come late may be negative.</remarks>
[StructLayout(LayoutKind.Auto)]
public struct SequenceUnroller
{
    private long _highest;
    private bool _started;

    /// <summary>Of all that were unrolled; 0 before the first.</summary>
    public readonly long Highest => _highest;

    public readonly bool HasStarted => _started;

    /// <summary>The long number, and <see cref="Highest"/> moves ahead where it is larger.</summary>
    public long Unroll(ushort number)
    {
        var unrolled = Peek(number);
        if (!_started || unrolled > _highest)
            _highest = unrolled;
        _started = true;
        return unrolled;
    }

    /// <summary>The long number; nothing moves. For numbers that are not yet believed.</summary>
    public readonly long Peek(ushort number) => _started ? _highest + (short)(number - (ushort)_highest) : number;
}

/// <summary>The same for 32-bit RTP timestamps.</summary>
[StructLayout(LayoutKind.Auto)]
public struct TimestampUnroller
{
    private long _highest;
    private bool _started;

    public readonly long Highest => _highest;

    public readonly bool HasStarted => _started;

    public long Unroll(uint timestamp)
    {
        var unrolled = Peek(timestamp);
        if (!_started || unrolled > _highest)
            _highest = unrolled;
        _started = true;
        return unrolled;
    }

    public readonly long Peek(uint timestamp) => _started ? _highest + (int)(timestamp - (uint)_highest) : timestamp;
}

/// <summary>The same for numbers of fewer bits: picture ids (7 or 15), TL0PICIDX (8), frame numbers.</summary>
/// <param name="bits">1 to 31.</param>
[StructLayout(LayoutKind.Auto)]
public struct NarrowUnroller(int bits)
{
    private readonly int _unusedBits = 32 - bits;
    private long _highest;
    private bool _started;

    public readonly long Highest => _highest;

    public readonly bool HasStarted => _started;

    public long Unroll(uint number)
    {
        var unrolled = Peek(number);
        if (!_started || unrolled > _highest)
            _highest = unrolled;
        _started = true;
        return unrolled;
    }

    /// <summary>The difference is moved to the top of 32 bits and back, which extends its sign.</summary>
    public readonly long Peek(uint number) =>
        _started ? _highest + ((int)((number - (uint)_highest) << _unusedBits) >> _unusedBits) : number & (uint.MaxValue >> _unusedBits);
}
