using System.Net;
using System.Net.Sockets;
using Tocsin.Media.Engine.Ice;
using Tocsin.Media.Engine.Tests.Ice;
using Tocsin.Media.Engine.Tests.Peers;

namespace Tocsin.Media.Host.Tests;

/// <summary>The engine's test browser on a socket of its own, with the real time.</summary>
internal sealed class SocketBrowser : IDisposable
{
    private readonly IPEndPoint _server;
    private readonly byte[] _buffer = new byte[4_096];
    private Socket _socket;

    public SocketBrowser(IPEndPoint server, IceCredentials credentials, int seed)
    {
        _server = server;
        _socket = Connect();
        Browser = new(credentials, new Random(seed), nominatesAtOnce: seed % 2 == 0, (_, datagram) => _socket.Send(datagram));
    }

    public TestBrowser Browser { get; }

    /// <summary>Receives, answers and checks, until that holds.</summary>
    /// <exception cref="TimeoutException">It did not within ten seconds.</exception>
    public void RunUntil(Func<bool> done)
    {
        var end = MediaClock.Now + TimeSpan.FromSeconds(10);
        while (!done())
        {
            var now = MediaClock.Now;
            if (now > end) throw new TimeoutException($"{Browser.Dtls.Progress}, {Browser.Rtp.Count} packets");
            Browser.HandleTimeout(now);
            if (!_socket.Poll(TimeSpan.FromMilliseconds(5), SelectMode.SelectRead)) continue;
            var length = _socket.Receive(_buffer);
            Browser.Receive(MediaClock.Now, IceTestClient.Path(1), _buffer[..length]);
        }
    }

    /// <summary>Goes on from another port, as after a change of networks.</summary>
    public void ChangeNetwork()
    {
        _socket.Dispose();
        _socket = Connect();
    }

    public void Dispose()
    {
        Browser.Dispose();
        _socket.Dispose();
    }

    private Socket Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(new IPEndPoint(IPAddress.Loopback, _server.Port));
        return socket;
    }
}
