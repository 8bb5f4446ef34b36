using Tocsin.Media.Engine;

namespace Tocsin.Media.Forwarding.Publishing;

/// <summary>The last packets of one published stream, once for all subscribers. Tells which came twice, and finds those that are to be sent again.</summary>
/// <param name="capacity">In packets, a power of two.</param>
/// <param name="pool">Where they come from and return to.</param>
/// <remarks>The meeting's thread. Allocates only when it is made.</remarks>
internal sealed class PacketHistory(int capacity, PacketPool pool)
{
    /// <summary>Older ones come too late for any receiver in use.</summary>
    public static readonly TimeSpan MaximumAge = TimeSpan.FromSeconds(1.5);

    /// <summary>Entry n is of the packet whose number is n modulo the length.</summary>
    private readonly StoredPacket?[] packets = new StoredPacket?[capacity];

    private long oldest;
    private long newest = long.MinValue;

    /// <summary>Whether that packet came before, or is too old to tell.</summary>
    public bool HasSeen(long number) => newest != long.MinValue && (number <= newest - capacity || packets[number & (capacity - 1)]?.Number == number);

    /// <summary>Takes over the caller's hold.</summary>
    public void Add(StoredPacket packet)
    {
        if (newest == long.MinValue)
            oldest = packet.Number;
        oldest = Math.Min(oldest, packet.Number);
        newest = Math.Max(newest, packet.Number);
        ReleaseBefore(newest - capacity + 1);
        packets[packet.Number & (capacity - 1)] = packet;
    }

    /// <summary>Null where it never came or is forgotten.</summary>
    public StoredPacket? Find(long number)
    {
        var packet = packets[number & (capacity - 1)];
        return packet?.Number == number ? packet : null;
    }

    /// <summary>Lets go of what is too old, but keeps the newest so that it is known again.</summary>
    public void Expire(Instant now)
    {
        while (oldest < newest && (Find(oldest) is not { } packet || now - packet.ReceivedAt > MaximumAge))
            ReleaseBefore(oldest + 1);
    }

    public void Clear()
    {
        if (newest == long.MinValue)
            return;
        ReleaseBefore(newest + 1);
        newest = long.MinValue;
    }

    /// <summary>No more than the whole ring is walked, however far the numbers leap.</summary>
    private void ReleaseBefore(long number)
    {
        for (oldest = Math.Max(oldest, number - capacity); oldest < number; oldest++)
        {
            ref var packet = ref packets[oldest & (capacity - 1)];
            if (packet is not null && packet.Number < number)
            {
                pool.Release(packet);
                packet = null;
            }
        }
    }
}
