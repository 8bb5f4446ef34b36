namespace Tocsin.Testing.Networks;

/// <summary>Decides which packets of one direction of a line arrive, and when. Packets never overtake each other.</summary>
/// <remarks>Times are since any beginning. One thread at a time, but for <see cref="Quality"/>.</remarks>
public sealed class LineDirection(Random random)
{
    private const int Ipv4ProtocolOffset = 9;
    private const byte Udp = 17;

    private TimeSpan sentUntil;
    private TimeSpan lastDue;
    private volatile LineQuality quality = LineQuality.Perfect;

    public LineQuality Quality
    {
        get => quality;
        set => quality = value;
    }

    /// <summary>Packets that arrived, or will.</summary>
    public long Passed { get; private set; }

    /// <summary>Packets that chance, the queue's bound or the firewall took.</summary>
    public long Dropped { get; private set; }

    /// <summary>When this IPv4 packet arrives; null: never.</summary>
    public TimeSpan? Due(TimeSpan now, ReadOnlySpan<byte> packet)
    {
        var due = Decide(now, packet, quality);
        if (due is null) Dropped++;
        else Passed++;
        return due;
    }

    private TimeSpan? Decide(TimeSpan now, ReadOnlySpan<byte> packet, LineQuality line)
    {
        if (line.BlocksUdp && packet.Length > Ipv4ProtocolOffset && packet[Ipv4ProtocolOffset] == Udp) return null;
        var begins = sentUntil > now ? sentUntil : now;
        if (line.BitsPerSecond is { } rate)
        {
            if (begins - now > line.LongestQueue) return null;
            begins += TimeSpan.FromSeconds(packet.Length * 8.0 / rate);
            sentUntil = begins;
        }
        else
        {
            sentUntil = begins = now;
        }

        // Lost on its way: it took its time on the line all the same.
        if (line.Loss > 0 && random.NextDouble() < line.Loss) return null;
        var due = begins + line.Delay;
        return lastDue = due > lastDue ? due : lastDue;
    }
}
