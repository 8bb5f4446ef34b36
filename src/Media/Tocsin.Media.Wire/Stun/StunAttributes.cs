using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Tocsin.Media.Wire.Stun;

/// <summary>One attribute, without its padding. Borrows the datagram.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly ref struct StunAttribute(StunAttributeType type, ReadOnlySpan<byte> value)
{
    public StunAttributeType Type { get; } = type;

    public ReadOnlySpan<byte> Value { get; } = value;
}

/// <summary>Walks attributes that <see cref="StunMessage.TryParse"/> has found to be in bounds; <c>foreach</c> works on it.</summary>
public ref struct StunAttributes
{
    private ReadOnlySpan<byte> _rest;

    internal StunAttributes(ReadOnlySpan<byte> attributes) => _rest = attributes;

    public StunAttribute Current { get; private set; }

    public readonly StunAttributes GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_rest.IsEmpty)
            return false;
        var type = BinaryPrimitives.ReadUInt16BigEndian(_rest);
        var length = BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
        Current = new StunAttribute((StunAttributeType)type, _rest.Slice(StunMessage.AttributeHeaderLength, length));
        _rest = _rest[(StunMessage.AttributeHeaderLength + Padded(length))..];
        return true;
    }

    internal static int Padded(int length) => (length + 3) & ~3;
}
