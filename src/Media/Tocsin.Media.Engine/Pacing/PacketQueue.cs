namespace Tocsin.Media.Engine.Pacing;

/// <summary>Packets of one priority, first in, first out. Bounded.</summary>
/// <param name="capacity">In packets, a power of two.</param>
/// <remarks>One thread. Changes where it lies: not to be copied. Allocates only when more wait than ever before.</remarks>
internal struct PacketQueue(int capacity)
{
    private const int FirstLength = 16;

    private PacedPacket[] _packets = new PacedPacket[Math.Min(FirstLength, capacity)];
    private int _first;

    public int Count { readonly get; private set; }

    public long Bytes { readonly get; private set; }

    public readonly ref readonly PacedPacket First => ref _packets[_first];

    public bool TryAdd(in PacedPacket packet)
    {
        if (Count == _packets.Length && !TryGrow())
            return false;
        _packets[(_first + Count) & (_packets.Length - 1)] = packet;
        Count++;
        Bytes += packet.Bytes;
        return true;
    }

    private bool TryGrow()
    {
        if (Count == capacity)
            return false;
        var larger = new PacedPacket[2 * Count];
        for (var index = 0; index < Count; index++)
            larger[index] = _packets[(_first + index) & (_packets.Length - 1)];
        (_packets, _first) = (larger, 0);
        return true;
    }

    public PacedPacket Take()
    {
        var packet = _packets[_first];
        _first = (_first + 1) & (_packets.Length - 1);
        Count--;
        Bytes -= packet.Bytes;
        return packet;
    }
}
