using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Tocsin.Media.Host.Sockets;
using Tocsin.Media.Wire;

namespace Tocsin.Bench.Sfu.Latency;

/// <summary>
/// The way without a server: each frame has a small datagram ahead of it, in the same call into the system, to a socket of the generator's own. What of a packet's delay is the generator's and the
/// system's, and not the server's, is what that datagram took.
/// </summary>
/// <remarks><code>| publisher, 4 | packets of the frame, 4 | number of the first, 8 |</code></remarks>
internal sealed class DirectPath : IDisposable
{
    public const int Length = 16;

    private readonly Socket socket = DatagramSockets.Bind(IPAddress.Loopback, 0);
    private readonly StampedReceiver receiver;
    private readonly ReceiveBatch received = new();
    private readonly DelayMeter delays;

    public DirectPath(DelayMeter delays)
    {
        this.delays = delays;
        receiver = new StampedReceiver(socket);
        Address = TransportAddress.From((IPEndPoint)socket.LocalEndPoint!);
    }

    public TransportAddress Address { get; }

    /// <returns>Bytes written: <see cref="Length"/>.</returns>
    public static int Write(Span<byte> datagram, int publisher, long firstNumber, int packets)
    {
        BinaryPrimitives.WriteInt32BigEndian(datagram, publisher);
        BinaryPrimitives.WriteInt32BigEndian(datagram[4..], packets);
        BinaryPrimitives.WriteInt64BigEndian(datagram[8..], firstNumber);
        return Length;
    }

    /// <summary>Notes what has come.</summary>
    public void Run()
    {
        do
        {
            receiver.Receive(received);
            for (var index = 0; index < received.Count; index++)
            {
                ReadOnlySpan<byte> datagram = received[index];
                var publisher = BinaryPrimitives.ReadInt32BigEndian(datagram);
                var packets = BinaryPrimitives.ReadInt32BigEndian(datagram[4..]);
                delays.NoteDirect(publisher, BinaryPrimitives.ReadInt64BigEndian(datagram[8..]), packets, receiver.ArrivedAt(index));
            }
        }
        while (received.Count == ReceiveBatch.Capacity);
    }

    public void Dispose()
    {
        receiver.Dispose();
        socket.Dispose();
    }
}
