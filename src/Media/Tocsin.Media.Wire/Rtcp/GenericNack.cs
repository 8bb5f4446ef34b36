using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Tocsin.Media.Wire.Rtcp;

/// <summary>The sequence numbers that a receiver asks for again; <c>foreach</c> walks them in the order of the packet.</summary>
/// <remarks>
/// RFC 4585 section 6.2.1. Does not allocate.
/// <code>
/// |          packet id            |  bit n: packet id + n + 1 too  |    once or more
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public ref struct GenericNack
{
    internal const int PairLength = 4;
    internal const int PacketsInMask = 16;

    private ReadOnlySpan<byte> _pairs;
    private ushort _packetId;
    private ushort _mask;

    private GenericNack(ReadOnlySpan<byte> pairs) => _pairs = pairs;

    public ushort Current { get; private set; }

    public static bool TryParse(in FeedbackMessage message, out GenericNack nack)
    {
        var pairs = message.ControlInformation;
        var right = message.Kind == FeedbackKind.GenericNack && pairs.Length >= PairLength && pairs.Length % PairLength == 0;
        nack = right ? new GenericNack(pairs) : default;
        return right;
    }

    public readonly GenericNack GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_mask != 0)
        {
            var bit = BitOperations.TrailingZeroCount(_mask);
            _mask &= (ushort)(_mask - 1);
            Current = (ushort)(_packetId + bit + 1);
            return true;
        }

        if (_pairs.IsEmpty)
            return false;
        _packetId = BinaryPrimitives.ReadUInt16BigEndian(_pairs);
        _mask = BinaryPrimitives.ReadUInt16BigEndian(_pairs[2..]);
        _pairs = _pairs[PairLength..];
        Current = _packetId;
        return true;
    }
}
