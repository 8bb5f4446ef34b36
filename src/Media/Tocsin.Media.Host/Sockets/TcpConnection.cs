using System.Buffers.Binary;
using System.Net.Sockets;
using Tocsin.Media.Engine;

namespace Tocsin.Media.Host.Sockets;

/// <summary>One TCP connection that a client has made, as a path for datagrams. Media thread only, but for the wait for readiness.</summary>
internal sealed class TcpConnection : IDisposable
{
    /// <summary>A second of good video. A client that takes no more is too slow for what it gets: what comes then is dropped, whole frames at a time.</summary>
    public const int MaximumPending = 256 << 10;

    private readonly Socket _socket;

    // Allocated at the first datagram: nothing is sent to a stranger, so strangers do not cost it.
    private byte[] _pending = [];
    private int _pendingLength;

    /// <param name="socket">Connected; owned from here on.</param>
    public TcpConnection(Socket socket, in NetworkPath path, Instant now)
    {
        _socket = socket;
        _socket.Blocking = false;
        _socket.NoDelay = true;
        Path = path;
        OpenedAt = now;
    }

    public NetworkPath Path { get; }

    public Instant OpenedAt { get; }

    public StreamFrames Frames { get; } = new();

    /// <summary>Whether a peer has shown its password on it.</summary>
    public bool IsClaimed { get; set; }

    public bool IsClosed { get; private set; }

    public bool HasPending => _pendingLength > 0 && !IsClosed;

    /// <summary>Completes when there is something to read, or the connection has ended; on any thread.</summary>
    public async ValueTask WaitUntilReadableAsync() => await _socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None).ConfigureAwait(false);

    /// <summary>Reads once, without waiting.</summary>
    /// <returns>False where there is nothing now; <see cref="IsClosed"/> says whether there never will be.</returns>
    public bool TryRead()
    {
        if (IsClosed) return false;
        var count = _socket.Receive(Frames.Free, SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock) return false;
        if (error != SocketError.Success || count == 0)
        {
            Close();
            return false;
        }
        Frames.Advance(count);
        return true;
    }

    /// <summary>Sends one datagram as a frame, or keeps it for <see cref="Flush"/>. False where there is no room for it.</summary>
    public bool TrySend(ReadOnlySpan<byte> datagram)
    {
        var length = StreamFrames.HeaderLength + datagram.Length;
        if (IsClosed || _pendingLength + length > MaximumPending) return false;
        if (_pending.Length == 0) _pending = new byte[MaximumPending];
        BinaryPrimitives.WriteUInt16BigEndian(_pending.AsSpan(_pendingLength), (ushort)datagram.Length);
        datagram.CopyTo(_pending.AsSpan(_pendingLength + StreamFrames.HeaderLength));
        _pendingLength += length;
        return true;
    }

    /// <summary>Hands the system as much of what is pending as it takes.</summary>
    public void Flush()
    {
        var sent = 0;
        while (!IsClosed && sent < _pendingLength)
        {
            var count = _socket.Send(_pending.AsSpan(sent, _pendingLength - sent), SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock) break;
            if (error == SocketError.Success) sent += count;
            else Close();
        }
        _pending.AsSpan(sent, _pendingLength - sent).CopyTo(_pending);
        _pendingLength -= sent;
    }

    public void Close()
    {
        if (IsClosed) return;
        IsClosed = true;
        _socket.Dispose();
    }

    public void Dispose() => Close();
}
