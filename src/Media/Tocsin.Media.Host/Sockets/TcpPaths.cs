using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Tocsin.Media.Engine;
using Tocsin.Media.Wire;

namespace Tocsin.Media.Host.Sockets;

/// <summary>Who gets the datagrams of TCP paths. Called on the media thread.</summary>
internal interface ITcpReceiver
{
    void OnDatagram(Instant now, Span<byte> datagram, in NetworkPath from);

    /// <summary>Whether the path belongs to a peer that has shown its password on it within 30 seconds.</summary>
    bool IsClaimed(in NetworkPath path);

    void OnPathClosed(Instant now, in NetworkPath path);

    /// <summary>The paths of another media thread, where the datagram is an authentic check for a peer of its; otherwise null.</summary>
    TcpPaths? FindOther(ReadOnlySpan<byte> datagram);
}

/// <summary>The TCP side of a media thread: accepts connections, and reads, writes and ends them without ever waiting for one.</summary>
/// <remarks>
/// RFC 6544, passive side only. For clients behind firewalls that let nothing else out: few, so readiness is waited for on the thread pool, and everything else is
/// done on the media thread. A connection on which no password was shown within ten seconds is closed; there are at most 256 such, and 4,096 in all. One thread
/// accepts for all; a connection goes to the thread of the peer that its first check is for, with what was received of it.
/// </remarks>
internal sealed class TcpPaths : IDisposable
{
    public const int MaximumUnclaimed = 256;

    private const int MaximumConnections = 4_096;
    private const int ReadsPerTurn = 16;
    private static readonly TimeSpan Unclaimed = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    // Of the process: a connection keeps its number on whichever thread it is.
    private static long _lastChannel;

    private readonly Socket? _listener;
    private readonly Action _wake;
    private readonly ConcurrentQueue<Socket> _accepted = new();
    private readonly ConcurrentQueue<TcpConnection> _adopted = new();
    private readonly ConcurrentQueue<TcpConnection> _readable = new();
    private readonly Dictionary<int, TcpConnection> _connections = [];
    private readonly List<TcpConnection> _scratch = [];
    private Instant _nextSweep;
    private volatile bool _isDisposed;

    /// <param name="listener">Bound; owned from here on. Null: connections come only from other threads.</param>
    /// <param name="wake">Makes the media thread call <see cref="Run"/>; any thread calls it.</param>
    public TcpPaths(Socket? listener, Action wake)
    {
        _listener = listener;
        _wake = wake;
        if (listener is null) return;
        LocalEndPoint = (IPEndPoint)listener.LocalEndPoint!;
        listener.Listen(MaximumUnclaimed);
        _ = AcceptAsync(listener);
    }

    public IPEndPoint? LocalEndPoint { get; }

    public int Count => _connections.Count;

    /// <summary>Datagrams for connections that took no more, or have ended.</summary>
    public long Dropped { get; private set; }

    /// <summary>How long the media thread may sleep: short where something waits to be written.</summary>
    public TimeSpan LongestWait { get; private set; } = SweepInterval;

    /// <param name="address">Null: all, of both versions of IP where the system has them.</param>
    /// <param name="port">0: any that is free.</param>
    /// <returns>Not yet listening; owned by the caller.</returns>
    /// <exception cref="SocketException">The port is taken, or the address is none of this machine's.</exception>
    public static Socket Bind(IPAddress? address, int port)
    {
        address ??= Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = true;
            socket.Bind(new IPEndPoint(address, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Takes one datagram for a connection; it leaves with <see cref="Flush"/>.</summary>
    public void Send(int channel, ReadOnlySpan<byte> datagram)
    {
        if (!_connections.TryGetValue(channel, out var connection) || !connection.TrySend(datagram)) Dropped++;
    }

    /// <summary>Does all that can be done now.</summary>
    public void Run(Instant now, ITcpReceiver receiver)
    {
        while (_accepted.TryDequeue(out var socket)) Add(now, socket);
        while (_adopted.TryDequeue(out var connection)) Adopt(now, connection, receiver);
        for (var waiting = _readable.Count; waiting > 0 && _readable.TryDequeue(out var connection); waiting--) Read(now, connection, receiver);
        if (now >= _nextSweep) Sweep(now, receiver);
    }

    /// <summary>Hands the system what was sent.</summary>
    public void Flush()
    {
        LongestWait = SweepInterval;
        foreach (var connection in _connections.Values)
        {
            if (!connection.HasPending) continue;
            connection.Flush();
            // The system's buffer is full: look again when it may have drained a little.
            if (connection.HasPending) LongestWait = TimeSpan.FromMilliseconds(2);
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        _listener?.Dispose();
        foreach (var connection in _connections.Values) connection.Dispose();
        while (_accepted.TryDequeue(out var socket)) socket.Dispose();
        while (_adopted.TryDequeue(out var connection)) connection.Dispose();
    }

    /// <summary>Takes a connection over from another media thread; any thread calls it.</summary>
    public void Adopt(TcpConnection connection)
    {
        _adopted.Enqueue(connection);
        _wake();
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!_isDisposed)
        {
            try
            {
                var socket = await listener.AcceptAsync().ConfigureAwait(false);
                if (_accepted.Count >= MaximumUnclaimed) socket.Dispose();
                else _accepted.Enqueue(socket);
                _wake();
            }
            catch (SocketException)
            {
                // The client has gone again, or the system is out of descriptors: neither lasts, and asking again at once would only burn the processor.
                await Task.Delay(AcceptPause).ConfigureAwait(false);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Add(Instant now, Socket socket)
    {
        if (_connections.Count >= MaximumConnections || _connections.Values.Count(one => !one.IsClaimed) >= MaximumUnclaimed || socket.RemoteEndPoint is not IPEndPoint remote)
        {
            socket.Dispose();
            return;
        }
        // 0 is UDP.
        var channel = (int)(Interlocked.Increment(ref _lastChannel) % int.MaxValue) + 1;
        var path = new NetworkPath(TransportAddress.From(remote), PathProtocol.Tcp, channel);
        var connection = new TcpConnection(socket, path, now);
        _connections.Add(channel, connection);
        _ = AwaitReadableAsync(connection);
    }

    private void Adopt(Instant now, TcpConnection connection, ITcpReceiver receiver)
    {
        if (_connections.Count >= MaximumConnections)
        {
            connection.Dispose();
            return;
        }
        _connections.Add(connection.Path.Channel, connection);
        Read(now, connection, receiver);
    }

    private async Task AwaitReadableAsync(TcpConnection connection)
    {
        try
        {
            await connection.WaitUntilReadableAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Reading will find that it has ended.
        }
        _readable.Enqueue(connection);
        _wake();
    }

    private void Read(Instant now, TcpConnection connection, ITcpReceiver receiver)
    {
        // Bounded, so that one fast sender leaves the others their turn.
        var reads = 0;
        do
        {
            if (!TryTakeFrames(now, connection, receiver)) return;
        }
        while (reads++ < ReadsPerTurn && connection.TryRead());
        connection.IsClaimed = connection.IsClaimed || receiver.IsClaimed(connection.Path);
        if (connection.IsClosed) Remove(now, connection, receiver);
        else _ = AwaitReadableAsync(connection);
    }

    /// <summary>Delivers what was read.</summary>
    /// <returns>False where the connection has gone to another thread with it.</returns>
    private bool TryTakeFrames(Instant now, TcpConnection connection, ITcpReceiver receiver)
    {
        bool isBroken;
        while (connection.Frames.TryTake(out var frame, out isBroken))
        {
            if (!connection.IsClaimed && receiver.FindOther(frame) is { } other)
            {
                connection.Frames.PutBack(frame);
                _connections.Remove(connection.Path.Channel);
                other.Adopt(connection);
                return false;
            }
            receiver.OnDatagram(now, frame, connection.Path);
        }
        if (isBroken) connection.Close();
        return true;
    }

    private void Sweep(Instant now, ITcpReceiver receiver)
    {
        _nextSweep = now + SweepInterval;
        _scratch.Clear();
        foreach (var connection in _connections.Values)
        {
            var isOver = connection.IsClosed || (now - connection.OpenedAt > Unclaimed && !receiver.IsClaimed(connection.Path));
            if (isOver) _scratch.Add(connection);
        }
        foreach (var connection in _scratch) Remove(now, connection, receiver);
    }

    private void Remove(Instant now, TcpConnection connection, ITcpReceiver receiver)
    {
        connection.Close();
        if (_connections.Remove(connection.Path.Channel)) receiver.OnPathClosed(now, connection.Path);
    }
}
