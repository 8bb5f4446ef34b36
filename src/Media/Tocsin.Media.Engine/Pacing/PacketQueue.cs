namespace Tocsin.Media.Engine.Pacing;

/// <summary>Packets of one priority, first in, first out. Bounded.</summary>
/// <param name="capacity">In packets, a power of two.</param>
/// <remarks>One thread. Allocates only when it is made.</remarks>
internal sealed class PacketQueue(int capacity)
{
    private readonly PacedPacket[] _packets = new PacedPacket[capacity];
    private int _first;

    public int Count { get; private set; }

    public long Bytes { get; private set; }

    public ref readonly PacedPacket First => ref _packets[_first];

    public bool TryAdd(in PacedPacket packet)
    {
        if (Count == _packets.Length)
            return false;
        _packets[(_first + Count) & (_packets.Length - 1)] = packet;
        Count++;
        Bytes += packet.Bytes;
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
