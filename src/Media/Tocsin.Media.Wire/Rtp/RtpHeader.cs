using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Tocsin.Media.Wire.Rtp;

/// <summary>A view of the part of an RTP packet that SRTP leaves in clear: so it reads encrypted packets too.</summary>
/// <remarks>
/// RFC 3550 section 5.1. Borrows the datagram. Does not allocate.
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// |V=2|P|X|  CC   |M|     PT      |       sequence number         |
/// |                           timestamp                           |
/// |                             SSRC                              |
/// |                     CSRC, 0 to 15 times                       |
/// |   extension's profile         | length in words of 32 bits    |   where X is set
/// |                     extension's data                          |
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public readonly ref struct RtpHeader
{
    public const int FixedLength = 12;
    public const int ExtensionHeaderLength = 4;

    private readonly ReadOnlySpan<byte> _header;

    private RtpHeader(ReadOnlySpan<byte> header) => _header = header;

    /// <summary>In bytes, with contributing sources and extension: where the payload begins.</summary>
    public int Length => _header.Length;

    public bool HasPadding => (_header[0] & 0x20) != 0;

    public bool HasExtension => (_header[0] & 0x10) != 0;

    public int CsrcCount => _header[0] & 0xF;

    public bool Marker => (_header[1] & 0x80) != 0;

    /// <summary>7 bits.</summary>
    public byte PayloadType => (byte)(_header[1] & 0x7F);

    public ushort SequenceNumber => BinaryPrimitives.ReadUInt16BigEndian(_header[2..]);

    /// <summary>In ticks of the codec's clock.</summary>
    public uint Timestamp => BinaryPrimitives.ReadUInt32BigEndian(_header[4..]);

    public uint Ssrc => BinaryPrimitives.ReadUInt32BigEndian(_header[8..]);

    /// <summary>The header's own bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _header;

    /// <summary>The contributing sources as they are on the wire: four bytes each.</summary>
    public ReadOnlySpan<byte> CsrcBytes => _header.Slice(FixedLength, 4 * CsrcCount);

    /// <summary>Empty where there is no extension.</summary>
    public HeaderExtensions Extensions
    {
        get
        {
            if (!HasExtension)
                return default;
            var offset = FixedLength + (4 * CsrcCount);
            return new HeaderExtensions(BinaryPrimitives.ReadUInt16BigEndian(_header[offset..]), _header[(offset + ExtensionHeaderLength)..]);
        }
    }

    /// <summary>False for what is not version 2 or shorter than its header says.</summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out RtpHeader header)
    {
        header = default;
        if (datagram.Length < FixedLength || datagram[0] >> 6 != 2)
            return false;
        var length = FixedLength + (4 * (datagram[0] & 0xF));
        if ((datagram[0] & 0x10) != 0)
        {
            if (datagram.Length < length + ExtensionHeaderLength)
                return false;
            length += ExtensionHeaderLength + (4 * BinaryPrimitives.ReadUInt16BigEndian(datagram[(length + 2)..]));
        }

        if (datagram.Length < length)
            return false;
        header = new RtpHeader(datagram[..length]);
        return true;
    }
}
