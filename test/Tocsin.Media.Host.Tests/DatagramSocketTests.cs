using System.Net;
using System.Net.Sockets;
using Tocsin.Media.Engine.Tests;
using Tocsin.Media.Host.Sockets;
using Tocsin.Media.Wire;
using Tocsin.Testing;

namespace Tocsin.Media.Host.Tests;

/// <summary>What every socket does alike, with the batch calls of Linux, without UDP_SEGMENT, and with the platform's own calls.</summary>
public sealed class DatagramSocketTests
{
    private static readonly TimeSpan Patience = Eventually.Limit;

    public static TheoryData<SocketKind> Kinds => LinuxDatagramSocket.IsSupported
        ? [SocketKind.Segments, SocketKind.Batches, SocketKind.Plain]
        : [SocketKind.Plain];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_destination_gets_its_datagrams_whole_and_in_order(SocketKind kind)
    {
        var random = TestSeed.Random();
        using var sender = Open(kind, IPAddress.Loopback);
        var receivers = Enumerable.Range(0, 5).Select(_ => new Receiver()).ToArray();
        var expected = receivers.Select(_ => new List<byte[]>()).ToArray();
        var batch = new SendBatch();
        for (var round = 0; round < 20; round++)
        {
            // Runs of one size, as video makes them, and sizes of all kinds.
            var size = random.Next(1, 1_200);
            for (var n = random.Next(1, 150); n > 0; n--)
            {
                if (random.Next(4) == 0) size = random.Next(1, 1_200);
                var to = random.Next(receivers.Length);
                var datagram = new byte[size];
                random.NextBytes(datagram);
                datagram.CopyTo(batch.Reserve(size));
                batch.Add(receivers[to].Address, size);
                expected[to].Add(datagram);
            }
            sender.Send(batch);
            Assert.Equal((0, 0), (batch.Count, batch.DestinationCount));
            for (var to = 0; to < receivers.Length; to++)
            {
                Assert.Equal(expected[to], receivers[to].Receive(expected[to].Count));
                expected[to].Clear();
            }
        }
        Assert.Equal(0, sender.Dropped);
        foreach (var receiver in receivers) receiver.Dispose();
    }

    [Fact]
    public void A_batch_is_plenty_only_where_another_destination_begins()
    {
        var batch = new SendBatch();
        var (first, second) = (TransportAddress.IPv4(1, 1), TransportAddress.IPv4(1, 2));
        for (var n = 0; n < 127; n++) Add(batch, first);
        Assert.False(batch.IsPlentyBefore(second));
        Add(batch, first);
        Assert.False(batch.IsPlentyBefore(first));
        Assert.True(batch.IsPlentyBefore(second));
        batch.Clear();
        Assert.False(batch.IsPlentyBefore(second));

        static void Add(SendBatch batch, in TransportAddress to)
        {
            batch.Reserve(1)[0] = 1;
            batch.Add(to, 1);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_comes_is_received_with_where_it_comes_from(SocketKind kind)
    {
        using var socket = Open(kind, null);
        using var first = new Receiver();
        using var second = new Receiver();
        var to = new IPEndPoint(IPAddress.Loopback, socket.LocalEndPoint.Port);
        var batch = new ReceiveBatch();
        for (byte round = 0; round < 200; round++)
        {
            first.Socket.SendTo([1, round], to);
            second.Socket.SendTo([2, round, 0], to);
        }
        var received = new List<(byte[], TransportAddress)>();
        while (received.Count < 400)
        {
            socket.Wait(Patience);
            socket.Receive(batch);
            Assert.NotEqual(0, batch.Count);
            for (var i = 0; i < batch.Count; i++) received.Add((batch[i].ToArray(), batch.Source(i)));
        }
        Assert.Equal(Enumerable.Range(0, 200).Select(n => (byte)n), received.Where(one => one.Item2 == first.Address && one.Item1 is [1, _]).Select(one => one.Item1[1]));
        Assert.Equal(Enumerable.Range(0, 200).Select(n => (byte)n), received.Where(one => one.Item2 == second.Address && one.Item1 is [2, _, 0]).Select(one => one.Item1[1]));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Empty_and_oversized_datagrams_are_passed_over(SocketKind kind)
    {
        using var socket = Open(kind, null);
        using var peer = new Receiver();
        var to = new IPEndPoint(IPAddress.Loopback, socket.LocalEndPoint.Port);
        peer.Socket.SendTo([], to);
        peer.Socket.SendTo(new byte[ReceiveBatch.MaximumLength + 1], to);
        peer.Socket.SendTo([7, 7, 7], to);
        var batch = new ReceiveBatch();
        var lengths = new List<int>();
        while (!lengths.Contains(3))
        {
            socket.Wait(Patience);
            socket.Receive(batch);
            for (var i = 0; i < batch.Count; i++) lengths.Add(batch[i].Length);
        }
        Assert.DoesNotContain(lengths, length => length > 3);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Both_versions_of_ip_are_spoken_on_one_port(SocketKind kind)
    {
        if (!Socket.OSSupportsIPv6) Assert.Skip("This machine has no IPv6.");
        using var socket = Open(kind, null);
        using var peer = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        peer.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        peer.SendTo([6, 6], new IPEndPoint(IPAddress.IPv6Loopback, socket.LocalEndPoint.Port));
        var received = new ReceiveBatch();
        socket.Wait(Patience);
        socket.Receive(received);
        Assert.Equal(1, received.Count);
        Assert.Equal(TransportAddress.From((IPEndPoint)peer.LocalEndPoint!), received.Source(0));

        var batch = new SendBatch();
        batch.Reserve(1)[0] = 66;
        batch.Add(received.Source(0), 1);
        socket.Send(batch);
        peer.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        var buffer = new byte[10];
        Assert.Equal(1, peer.Receive(buffer));
        Assert.Equal(66, buffer[0]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_destination_that_the_system_refuses_is_counted_and_holds_up_no_other(SocketKind kind)
    {
        using var socket = Open(kind, IPAddress.Loopback);
        using var peer = new Receiver();
        var batch = new SendBatch();
        // Broadcast, without having asked for it.
        foreach (var to in (TransportAddress[])[TransportAddress.IPv4(0xFFFFFFFF, 9), peer.Address, TransportAddress.IPv4(0xFFFFFFFF, 9), peer.Address])
        {
            batch.Reserve(2)[0] = 5;
            batch.Add(to, 2);
        }
        socket.Send(batch);
        Assert.Equal(2, peer.Receive(2).Count);
        Assert.Equal(2, socket.Dropped);
    }

    [Fact]
    public void Datagrams_of_one_size_to_one_destination_leave_as_one_message()
    {
        if (!LinuxDatagramSocket.IsSupported) Assert.Skip("Linux only.");
        using var socket = new LinuxDatagramSocket(DatagramSockets.Bind(IPAddress.Loopback, 0));
        if (!socket.UsesSegments) Assert.Skip("This kernel has no UDP_SEGMENT.");
        using var peer = new Receiver();
        using var other = new Receiver();
        var batch = new SendBatch();
        for (var n = 0; n < 20; n++)
        {
            foreach (var to in (TransportAddress[])[peer.Address, other.Address])
            {
                batch.Reserve(1_000);
                batch.Add(to, n == 19 ? 300 : 1_000);
            }
        }
        socket.Send(batch);
        Assert.Equal((1, 2), socket.Sent);
        Assert.Equal(20, peer.Receive(20).Count);
        Assert.Equal(300, other.Receive(20)[^1].Length);
    }

    /// <summary>A device that cannot do it answers EINVAL; a segment that no device takes does the same.</summary>
    [Fact]
    public void Where_segments_are_refused_datagrams_go_one_by_one_and_in_the_end_without_asking()
    {
        if (!LinuxDatagramSocket.IsSupported) Assert.Skip("Linux only.");
        using var socket = new LinuxDatagramSocket(DatagramSockets.Bind(IPAddress.Loopback, 0));
        if (!socket.UsesSegments) Assert.Skip("This kernel has no UDP_SEGMENT.");
        using var peer = new Receiver();
        var batch = new SendBatch();
        for (var round = 0; round < 20; round++)
        {
            for (var n = 0; n < 2; n++)
            {
                // UDP without a checksum cannot be segmented: the kernel refuses it, whatever the device.
                batch.Reserve(500);
                batch.Add(peer.Address, 500);
            }
            socket.WithoutChecksums();
            socket.Send(batch);
            Assert.Equal(2, peer.Receive(2).Count);
        }
        Assert.Equal(0, socket.Dropped);
        Assert.False(socket.UsesSegments);
    }

    /// <summary>Of the platform's own calls nobody promises that.</summary>
    [Theory]
    [InlineData(SocketKind.Segments)]
    [InlineData(SocketKind.Batches)]
    public void Sending_and_receiving_by_the_batch_allocate_nothing(SocketKind kind)
    {
        if (!LinuxDatagramSocket.IsSupported) Assert.Skip("Linux only.");
        using var socket = Open(kind, IPAddress.Loopback);
        var self = TransportAddress.From(socket.LocalEndPoint);
        var outgoing = new SendBatch();
        var incoming = new ReceiveBatch();
        var sent = 0;
        var received = 0;
        var allocated = Allocation.Of(() =>
        {
            for (var n = 0; n < 4; n++)
            {
                outgoing.Reserve(100);
                outgoing.Add(self, 100);
            }
            sent += 4;
            socket.Send(outgoing);
            for (var had = received; received < had + 4;)
            {
                socket.Wait(Patience);
                socket.Receive(incoming);
                received += incoming.Count;
            }
        });
        Assert.Equal(0, allocated);
        Assert.Equal(sent, received);
    }

    [Fact]
    public void A_port_that_is_taken_is_said_at_once()
    {
        using var first = DatagramSockets.Open(IPAddress.Loopback, 0);
        Assert.Throws<SocketException>(() => DatagramSockets.Open(IPAddress.Loopback, first.LocalEndPoint.Port));
    }

    internal static IDatagramSocket Open(SocketKind kind, IPAddress? address)
    {
        var socket = DatagramSockets.Bind(address, 0);
        return kind == SocketKind.Plain ? new PlainDatagramSocket(socket) : new LinuxDatagramSocket(socket, usesSegments: kind == SocketKind.Segments);
    }

    private sealed class Receiver : IDisposable
    {
        public Receiver()
        {
            Socket.ReceiveBufferSize = 1 << 20;
            Socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
            Socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        }

        public Socket Socket { get; } = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

        public TransportAddress Address => TransportAddress.From((IPEndPoint)Socket.LocalEndPoint!);

        public List<byte[]> Receive(int count)
        {
            var buffer = new byte[4_096];
            var datagrams = new List<byte[]>();
            while (datagrams.Count < count) datagrams.Add(buffer[..Socket.Receive(buffer)]);
            return datagrams;
        }

        public void Dispose() => Socket.Dispose();
    }
}

public enum SocketKind
{
    Segments,
    Batches,
    Plain,
}
