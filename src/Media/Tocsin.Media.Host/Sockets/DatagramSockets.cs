using System.Net;
using System.Net.Sockets;

namespace Tocsin.Media.Host.Sockets;

/// <summary>Opens the socket that serves a system best.</summary>
internal static class DatagramSockets
{
    // A burst of key frames from a hundred senders, a turn of the garbage collector, or some 50 ms of 200,000 forged datagrams a second while another program has the core, must
    // find room beside what calls send: the system accounts for each datagram with one to two kilobytes. It takes memory only when it is filled; the system may grant less.
    private const int ReceiveBufferBytes = 16 << 20;

    // A frame for fifty subscribers is half a thousand datagrams at once, of which the network takes one after the other: where it is delayed on its way, as by a queue that shapes it, all of them count until they have left.
    private const int SendBufferBytes = 4 << 20;

    /// <param name="address">Null: all, of both versions of IP where the system has them.</param>
    /// <param name="port">0: any that is free.</param>
    /// <exception cref="SocketException">The port is taken, or the address is none of this machine's.</exception>
    public static IDatagramSocket Open(IPAddress? address, int port) => Over(Bind(address, port), ownsSocket: true);

    /// <summary>As many as there are media threads, all on one port: every socket of them sends from it, and each datagram that comes reaches one of them.</summary>
    /// <inheritdoc cref="Open(IPAddress?, int)"/>
    public static IDatagramSocket[] Open(IPAddress? address, int port, int count)
    {
        var first = Bind(address, port);
        var rest = count > 1 && LinuxDatagramSocket.IsSupported ? BindBeside(first, address, count - 1) : null;
        return rest is null ? ShareOne(first, count) : [Over(first, ownsSocket: true), .. rest.Select(socket => Over(socket, ownsSocket: true))];
    }

    /// <summary>For systems that cannot share a port between sockets: the first receives for all.</summary>
    /// <param name="socket">Bound; the first one's from here on.</param>
    internal static IDatagramSocket[] ShareOne(Socket socket, int count) =>
        [Over(socket, ownsSocket: true), .. Enumerable.Range(1, count - 1).Select(_ => new SendingSocket(Over(socket, ownsSocket: false)))];

    internal static Socket Bind(IPAddress? address, int port) => Bind(address, port, sharesPort: false);

    private static IDatagramSocket Over(Socket socket, bool ownsSocket) =>
        LinuxDatagramSocket.IsSupported ? new LinuxDatagramSocket(socket, ownsSocket: ownsSocket) : new PlainDatagramSocket(socket, ownsSocket);

    /// <summary>SO_REUSEPORT: the system gives each sender's datagrams to one of the sockets, always the same, by a hash of the addresses.</summary>
    /// <returns>Null where the system cannot.</returns>
    private static List<Socket>? BindBeside(Socket first, IPAddress? address, int count)
    {
        var sockets = new List<Socket>();
        try
        {
            // Only now, after it was bound alone: a port that another program has taken, this one started twice among them, is refused as ever.
            SharePort(first);
            for (var n = 0; n < count; n++) sockets.Add(Bind(address, ((IPEndPoint)first.LocalEndPoint!).Port, sharesPort: true));
            return sockets;
        }
        catch (SocketException)
        {
            sockets.ForEach(socket => socket.Dispose());
            return null;
        }
    }

    private static Socket Bind(IPAddress? address, int port, bool sharesPort)
    {
        address ??= Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = true;
            socket.ReceiveBufferSize = ReceiveBufferBytes;
            socket.SendBufferSize = SendBufferBytes;
            ForceBuffer(socket, LibC.ForceReceiveBuffer, ReceiveBufferBytes);
            ForceBuffer(socket, LibC.ForceSendBuffer, SendBufferBytes);
            if (sharesPort) SharePort(socket);
            socket.Bind(new IPEndPoint(address, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void SharePort(Socket socket) => socket.SetRawSocketOption(LibC.LevelSocket, LibC.ReusePort, BitConverter.GetBytes(1));

    private static void ForceBuffer(Socket socket, int option, int bytes)
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            // Past net.core.rmem_max and wmem_max, where the service has CAP_NET_ADMIN: what garbage or a burst fills first, calls have no room in.
            socket.SetRawSocketOption(LibC.LevelSocket, option, BitConverter.GetBytes(bytes));
        }
        catch (SocketException)
        {
            // Without it the system's limit holds.
        }
    }
}
