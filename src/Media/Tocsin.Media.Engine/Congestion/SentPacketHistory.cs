using System.Runtime.InteropServices;
using Tocsin.Media.Wire.Arithmetic;
using Tocsin.Media.Wire.Rtcp;

namespace Tocsin.Media.Engine.Congestion;

/// <summary>Numbers the packets of a transport as they leave, and finds them again when feedback speaks of them.</summary>
/// <remarks>draft-holmer-rmcat-transport-wide-cc-extensions-01. One thread. Allocates only when it is made.</remarks>
public sealed class SentPacketHistory
{
    /// <summary>A power of two: four seconds at 2,000 packets a second, which is some 20 Mbit/s. Feedback on what is older is of no use.</summary>
    public const int Length = 8192;

    private const int ReferenceTimeBits = 24;
    private const long NanosecondsIn250us = 250_000;

    private readonly SentPacket[] _packets = new SentPacket[Length];
    private NarrowUnroller _referenceTime = new(ReferenceTimeBits);
    private long _next = 1;

    /// <summary>No packet before this one is in flight: feedback that speaks of thousands of old ones costs nothing.</summary>
    private long _firstInFlight = 1;

    /// <summary>Bytes that were sent after what was last heard of.</summary>
    public long BytesInFlight { get; private set; }

    public Instant LastSentAt { get; private set; }

    /// <summary>A packet leaves now. What leaves is counted with everything the path carries: RTP, SRTP and, where the caller adds them, UDP and IP.</summary>
    /// <param name="probeCluster">0 for a packet that is no probe.</param>
    /// <returns>The transport-wide sequence number to write into it.</returns>
    public ushort HandleSent(Instant now, int bytes, int probeCluster)
    {
        ref var packet = ref _packets[_next & (Length - 1)];
        if (packet.State == PacketState.InFlight)
            BytesInFlight -= packet.Bytes;
        packet = new SentPacket { SentAt = now, Bytes = bytes, ProbeCluster = probeCluster, State = PacketState.InFlight };
        BytesInFlight += bytes;
        LastSentAt = now;
        return (ushort)_next++;
    }

    /// <summary>The packet is sent once more under the number it has: what feedback says of it from now on says nothing of when it arrived.</summary>
    public void Forget(ushort transportSequenceNumber)
    {
        var number = NearestSent(transportSequenceNumber);
        if (!IsKept(number, _next - 1))
            return;
        ref var packet = ref _packets[number & (Length - 1)];
        if (packet.State == PacketState.InFlight)
            BytesInFlight -= packet.Bytes;
        packet.State = PacketState.Arrived;
    }

    /// <summary>What feedback says of packets of which it was not known, in the order they were sent.</summary>
    /// <param name="results">At least <see cref="Length"/>, so that all find room.</param>
    /// <returns>How many were written. Numbers that were never sent, or are told again, are left out; a packet told missing may still be told to have arrived.</returns>
    public int HandleFeedback(TransportWideFeedback feedback, Span<PacketResult> results)
    {
        var reference = _referenceTime.Unroll((uint)feedback.ReferenceTime64ms & ((1u << ReferenceTimeBits) - 1));
        // Arrivals are told from the reference time as it is on the wire: moved to the one that does not wrap around.
        var shift = (reference - feedback.ReferenceTime64ms) * 256;
        var newest = _next - 1;
        var next = NearestSent(feedback.BaseSequenceNumber);
        var end = next + feedback.StatusCount;
        PassOver(next);
        var count = 0;
        foreach (var arrival in feedback)
        {
            var number = next + (ushort)(arrival.SequenceNumber - next);
            count = AddMissing(next, number, results, count);
            next = number + 1;
            if (!IsKept(number, newest))
                continue;
            ref var packet = ref _packets[number & (Length - 1)];
            if (packet.State == PacketState.Arrived)
                continue;
            if (packet.State == PacketState.InFlight)
                BytesInFlight -= packet.Bytes;
            packet.State = PacketState.Arrived;
            var arrivedAt = new Instant((arrival.ArrivalTime250us + shift) * NanosecondsIn250us);
            results[count++] = new PacketResult(number, packet.SentAt, HasArrived: true, arrivedAt, packet.Bytes, packet.ProbeCluster);
        }

        return AddMissing(next, end, results, count);
    }

    /// <summary>Of all long numbers with these 16 bits, the one nearest below the next to be sent.</summary>
    private long NearestSent(ushort number) => _next - (ushort)((ushort)_next - number);

    private static bool IsKept(long number, long newest) => number > 0 && number <= newest && number > newest - Length;

    /// <summary>
    /// Of what was sent before, no feedback will speak any more, unless it was overtaken: a receiver that was cut off begins anew with what it gets first. It is no longer in flight;
    /// whether it was lost is not known.
    /// </summary>
    private void PassOver(long end)
    {
        var newest = _next - 1;
        for (var number = Math.Max(_firstInFlight, newest - Length + 1); number < Math.Min(end, newest + 1); number++)
        {
            ref var packet = ref _packets[number & (Length - 1)];
            if (packet.State != PacketState.InFlight)
                continue;
            BytesInFlight -= packet.Bytes;
            packet.State = PacketState.Missing;
        }
    }

    private int AddMissing(long from, long end, Span<PacketResult> results, int count)
    {
        var newest = _next - 1;
        _firstInFlight = Math.Max(_firstInFlight, newest - Length + 1);
        while (_firstInFlight <= newest && _packets[_firstInFlight & (Length - 1)].State != PacketState.InFlight)
            _firstInFlight++;
        for (var number = Math.Max(from, _firstInFlight); number < Math.Min(end, newest + 1); number++)
        {
            ref var packet = ref _packets[number & (Length - 1)];
            if (packet.State != PacketState.InFlight)
                continue;
            BytesInFlight -= packet.Bytes;
            packet.State = PacketState.Missing;
            results[count++] = new PacketResult(number, packet.SentAt, HasArrived: false, default, packet.Bytes, packet.ProbeCluster);
        }

        return count;
    }

    private enum PacketState : byte
    {
        None,
        InFlight,
        Missing,
        Arrived,
    }

    [StructLayout(LayoutKind.Auto)]
    private struct SentPacket
    {
        public Instant SentAt;
        public int Bytes;
        public int ProbeCluster;
        public PacketState State;
    }
}
