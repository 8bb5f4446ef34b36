using System.Net;
using System.Net.Sockets;

namespace Tocsin.Media.Host.Sockets;

/// <summary>Opens the socket that serves a system best.</summary>
internal static class DatagramSockets
{
    // A burst of key frames from a hundred senders, or a turn of the garbage collector, must find room; the system may grant less.
    private const int BufferBytes = 4 << 20;

    /// <param name="address">Null: all, of both versions of IP where the system has them.</param>
    /// <param name="port">0: any that is free.</param>
    /// <exception cref="SocketException">The port is taken, or the address is none of this machine's.</exception>
    public static IDatagramSocket Open(IPAddress? address, int port)
    {
        var socket = Bind(address, port);
        return LinuxDatagramSocket.IsSupported ? new LinuxDatagramSocket(socket) : new PlainDatagramSocket(socket);
    }

    internal static Socket Bind(IPAddress? address, int port)
    {
        address ??= Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = true;
            socket.ReceiveBufferSize = BufferBytes;
            socket.SendBufferSize = BufferBytes;
            socket.Bind(new IPEndPoint(address, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
