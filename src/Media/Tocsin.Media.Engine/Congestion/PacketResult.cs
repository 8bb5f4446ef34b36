using System.Runtime.InteropServices;

namespace Tocsin.Media.Engine.Congestion;

/// <summary>What became of a packet that was sent, as feedback has it.</summary>
/// <param name="Arrival">On the receiver's clock, of which only differences mean anything; without meaning where the packet did not arrive.</param>
/// <param name="ProbeCluster">0 for a packet that is no probe.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PacketResult(long SequenceNumber, Instant SentAt, bool HasArrived, Instant Arrival, int Bytes, int ProbeCluster);
