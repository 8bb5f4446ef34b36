using System.Runtime.InteropServices;
using Tocsin.Media.Engine;
using Tocsin.Media.Forwarding.Publishing;

namespace Tocsin.Media.Forwarding.Subscribing;

/// <summary>What became of the last packets sent to one subscriber, for when it asks for them again. The packets themselves are kept once, with their stream.</summary>
/// <remarks>RFC 4585 section 6.2.1. The meeting's thread. Allocates only when more is sent than ever before.</remarks>
internal sealed class SentPackets
{
    /// <summary>A power of two: a second and a half of 8 Mbit/s. Packets of more are kept for less long.</summary>
    private const int Capacity = 1_024;

    /// <summary>Enough for a thumbnail.</summary>
    private const int FirstCapacity = 64;

    private const int MaximumTimes = 10;

    /// <summary>How many packets back a large one is looked for.</summary>
    private const int PaddingChoices = 8;

    /// <summary>Requests closer together than this are one request, written twice.</summary>
    private static readonly TimeSpan ShortestRepeat = TimeSpan.FromMilliseconds(10);

    private Entry[] entries = new Entry[FirstCapacity];
    private ushort newest;

    public void Add(Instant now, in SentPacket packet)
    {
        newest = packet.Rewriting.SequenceNumber;
        ref var entry = ref EntryOf(newest);
        if (entry.Packet.Stream is not null && now - entry.SentAt < PacketHistory.MaximumAge && entries.Length < Capacity)
        {
            Grow();
            entry = ref EntryOf(newest);
        }

        entry = new Entry { Packet = packet, SentAt = now };
    }

    /// <summary>
    /// Finds a packet that is asked for. Whoever then sends it says so: <see cref="CountSentAgain"/>. False where it is not kept, was sent again less than a round trip ago (that one is
    /// still on its way), or too often: what lost it so many times will lose it again.
    /// </summary>
    public bool TryFind(Instant now, ushort sequenceNumber, TimeSpan roundTripTime, out SentPacket sent, out StoredPacket packet)
    {
        ref var entry = ref EntryOf(sequenceNumber);
        sent = entry.Packet;
        packet = null!;
        if (sent.Stream is null || sent.Rewriting.SequenceNumber != sequenceNumber || sent.Incarnation != sent.Stream.Incarnation)
            return false;
        if (sent.Stream.History.Find(sent.Number) is not { } kept || now - kept.ReceivedAt > PacketHistory.MaximumAge)
            return false;
        if (entry.Times >= MaximumTimes)
            return false;
        if (entry.Times > 0 && now - entry.SentAgainAt < (roundTripTime > ShortestRepeat ? roundTripTime : ShortestRepeat))
            return false;
        packet = kept;
        return true;
    }

    /// <summary>Of the packets that were sent last, a large one, to pad a probe with.</summary>
    public bool TryFindPadding(Instant now, out SentPacket sent, out StoredPacket packet)
    {
        (sent, packet) = (default, null!);
        for (var back = 0; back < PaddingChoices; back++)
        {
            if (!TryFind(now, (ushort)(newest - back), TimeSpan.Zero, out var candidate, out var kept))
                continue;
            if (packet is null || kept.PayloadLength > packet.PayloadLength)
                (sent, packet) = (candidate, kept);
        }

        return packet is not null;
    }

    public void CountSentAgain(Instant now, ushort sequenceNumber)
    {
        ref var entry = ref EntryOf(sequenceNumber);
        entry.Times++;
        entry.SentAgainAt = now;
    }

    private ref Entry EntryOf(ushort sequenceNumber) => ref entries[sequenceNumber & (entries.Length - 1)];

    private void Grow()
    {
        var before = entries;
        entries = new Entry[2 * before.Length];
        foreach (ref readonly var entry in before.AsSpan())
        {
            if (entry.Packet.Stream is not null)
                EntryOf(entry.Packet.Rewriting.SequenceNumber) = entry;
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Entry
    {
        public SentPacket Packet;
        public Instant SentAt;
        public Instant SentAgainAt;
        public byte Times;
    }
}
