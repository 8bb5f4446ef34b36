namespace Tocsin.Media.Forwarding.Publishing;

/// <summary>The packets of one meeting: made as needed up to a bound, then used again. So memory follows what is really sent, and forwarding allocates nothing.</summary>
/// <param name="bound">In bytes.</param>
/// <remarks>The meeting's thread.</remarks>
internal sealed class PacketPool(long bound)
{
    /// <summary>What a datagram may carry on networks in use; longer ones are dropped.</summary>
    public const int LargestPacket = 1_600;

    /// <summary>Audio, mostly.</summary>
    private const int SmallPacket = 300;

    private readonly Stack<StoredPacket> large = new();
    private readonly Stack<StoredPacket> small = new();

    /// <summary>Bytes of all that was ever made.</summary>
    public long Bytes { get; private set; }

    /// <summary>Packets that somebody holds.</summary>
    public int HeldCount { get; private set; }

    /// <summary>A packet that the caller holds; null where the bound is reached or the length is past the largest.</summary>
    public StoredPacket? TryTake(int length)
    {
        if (length > LargestPacket)
            return null;
        var (pool, capacity) = length <= SmallPacket ? (small, SmallPacket) : (large, LargestPacket);
        if (!pool.TryPop(out var packet))
        {
            if (Bytes + capacity > bound)
                return null;
            Bytes += capacity;
            packet = new StoredPacket(capacity);
        }

        HeldCount++;
        packet.Holders = 1;
        return packet;
    }

    public void Release(StoredPacket packet)
    {
        if (--packet.Holders > 0)
            return;
        HeldCount--;
        packet.Stream = null!;
        (packet.Capacity == SmallPacket ? small : large).Push(packet);
    }
}
