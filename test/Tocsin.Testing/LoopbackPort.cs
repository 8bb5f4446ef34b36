using System.Net;
using System.Net.Sockets;

namespace Tocsin.Testing;

/// <summary>Ports on the loopback interface.</summary>
public static class LoopbackPort
{
    /// <summary>A port that nobody listens on now. For programs that cannot bind port 0 and say which they got; another program may take it first.</summary>
    public static int Free()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
