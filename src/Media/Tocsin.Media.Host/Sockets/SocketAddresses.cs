using System.Buffers.Binary;
using Tocsin.Media.Wire;

namespace Tocsin.Media.Host.Sockets;

/// <summary>The system's form of an address, as sockets take and give it.</summary>
/// <remarks>
/// <code>
/// sockaddr_in   | family, 2, host order | port, 2 | address, 4  | 8 unused              |
/// sockaddr_in6  | family, 2, host order | port, 2 | flow, 4     | address, 16 | scope, 4 |
/// </code>
/// </remarks>
internal static class SocketAddresses
{
    public const int Length = 28;

    private const int IPv4Length = 16;

    // ::ffff:0:0/96, RFC 4291 section 2.5.5.2.
    private static readonly UInt128 MappedPrefix = (UInt128)0xFFFF << 32;

    /// <summary>Writes the address for a socket of the family; returns its length.</summary>
    /// <param name="family">The system's number of the family.</param>
    /// <param name="isIPv6">What the socket is: one of IPv6 reaches IPv4 by mapped addresses.</param>
    public static int Write(Span<byte> destination, ushort family, bool isIPv6, in TransportAddress address)
    {
        destination[..(isIPv6 ? Length : IPv4Length)].Clear();
        BitConverter.TryWriteBytes(destination, family);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], address.Port);
        if (!isIPv6)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination[4..], (uint)address.Bits);
            return IPv4Length;
        }
        BinaryPrimitives.WriteUInt128BigEndian(destination[8..], address.IsIPv6 ? address.Bits : MappedPrefix | address.Bits);
        return Length;
    }

    public static TransportAddress Read(ReadOnlySpan<byte> source, bool isIPv6)
    {
        var port = BinaryPrimitives.ReadUInt16BigEndian(source[2..]);
        if (!isIPv6) return TransportAddress.IPv4(BinaryPrimitives.ReadUInt32BigEndian(source[4..]), port);
        var bits = BinaryPrimitives.ReadUInt128BigEndian(source[8..]);
        return bits >> 32 == MappedPrefix >> 32 ? TransportAddress.IPv4((uint)bits, port) : TransportAddress.IPv6(bits, port);
    }
}
