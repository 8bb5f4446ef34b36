using System.Diagnostics;

namespace Tocsin.Testing.Networks;

/// <summary>A cable between two namespaces that delays, loses and narrows: what a thread reads at one end, it writes at the other when it is due.</summary>
/// <remarks>The kernel's own emulator (tc-netem(8)) is not in every kernel, and draws its losses from no seed.</remarks>
internal sealed class ImpairedLine : IDisposable
{
    private static readonly TimeSpan longestWait = TimeSpan.FromMilliseconds(20);

    private readonly TunDevice server;
    private readonly TunDevice site;
    private readonly Thread thread;
    private readonly Queue<(TimeSpan Due, byte[] Packet)> downWaiting = new();
    private readonly Queue<(TimeSpan Due, byte[] Packet)> upWaiting = new();
    private volatile bool isOver;

    public ImpairedLine(TunDevice server, TunDevice site, Random random)
    {
        (this.server, this.site) = (server, site);
        Down = new LineDirection(new Random(random.Next()));
        Up = new LineDirection(new Random(random.Next()));
        thread = new Thread(Run) { IsBackground = true, Name = "impaired line", Priority = ThreadPriority.AboveNormal };
        thread.Start();
    }

    /// <summary>To the site.</summary>
    public LineDirection Down { get; }

    /// <summary>From the site.</summary>
    public LineDirection Up { get; }

    public void Dispose()
    {
        isOver = true;
        thread.Join();
        server.Dispose();
        site.Dispose();
    }

    private void Run()
    {
        var started = Stopwatch.GetTimestamp();
        var buffer = new byte[TunDevice.LongestPacket];
        while (!isOver)
        {
            var now = Stopwatch.GetElapsedTime(started);
            Take(server, Down, downWaiting, buffer, now);
            Take(site, Up, upWaiting, buffer, now);
            var next = Min(Give(site, downWaiting, now), Give(server, upWaiting, now));
            var wait = Min(longestWait, next - Stopwatch.GetElapsedTime(started));
            TunDevice.WaitForEither(server, site, wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
        }
    }

    private static void Take(TunDevice from, LineDirection direction, Queue<(TimeSpan, byte[])> waiting, byte[] buffer, TimeSpan now)
    {
        for (int length; (length = from.Read(buffer)) > 0;)
        {
            if (direction.Due(now, buffer.AsSpan(0, length)) is { } due) waiting.Enqueue((due, buffer[..length]));
        }
    }

    /// <returns>When the next is due.</returns>
    private static TimeSpan Give(TunDevice to, Queue<(TimeSpan Due, byte[] Packet)> waiting, TimeSpan now)
    {
        while (waiting.TryPeek(out var first))
        {
            if (first.Due > now) return first.Due;
            to.Write(first.Packet);
            waiting.Dequeue();
        }

        return TimeSpan.MaxValue;
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
