using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Tocsin.Media.Wire.Rtcp;

/// <remarks>RFC 3550 section 12.1, RFC 4585 section 6.1, RFC 3611.</remarks>
public enum RtcpPacketType
{
    SenderReport = 200,
    ReceiverReport = 201,
    SourceDescription = 202,
    Goodbye = 203,
    Application = 204,
    TransportFeedback = 205,
    PayloadFeedback = 206,
    ExtendedReport = 207,
}

/// <summary>One packet of a compound. Borrows the datagram.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly ref struct RtcpPacket
{
    public const int HeaderLength = 4;

    internal RtcpPacket(RtcpPacketType type, int count, ReadOnlySpan<byte> body)
    {
        Type = type;
        Count = count;
        Body = body;
    }

    public RtcpPacketType Type { get; }

    /// <summary>5 bits: how many reports, chunks or sources there are, or the format of feedback.</summary>
    public int Count { get; }

    /// <summary>What follows the first four bytes, without padding.</summary>
    public ReadOnlySpan<byte> Body { get; }
}

/// <summary>The RTCP packets of one datagram, in clear; <c>foreach</c> walks them. One alone is as good as several (reduced size, RFC 5506).</summary>
/// <remarks>
/// RFC 3550 section 6.1. Borrows the datagram. Does not allocate.
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// |V=2|P|  count  |  packet type  |   length in words minus one   |
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public ref struct RtcpCompound
{
    private ReadOnlySpan<byte> _rest;

    private RtcpCompound(ReadOnlySpan<byte> datagram) => _rest = datagram;

    public RtcpPacket Current { get; private set; }

    /// <summary>False where the lengths do not add up to the datagram, a version is not 2, or there is padding but at the end (section 6.4.1).</summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out RtcpCompound compound)
    {
        compound = default;
        var rest = datagram;
        while (!rest.IsEmpty)
        {
            if (rest.Length < RtcpPacket.HeaderLength || rest[0] >> 6 != 2)
                return false;
            var length = LengthOf(rest);
            if (length > rest.Length || !HasSoundPadding(rest, length))
                return false;
            rest = rest[length..];
        }

        compound = new RtcpCompound(datagram);
        return !datagram.IsEmpty;
    }

    public readonly RtcpCompound GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_rest.IsEmpty)
            return false;
        var length = LengthOf(_rest);
        var padding = (_rest[0] & 0x20) != 0 ? _rest[length - 1] : 0;
        Current = new RtcpPacket((RtcpPacketType)_rest[1], _rest[0] & 0x1F, _rest[RtcpPacket.HeaderLength..(length - padding)]);
        _rest = _rest[length..];
        return true;
    }

    private static int LengthOf(ReadOnlySpan<byte> packet) => 4 * (BinaryPrimitives.ReadUInt16BigEndian(packet[2..]) + 1);

    private static bool HasSoundPadding(ReadOnlySpan<byte> rest, int length)
    {
        if ((rest[0] & 0x20) == 0)
            return true;
        var padding = rest[length - 1];
        return length == rest.Length && padding != 0 && padding <= length - RtcpPacket.HeaderLength;
    }
}
