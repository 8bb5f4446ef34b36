using System.Runtime.InteropServices;

namespace Tocsin.Media.Engine.Pacing;

/// <summary>What goes first on a path that does not carry everything at once; the lower the earlier.</summary>
public enum PacketPriority
{
    Audio,

    /// <summary>Somebody waits for it with a frozen picture.</summary>
    Retransmission,

    Screen,
    Speaker,
    Thumbnail,
}

/// <summary>A packet in the queue, or out of it.</summary>
/// <param name="Handle">The caller's name for it: the buffer it lies in, which stays the caller's.</param>
/// <param name="Bytes">On the wire.</param>
/// <param name="ProbeCluster">0 where it is sent for itself; else it also serves a probe.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PacedPacket(int Handle, int Bytes, PacketPriority Priority, Instant EnqueuedAt, int ProbeCluster);
