using System.Net;
using System.Net.Sockets;

namespace Tocsin.Media.Host.Sockets;

/// <summary>The platform's own calls, one datagram each: for systems without the batch calls of Linux, and to compare those with.</summary>
internal sealed class PlainDatagramSocket : IDatagramSocket
{
    // To wake the thread, it is sent a datagram; one byte is too short for any protocol here.
    private static readonly byte[] WakeUp = "w"u8.ToArray();

    private readonly Socket _socket;
    private readonly bool _ownsSocket;
    private readonly Socket _waker;
    private readonly EndPoint _self;
    private readonly SocketAddress _source;
    private readonly SocketAddress _destination;
    private readonly bool _isIPv6;

    /// <param name="socket">Bound.</param>
    /// <param name="ownsSocket">Whether to dispose of <paramref name="socket"/>.</param>
    public PlainDatagramSocket(Socket socket, bool ownsSocket = true)
    {
        (_socket, _ownsSocket) = (socket, ownsSocket);
        _self = Reachable(LocalEndPoint);
        _waker = new(_self.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        _socket.Blocking = false;
        _isIPv6 = socket.AddressFamily == AddressFamily.InterNetworkV6;
        _source = new(socket.AddressFamily);
        _destination = new(socket.AddressFamily);
    }

    public IPEndPoint LocalEndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    public long Dropped { get; private set; }

    public void Wait(TimeSpan timeout) => _socket.Poll(timeout, SelectMode.SelectRead);

    public void Wake()
    {
        try
        {
            _waker.SendTo(WakeUp, SocketFlags.None, _self);
        }
        catch (SocketException)
        {
            // The thread looks by itself after a while.
        }
    }

    public void Receive(ReceiveBatch batch)
    {
        batch.Clear();
        // Not Socket.Available, which is 0 for an empty datagram: one of those would end all reception.
        for (var slot = 0; slot < ReceiveBatch.Capacity && _socket.Poll(0, SelectMode.SelectRead); slot++)
        {
            try
            {
                var length = _socket.ReceiveFrom(batch.Slot(slot), SocketFlags.None, _source);
                // One that fills the slot may have been cut to it: Unix does not say.
                if (length < ReceiveBatch.MaximumLength && length != WakeUp.Length) batch.Add(slot, length, SocketAddresses.Read(_source.Buffer.Span, _isIPv6));
            }
            catch (SocketException)
            {
                // A datagram too long, or the news of an ICMP message that Windows delivers here: neither is anything to us.
            }
        }
    }

    public void Send(SendBatch batch)
    {
        for (var destination = 0; destination < batch.DestinationCount; destination++)
        {
            // The family's number differs between systems, and .NET has written it here.
            var family = BitConverter.ToUInt16(_destination.Buffer.Span);
            _destination.Size = SocketAddresses.Write(_destination.Buffer.Span, family, _isIPv6, batch.Address(destination));
            foreach (var (offset, length) in batch.Datagrams(destination)) SendOne(batch.Memory.AsSpan(offset, length));
        }
        batch.Clear();
    }

    public void Dispose()
    {
        if (_ownsSocket) _socket.Dispose();
        _waker.Dispose();
    }

    /// <summary>Where a socket that is bound to all addresses is reached on this machine.</summary>
    private static IPEndPoint Reachable(IPEndPoint bound)
    {
        if (bound.Address.Equals(IPAddress.Any)) return new(IPAddress.Loopback, bound.Port);
        return bound.Address.Equals(IPAddress.IPv6Any) ? new(IPAddress.IPv6Loopback, bound.Port) : bound;
    }

    private void SendOne(ReadOnlySpan<byte> datagram)
    {
        try
        {
            _socket.SendTo(datagram, SocketFlags.None, _destination);
        }
        catch (SocketException)
        {
            Dropped++;
        }
    }
}
