using System.Net;
using Tocsin.Media.Engine;
using Tocsin.Media.Host;
using Tocsin.Media.Host.Sockets;

namespace Tocsin.Bench.Sfu.Load;

/// <summary>What remains where a server does nothing but encrypt each packet and send it, by the largest batches there are: the same process, core and destinations.</summary>
internal static class LimitRun
{
    public static async Task<Step> MeasureAsync(TocsinSfu sfu, Scenario scenario, double packetsPerSecond, TimeSpan time)
    {
        var sinks = new List<IDatagramSocket>();
        try
        {
            for (var number = 0; number < scenario.FanOut; number++)
                sinks.Add(DatagramSockets.Open(IPAddress.Loopback, 0));
            var ports = sinks.ConvertAll(sink => sink.LocalEndPoint.Port);
            await sfu.RunLimitAsync(ports, scenario.PayloadLength, packetsPerSecond, TimeSpan.FromSeconds(0.5));
            Read(sinks, Task.CompletedTask);

            var processor = ProcessorTime.SecondsOf(sfu.ProcessId);
            var begin = MediaClock.Now;
            var sending = sfu.RunLimitAsync(ports, scenario.PayloadLength, packetsPerSecond, time);
            var received = Read(sinks, sending);
            var sent = await sending;
            return new Step(packetsPerSecond, sent, received, 0, (MediaClock.Now - begin).TotalSeconds, ProcessorTime.SecondsOf(sfu.ProcessId) - processor);
        }
        finally
        {
            sinks.ForEach(sink => sink.Dispose());
        }
    }

    /// <summary>Someone must take them: the kernel drops for full queues more cheaply than it delivers.</summary>
    private static long Read(List<IDatagramSocket> sinks, Task sending)
    {
        var batch = new ReceiveBatch();
        var received = 0L;
        for (var more = true; more || !sending.IsCompleted;)
        {
            more = false;
            foreach (var sink in sinks)
            {
                sink.Receive(batch);
                received += batch.Count;
                more |= batch.Count > 0;
            }

            if (!more)
                sinks[0].Wait(TimeSpan.FromMicroseconds(100));
        }

        return received;
    }
}
