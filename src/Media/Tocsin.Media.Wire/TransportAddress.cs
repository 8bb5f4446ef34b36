using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Tocsin.Media.Wire;

/// <summary>An IP address and port by value, so that comparing, hashing and keeping one allocates nothing.</summary>
/// <param name="IsIPv6">False: <paramref name="Bits"/> holds 32 bits.</param>
/// <param name="Bits">The address in network order: its first byte is the most significant one.</param>
/// <remarks><see cref="ToString"/> deliberately says nothing of the address: it must not end in a log.</remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TransportAddress(bool IsIPv6, UInt128 Bits, ushort Port)
{
    public const int MaximumAddressLength = 16;

    public int AddressLength => IsIPv6 ? 16 : 4;

    public static TransportAddress IPv4(uint address, ushort port) => new(IsIPv6: false, address, port);

    public static TransportAddress IPv6(UInt128 address, ushort port) => new(IsIPv6: true, address, port);

    /// <param name="address">4 or 16 bytes in network order.</param>
    public static bool TryCreate(ReadOnlySpan<byte> address, ushort port, out TransportAddress result)
    {
        result = address.Length switch
        {
            4 => IPv4(BinaryPrimitives.ReadUInt32BigEndian(address), port),
            16 => IPv6(BinaryPrimitives.ReadUInt128BigEndian(address), port),
            _ => default,
        };
        return address.Length is 4 or 16;
    }

    /// <summary>An address of IPv6 that stands for one of IPv4 (RFC 4291 section 2.5.5.2) becomes that one, as a dual-stack socket reports it.</summary>
    public static TransportAddress From(IPEndPoint endPoint)
    {
        Span<byte> bytes = stackalloc byte[MaximumAddressLength];
        var address = endPoint.Address.IsIPv4MappedToIPv6 ? endPoint.Address.MapToIPv4() : endPoint.Address;
        address.TryWriteBytes(bytes, out var length);
        _ = TryCreate(bytes[..length], (ushort)endPoint.Port, out var result);
        return result;
    }

    /// <summary>Allocates: for set-up, not for packets.</summary>
    public IPEndPoint ToEndPoint()
    {
        Span<byte> bytes = stackalloc byte[MaximumAddressLength];
        WriteAddress(bytes);
        return new IPEndPoint(new IPAddress(bytes[..AddressLength]), Port);
    }

    /// <summary>Writes <see cref="AddressLength"/> bytes in network order.</summary>
    public void WriteAddress(Span<byte> destination)
    {
        if (IsIPv6)
            BinaryPrimitives.WriteUInt128BigEndian(destination, Bits);
        else
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)Bits);
    }

    public AddressFamily Family => IsIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;

    public override string ToString() => IsIPv6 ? "IPv6 address" : "IPv4 address";
}
