using System.Net;
using Tocsin.Media.Engine;
using Tocsin.Media.Host;
using Tocsin.Media.Host.Sockets;
using Tocsin.Media.Wire;

namespace Tocsin.Bench.Sfu.Hostile;

/// <summary>Sends forged datagrams to a port from many others, at a steady rate, on a thread of its own.</summary>
internal sealed class Flood : IDisposable
{
    /// <summary>Of addresses, as far as they can differ on one machine.</summary>
    private const int Sources = 16;

    private const int BurstLength = 128;

    /// <summary>What was not sent for so long is not made up for.</summary>
    private static readonly TimeSpan LargestDebt = TimeSpan.FromMilliseconds(20);

    private readonly LinuxDatagramSocket[] sockets = [.. Enumerable.Range(0, Sources).Select(_ => new LinuxDatagramSocket(DatagramSockets.Bind(IPAddress.Loopback, 0)))];
    private readonly SendBatch batch = new();
    private readonly IReadOnlyList<byte[]> datagrams;
    private readonly TransportAddress target;
    private readonly double rate;
    private readonly Thread thread;
    private readonly Instant begun = MediaClock.Now;
    private volatile bool isOver;
    private long sent;

    /// <param name="packetsPerSecond">Sent where the machine has time for it.</param>
    public Flood(IReadOnlyList<byte[]> datagrams, IPEndPoint target, double packetsPerSecond)
    {
        this.datagrams = datagrams;
        this.target = TransportAddress.From(target);
        rate = packetsPerSecond;
        thread = new(Run) { Name = "flood", IsBackground = true };
        thread.Start();
    }

    /// <summary>Ends it.</summary>
    /// <returns>Datagrams that the system took, and how long it went on.</returns>
    public (long Sent, double Seconds) Stop()
    {
        isOver = true;
        thread.Join();
        return (sent - sockets.Sum(socket => socket.Dropped), (MediaClock.Now - begun).TotalSeconds);
    }

    public void Dispose()
    {
        if (!isOver)
            Stop();
        foreach (var socket in sockets)
            socket.Dispose();
    }

    private void Run()
    {
        var interval = TimeSpan.FromSeconds(BurstLength / rate);
        var next = MediaClock.Now;
        for (var turn = 0; !isOver; turn++)
        {
            var now = MediaClock.Now;
            if (now < next)
            {
                // Nobody sends to these sockets: this only passes time.
                sockets[0].Wait(next - now);
                continue;
            }

            next = now - next > LargestDebt ? now : next + interval;
            for (var n = 0; n < BurstLength; n++)
            {
                var datagram = datagrams[(int)(sent++ % datagrams.Count)];
                datagram.CopyTo(batch.Reserve(datagram.Length));
                batch.Add(target, datagram.Length);
            }

            sockets[turn % Sources].Send(batch);
        }
    }
}
