using System.Runtime.InteropServices;

namespace Tocsin.Media.Wire.Payloads;

/// <summary>A payload of AV1; <c>foreach</c> walks its elements, each a unit (OBU) or a piece of one.</summary>
/// <remarks>
/// RTP Payload Format for AV1 section 4.4. Borrows the datagram. Does not allocate.
/// <code>
///  0 1 2 3 4 5 6 7
/// |Z|Y| W |N|-|-|-|    Z: the first element continues one of the packet before; Y: the last goes on in the next packet;
///                      W: how many elements, of which the last has no length; 0: each has one (LEB128); N: a coded video sequence begins
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public ref struct Av1Payload
{
    private readonly byte _aggregation;
    private ReadOnlySpan<byte> _rest;
    private int _index;

    private Av1Payload(ReadOnlySpan<byte> payload)
    {
        _aggregation = payload[0];
        _rest = payload[1..];
    }

    /// <summary>Z.</summary>
    public readonly bool ContinuesElement => (_aggregation & 0x80) != 0;

    /// <summary>Y.</summary>
    public readonly bool IsContinued => (_aggregation & 0x40) != 0;

    /// <summary>N: the first packet of a key frame.</summary>
    public readonly bool StartsKeyFrame => (_aggregation & 8) != 0;

    public ReadOnlySpan<byte> Current { get; private set; }

    private readonly int DeclaredCount => (_aggregation >> 4) & 3;

    /// <summary>False for an element out of bounds or without a byte, no element, or a sequence that begins with a continued element.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out Av1Payload result)
    {
        result = default;
        if (payload.Length < 2)
            return false;
        var walk = new Av1Payload(payload);
        if (walk.StartsKeyFrame && walk.ContinuesElement)
            return false;
        while (walk.MoveNext())
        {
        }

        // What stops the walk before the end, or before the number that was declared, is not sound.
        if (!walk._rest.IsEmpty || (walk.DeclaredCount != 0 && walk._index != walk.DeclaredCount))
            return false;
        result = new Av1Payload(payload);
        return true;
    }

    public readonly Av1Payload GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_rest.IsEmpty || (DeclaredCount != 0 && _index == DeclaredCount))
            return false;
        var length = _rest.Length;
        var lengthBytes = 0;
        if ((DeclaredCount == 0 || _index < DeclaredCount - 1) && !Leb128.TryRead(_rest, out length, out lengthBytes))
            return false;
        if (length == 0 || length > _rest.Length - lengthBytes)
            return false;
        Current = _rest.Slice(lengthBytes, length);
        _rest = _rest[(lengthBytes + length)..];
        _index++;
        return true;
    }
}

/// <summary>Numbers in groups of 7 bits, the lowest first.</summary>
/// <remarks>AV1 Bitstream section 4.10.5. At most five bytes here: no element is longer than 31 bits can say.</remarks>
internal static class Leb128
{
    private const int MaximumLength = 5;

    public static bool TryRead(ReadOnlySpan<byte> bytes, out int value, out int length)
    {
        value = 0;
        long sum = 0;
        for (length = 0; length < Math.Min(bytes.Length, MaximumLength); length++)
        {
            sum |= (long)(bytes[length] & 0x7F) << (7 * length);
            if ((bytes[length] & 0x80) != 0)
                continue;
            length++;
            value = (int)Math.Min(sum, int.MaxValue);
            return sum <= int.MaxValue;
        }

        return false;
    }
}
