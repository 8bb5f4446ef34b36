using System.Buffers.Binary;
using Tocsin.Media.Engine;
using Tocsin.Media.Host.Sockets;
using Tocsin.Media.Wire;
using Tocsin.Testing;

namespace Tocsin.Media.Host.Tests;

/// <summary>The queue between media threads: nothing twice, nothing torn, each thread's in its order, and what finds no room is counted.</summary>
public sealed class DatagramHandoverTests
{
    private static readonly NetworkPath From = new(TransportAddress.IPv4(0x7F000001, 9), PathProtocol.Udp, 0);

    [Fact]
    public void What_finds_no_room_is_lost_and_counted_and_room_comes_back()
    {
        var handover = new DatagramHandover();
        Assert.False(handover.TryTake(out _, out _));
        for (var round = 0; round < 3; round++)
        {
            for (var n = 0; n < DatagramHandover.Capacity; n++) Assert.True(handover.TryAdd(Numbered(n, n % 100 + 4), From));
            Assert.False(handover.TryAdd([1], From));
            Assert.Equal(round + 1, handover.Dropped);
            for (var n = 0; n < DatagramHandover.Capacity; n++)
            {
                Assert.True(handover.TryTake(out var datagram, out var from));
                Assert.Equal(Numbered(n, n % 100 + 4), datagram.ToArray());
                Assert.Equal(From, from);
                handover.Release();
            }
            Assert.True(handover.IsEmpty);
        }
    }

    [Fact]
    public void Several_threads_add_while_one_takes()
    {
        const int Adders = 3;
        const int Each = 50_000;
        var handover = new DatagramHandover();
        var added = new long[Adders];
        Thread[] adders = [.. Enumerable.Range(0, Adders).Select(who => new Thread(() => added[who] = Add(handover, (ushort)who, Each)))];
        foreach (var adder in adders) adder.Start();
        int[] last = [-1, -1, -1];
        var taken = 0L;
        while (adders.Any(adder => adder.IsAlive) || !handover.IsEmpty)
        {
            if (!handover.TryTake(out var datagram, out var from)) continue;
            var (who, number) = (from.Remote.Port, BinaryPrimitives.ReadInt32BigEndian(datagram));
            Assert.True(number > last[who]);
            last[who] = number;
            Assert.Equal(Numbered(number, (number % 1_000) + 4), datagram.ToArray());
            handover.Release();
            taken++;
        }
        Assert.Equal(added.Sum(), taken);
        Assert.Equal(Adders * Each - taken, handover.Dropped);
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        var handover = new DatagramHandover();
        var datagram = Numbered(1, 1_200);
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var n = 0; n < 100; n++) handover.TryAdd(datagram, From);
            while (handover.TryTake(out _, out _)) handover.Release();
        }));
    }

    private static byte[] Numbered(int number, int length)
    {
        var datagram = new byte[length];
        datagram.AsSpan().Fill((byte)number);
        BinaryPrimitives.WriteInt32BigEndian(datagram, number);
        return datagram;
    }

    private static long Add(DatagramHandover handover, ushort who, int count)
    {
        var added = 0L;
        var from = new NetworkPath(TransportAddress.IPv4(0x7F000001, who), PathProtocol.Udp, 0);
        for (var n = 0; n < count; n++)
        {
            if (handover.TryAdd(Numbered(n, (n % 1_000) + 4), from)) added++;
        }
        return added;
    }
}
