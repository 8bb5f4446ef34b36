using System.Net;
using System.Net.Sockets;
using Tocsin.Media.Engine.Ice;
using Tocsin.Media.Engine.Tests.Ice;
using Tocsin.Media.Engine.Tests.Peers;
using Tocsin.Media.Host.Sockets;
using Tocsin.Testing;

namespace Tocsin.Media.Host.Tests;

/// <summary>The engine's test browser on a socket of its own, with the real time.</summary>
internal sealed class SocketBrowser : IDisposable
{
    private readonly IPEndPoint _server;
    private readonly byte[] _buffer = new byte[4_096];
    private readonly bool _overTcp;
    private readonly StreamFrames _frames = new();
    private Socket _socket;

    public SocketBrowser(IPEndPoint server, IceCredentials credentials, int seed, bool overTcp = false)
    {
        _server = server;
        _overTcp = overTcp;
        _socket = Connect();
        Browser = new(credentials, new Random(seed), nominatesAtOnce: seed % 2 == 0, (_, datagram) => Send(datagram));
    }

    public TestBrowser Browser { get; }

    /// <summary>Receives, answers and checks, until that holds.</summary>
    /// <exception cref="TimeoutException">It did not within the limit of all tests.</exception>
    public void RunUntil(Func<bool> done)
    {
        var end = MediaClock.Now + Eventually.Limit;
        while (!done())
        {
            var now = MediaClock.Now;
            if (now > end) throw new TimeoutException($"{Browser.Dtls.Progress}, {Browser.Rtp.Count} packets");
            Browser.HandleTimeout(now);
            if (!_socket.Poll(TimeSpan.FromMilliseconds(5), SelectMode.SelectRead)) continue;
            if (_overTcp) ReceiveFrames();
            else ReceiveDatagram();
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

    private void Send(byte[] datagram)
    {
        if (_overTcp) _socket.Send([(byte)(datagram.Length >> 8), (byte)datagram.Length, .. datagram], SocketFlags.None);
        else _socket.Send(datagram, SocketFlags.None, out _);
    }

    private void ReceiveDatagram()
    {
        // A server that has stopped, or not begun, refuses what came too late for it: browsers take no note, and what it has sent before still waits.
        var length = _socket.Receive(_buffer, SocketFlags.None, out var error);
        if (error == SocketError.Success) Browser.Receive(MediaClock.Now, IceTestClient.Path(1), _buffer[..length]);
    }

    private void ReceiveFrames()
    {
        _frames.Advance(_socket.Receive(_frames.Free));
        while (_frames.TryTake(out var frame, out _)) Browser.Receive(MediaClock.Now, IceTestClient.Path(1), frame.ToArray());
    }

    private Socket Connect()
    {
        var socket = _overTcp
            ? new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(new IPEndPoint(IPAddress.Loopback, _server.Port));
        return socket;
    }
}
