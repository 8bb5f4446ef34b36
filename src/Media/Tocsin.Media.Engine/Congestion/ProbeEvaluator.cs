using System.Runtime.InteropServices;

namespace Tocsin.Media.Engine.Congestion;

/// <summary>Measures from the packets of a probe what rate they arrived at.</summary>
/// <remarks>One thread. Allocates only when it is made.</remarks>
internal sealed class ProbeEvaluator
{
    /// <summary>Clusters whose feedback may still come.</summary>
    private const int Remembered = 8;

    /// <summary>Fewer arrivals measure the spacing of two, not the path.</summary>
    private const int FewestPackets = 5;

    /// <summary>What must have arrived of a probe for its rate to count.</summary>
    private const double SmallestShare = 0.8;

    /// <summary>Where it arrives at less than this of the rate it was sent at, the path is full: then less is used than was measured.</summary>
    private const double FullPath = 0.9;

    private const double UsedOfFullPath = 0.95;

    /// <summary>A burst that arrived in one moment measures a network card, not a path.</summary>
    private const double LargestGain = 2.0;

    private readonly Cluster[] _clusters = new Cluster[Remembered];

    /// <summary>A probe begins.</summary>
    public void Begin(in ProbeCluster cluster) => _clusters[cluster.Id % Remembered] = new Cluster { Id = cluster.Id, Rate = cluster.Rate, LeastBytes = cluster.Size.Bytes * SmallestShare };

    /// <summary>A packet of a probe arrived. True where the probe can be judged.</summary>
    public bool TryAdd(in PacketResult packet, out BitRate rate)
    {
        rate = default;
        ref var cluster = ref _clusters[packet.ProbeCluster % Remembered];
        if (packet.ProbeCluster == 0 || cluster.Id != packet.ProbeCluster)
            return false;
        cluster.Add(packet);
        return cluster.Packets >= FewestPackets && cluster.Bytes >= cluster.LeastBytes && TryJudge(cluster, out rate);
    }

    private static bool TryJudge(in Cluster cluster, out BitRate rate)
    {
        rate = default;
        var (sending, receiving) = (cluster.LastSent - cluster.FirstSent, cluster.LastArrival - cluster.FirstArrival);
        if (sending <= TimeSpan.Zero || receiving <= TimeSpan.Zero)
            return false;
        // Of n packets there are n - 1 spaces: the last sent, and the first that arrived, do not count.
        var sent = new DataSize(cluster.Bytes - cluster.LastSentBytes) / sending;
        var received = new DataSize(cluster.Bytes - cluster.FirstArrivalBytes) / receiving;
        if (received > sent * LargestGain)
            return false;
        rate = received < sent * FullPath ? received * UsedOfFullPath : received < sent ? received : sent;
        // Packets that left together make the rate look higher than it was meant.
        rate = rate < cluster.Rate ? rate : cluster.Rate;
        return true;
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Cluster
    {
        public int Id;
        public BitRate Rate;
        public double LeastBytes;
        public int Packets;
        public long Bytes;
        public Instant FirstSent;
        public Instant LastSent;
        public Instant FirstArrival;
        public Instant LastArrival;
        public int LastSentBytes;
        public int FirstArrivalBytes;

        public void Add(in PacketResult packet)
        {
            if (Packets == 0 || packet.SentAt < FirstSent)
                FirstSent = packet.SentAt;
            if (Packets == 0 || packet.SentAt >= LastSent)
                (LastSent, LastSentBytes) = (packet.SentAt, packet.Bytes);
            if (Packets == 0 || packet.Arrival < FirstArrival)
                (FirstArrival, FirstArrivalBytes) = (packet.Arrival, packet.Bytes);
            if (Packets == 0 || packet.Arrival > LastArrival)
                LastArrival = packet.Arrival;
            Packets++;
            Bytes += packet.Bytes;
        }
    }
}
