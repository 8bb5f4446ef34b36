using System.Net;
using System.Net.Sockets;
using Tocsin.Media.Engine;
using Tocsin.Media.Host.Sockets;
using Tocsin.Testing;

namespace Tocsin.Media.Host.Tests;

/// <summary>Connections of clients that do not behave, with a time that the tests set.</summary>
public sealed class TcpPathsTests : ITcpReceiver, IDisposable
{
    private readonly TcpPaths _paths;
    private readonly List<(byte[] Datagram, NetworkPath From)> _received = [];
    private readonly List<NetworkPath> _closed = [];
    private readonly HashSet<NetworkPath> _claimed = [];
    private Instant _now = new(1_000_000_000);

    public TcpPathsTests()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _paths = new(listener, () => { });
    }

    [Fact]
    public async Task Datagrams_go_both_ways_on_the_same_connection()
    {
        using var client = await ConnectAsync();
        await client.SendAsync((byte[])[0, 2, 7, 8, 0, 0, 0, 1, 9]);
        await RunUntilAsync(() => _received.Count == 3);
        Assert.Equal([[7, 8], [], [9]], _received.Select(one => one.Datagram));
        var path = _received[0].From;
        Assert.Equal(PathProtocol.Tcp, path.Protocol);
        Assert.Equal(((IPEndPoint)client.LocalEndPoint!).Port, path.Remote.Port);

        _paths.Send(path.Channel, [1, 2, 3]);
        _paths.Flush();
        Assert.Equal([0, 3, 1, 2, 3], await ReadAsync(client, 5));
    }

    [Fact]
    public async Task A_connection_that_shows_no_password_within_ten_seconds_is_closed()
    {
        using var idle = await ConnectAsync();
        using var good = await ConnectAsync();
        await good.SendAsync((byte[])[0, 1, 1]);
        await RunUntilAsync(() => _received.Count == 1 && _paths.Count == 2);
        _claimed.Add(_received[0].From);
        _now += TimeSpan.FromSeconds(11);
        _paths.Run(_now, this);
        Assert.Equal(1, _paths.Count);
        Assert.Single(_closed);
        Assert.True(await HasEndedAsync(idle));

        // Consent that has ended ends the connection too.
        _claimed.Clear();
        _now += TimeSpan.FromSeconds(2);
        _paths.Run(_now, this);
        Assert.True(await HasEndedAsync(good));
        Assert.Equal(0, _paths.Count);
    }

    [Fact]
    public async Task A_client_that_announces_too_long_a_frame_or_ends_is_gone_at_once()
    {
        using var wrong = await ConnectAsync();
        using var ending = await ConnectAsync();
        await RunUntilAsync(() => _paths.Count == 2);
        await wrong.SendAsync((byte[])[0xFF, 0xFF, 1]);
        ending.Shutdown(SocketShutdown.Both);
        await RunUntilAsync(() => _paths.Count == 0);
        Assert.Equal(2, _closed.Count);
        Assert.Empty(_received);
    }

    [Fact]
    public async Task What_a_client_does_not_read_is_bounded_and_what_it_gets_is_whole()
    {
        using var client = await ConnectAsync();
        await client.SendAsync((byte[])[0, 1, 1]);
        await RunUntilAsync(() => _received.Count == 1);
        var channel = _received[0].From.Channel;
        var datagram = new byte[1_000];
        var sent = 0;
        // More than both systems' buffers and ours hold together.
        while (_paths.Dropped < 100)
        {
            datagram.AsSpan().Fill((byte)sent++);
            _paths.Send(channel, datagram);
            if (sent % 10 == 0) _paths.Flush();
            Assert.True(sent < 100_000);
        }
        Assert.True(_paths.LongestWait < TimeSpan.FromMilliseconds(10));

        var whole = 0;
        while (whole < sent - _paths.Dropped)
        {
            _paths.Flush();
            var frame = await ReadAsync(client, 1_002);
            Assert.Equal((3, 232), (frame[0], frame[1]));
            Assert.All(frame[3..], b => Assert.Equal(frame[2], b));
            whole++;
        }
        Assert.Equal(0, client.Available);
    }

    [Fact]
    public async Task Connections_without_a_password_are_bounded()
    {
        var clients = new List<Socket>();
        for (var n = 0; n < TcpPaths.MaximumUnclaimed + 5; n++)
        {
            clients.Add(await ConnectAsync());
            _paths.Run(_now, this);
        }
        await RunUntilAsync(() => _paths.Count == TcpPaths.MaximumUnclaimed && clients[^1].Poll(0, SelectMode.SelectRead));
        Assert.True(await HasEndedAsync(clients[^1]));
        foreach (var client in clients) client.Dispose();
    }

    public void Dispose() => _paths.Dispose();

    void ITcpReceiver.OnDatagram(Instant now, Span<byte> datagram, in NetworkPath from) => _received.Add((datagram.ToArray(), from));

    bool ITcpReceiver.IsClaimed(in NetworkPath path) => _claimed.Contains(path);

    TcpPaths? ITcpReceiver.FindOther(ReadOnlySpan<byte> datagram) => null;

    void ITcpReceiver.OnPathClosed(Instant now, in NetworkPath path) => _closed.Add(path);

    private static async Task<byte[]> ReadAsync(Socket socket, int length)
    {
        var bytes = new byte[length];
        for (var read = 0; read < length;) read += await socket.ReceiveAsync(bytes.AsMemory(read)).AsTask().WaitAsync(Eventually.Limit);
        return bytes;
    }

    /// <summary>Whether the other side has closed, which the system says in either of two ways.</summary>
    private static async Task<bool> HasEndedAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1]).WaitAsync(Eventually.Limit) == 0;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode == SocketError.ConnectionReset;
        }
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(_paths.LocalEndPoint!);
        return socket;
    }

    private Task RunUntilAsync(Func<bool> done) => Eventually.HoldsAsync(() =>
    {
        _paths.Run(_now, this);
        return done();
    });
}
