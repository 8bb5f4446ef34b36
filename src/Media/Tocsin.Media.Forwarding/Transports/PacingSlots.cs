using System.Runtime.InteropServices;
using Tocsin.Media.Forwarding.Publishing;
using Tocsin.Media.Forwarding.Subscribing;

namespace Tocsin.Media.Forwarding.Transports;

/// <summary>A packet that waits to leave.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct WaitingPacket(Consumer Consumer, StoredPacket Packet, Rewriting Rewriting, bool IsRetransmission);

/// <summary>The packets that wait in one pacer, which knows them by number. Holds them meanwhile.</summary>
/// <remarks>The meeting's thread. Allocates only when more wait than ever before. Bounded.</remarks>
internal sealed class PacingSlots(PacketPool pool)
{
    private const int Capacity = 4_096;

    private WaitingPacket[] slots = new WaitingPacket[64];
    private int[] free = new int[64];
    private int freeCount;
    private int used;

    public bool HasRoom => freeCount > 0 || (used < Capacity && slots.Length > 0);

    /// <summary>Only where <see cref="HasRoom"/>.</summary>
    public int Add(in WaitingPacket packet)
    {
        if (freeCount == 0 && used == slots.Length)
        {
            Array.Resize(ref slots, 2 * used);
            Array.Resize(ref free, 2 * used);
        }

        var slot = freeCount > 0 ? free[--freeCount] : used++;
        slots[slot] = packet;
        packet.Packet.Holders++;
        return slot;
    }

    /// <summary>The caller holds the packet from now on, and lets go of it with <see cref="Release"/>.</summary>
    public WaitingPacket Take(int slot)
    {
        var packet = slots[slot];
        slots[slot] = default;
        free[freeCount++] = slot;
        return packet;
    }

    /// <summary>Lets go of all: nothing of them is sent.</summary>
    public void Clear()
    {
        foreach (var waiting in slots)
        {
            if (waiting.Packet is not null)
                pool.Release(waiting.Packet);
        }

        (slots, free, freeCount, used) = ([], [], 0, 0);
    }

    public void Release(in WaitingPacket packet) => pool.Release(packet.Packet);
}
