using System.Runtime.InteropServices;

namespace Tocsin.Media.Wire.Rtp;

/// <summary>One element of a header extension. Borrows the datagram.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly ref struct HeaderExtension(byte id, ReadOnlySpan<byte> value)
{
    /// <summary>As negotiated with the peer that sent it: 1 to 14, or 1 to 255 in the two-byte form.</summary>
    public byte Id { get; } = id;

    public ReadOnlySpan<byte> Value { get; } = value;
}

/// <summary>How the elements of a header extension are written.</summary>
public enum HeaderExtensionForm
{
    /// <summary>Ids 1 to 14, values of 1 to 16 bytes.</summary>
    OneByte,

    /// <summary>Ids 1 to 255, values of 0 to 255 bytes.</summary>
    TwoByte,
}

/// <summary>Walks the elements of a header extension in either form; <c>foreach</c> works on it. A profile of neither form has no elements.</summary>
/// <remarks>
/// RFC 8285 sections 4.2 and 4.3. What is out of bounds ends the walk: elements before it are good. Does not allocate.
/// <code>
/// one-byte form, profile 0xBEDE:  |  id   | len-1 | value ...      id 0: padding; id 15: stop
/// two-byte form, profile 0x100?:  |      id       |     length    | value ...      id 0: padding
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public ref struct HeaderExtensions
{
    internal const ushort OneByteProfile = 0xBEDE;
    internal const ushort TwoByteProfile = 0x1000;
    internal const byte OneByteStop = 15;

    private readonly ushort _profile;
    private ReadOnlySpan<byte> _rest;

    internal HeaderExtensions(ushort profile, ReadOnlySpan<byte> data)
    {
        _profile = profile;
        _rest = data;
    }

    public HeaderExtension Current { get; private set; }

    public readonly HeaderExtensions GetEnumerator() => this;

    /// <summary>The first element with that id.</summary>
    public readonly bool TryFind(byte id, out ReadOnlySpan<byte> value)
    {
        foreach (var extension in this)
        {
            if (extension.Id != id)
                continue;
            value = extension.Value;
            return true;
        }

        value = default;
        return false;
    }

    public bool MoveNext()
    {
        while (!_rest.IsEmpty && _rest[0] == 0)
            _rest = _rest[1..];
        if (_profile == OneByteProfile)
            return MoveNextOneByte();
        // The low four bits are "appbits", of no meaning here.
        return (_profile & 0xFFF0) == TwoByteProfile && MoveNextTwoByte();
    }

    private bool MoveNextOneByte()
    {
        if (_rest.IsEmpty)
            return false;
        var id = (byte)(_rest[0] >> 4);
        var length = (_rest[0] & 0xF) + 1;
        // An id of 0 with a length ends the walk too (section 4.2).
        return id is not (0 or OneByteStop) && Take(id, 1, length);
    }

    private bool MoveNextTwoByte() => _rest.Length >= 2 && Take(_rest[0], 2, _rest[1]);

    private bool Take(byte id, int headerLength, int length)
    {
        if (_rest.Length < headerLength + length)
        {
            _rest = default;
            return false;
        }

        Current = new HeaderExtension(id, _rest.Slice(headerLength, length));
        _rest = _rest[(headerLength + length)..];
        return true;
    }
}
