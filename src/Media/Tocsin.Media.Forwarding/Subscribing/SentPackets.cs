using System.Runtime.InteropServices;
using Tocsin.Media.Engine;
using Tocsin.Media.Forwarding.Publishing;

namespace Tocsin.Media.Forwarding.Subscribing;

/// <summary>What became of the last packets sent to one subscriber, for when it asks for them again. The packets themselves are kept once, with their stream.</summary>
/// <remarks>RFC 4585 section 6.2.1. The meeting's thread. Allocates only when more is sent than ever before.</remarks>
/// <param name="streams">Those of the track.</param>
internal sealed class SentPackets(PublishedStream[] streams)
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

    public void Add(Instant now, StoredPacket packet, in Rewriting rewriting)
    {
        newest = rewriting.SequenceNumber;
        ref var entry = ref EntryOf(newest);
        if (entry.IsUsed && entry.SentAt.Since(now) < PacketHistory.MaximumAge && entries.Length < Capacity)
        {
            Grow();
            entry = ref EntryOf(newest);
        }

        entry = new Entry
        {
            Number = packet.Number,
            Timestamp = rewriting.Timestamp,
            Incarnation = packet.Stream.Incarnation,
            SentAt = CoarseInstant.From(now),
            SequenceNumber = newest,
            PictureId = rewriting.PictureId,
            BaseLayerIndex = rewriting.BaseLayerIndex,
            Stream = (byte)packet.Stream.Index,
            Marker = rewriting.Marker,
            IsUsed = true,
        };
    }

    /// <summary>
    /// Finds a packet that is asked for. Whoever then sends it says so: <see cref="CountSentAgain"/>. False where it is not kept, was sent again less than a round trip ago (that one is
    /// still on its way), or too often: what lost it so many times will lose it again.
    /// </summary>
    public bool TryFind(Instant now, ushort sequenceNumber, TimeSpan roundTripTime, out Rewriting rewriting, out StoredPacket packet)
    {
        ref readonly var entry = ref EntryOf(sequenceNumber);
        rewriting = new Rewriting(entry.SequenceNumber, entry.Timestamp, entry.Marker, entry.PictureId, entry.BaseLayerIndex);
        packet = null!;
        if (!entry.IsUsed || entry.SequenceNumber != sequenceNumber || entry.Incarnation != streams[entry.Stream].Incarnation)
            return false;
        if (streams[entry.Stream].History.Find(entry.Number) is not { } kept || now - kept.ReceivedAt > PacketHistory.MaximumAge)
            return false;
        if (entry.Times >= MaximumTimes)
            return false;
        if (entry.Times > 0 && entry.SentAgainAt.Since(now) < (roundTripTime > ShortestRepeat ? roundTripTime : ShortestRepeat))
            return false;
        packet = kept;
        return true;
    }

    /// <summary>Of the packets that were sent last, a large one, to pad a probe with.</summary>
    public bool TryFindPadding(Instant now, out Rewriting rewriting, out StoredPacket packet)
    {
        (rewriting, packet) = (default, null!);
        for (var back = 0; back < PaddingChoices; back++)
        {
            if (!TryFind(now, (ushort)(newest - back), TimeSpan.Zero, out var candidate, out var kept))
                continue;
            if (packet is null || kept.PayloadLength > packet.PayloadLength)
                (rewriting, packet) = (candidate, kept);
        }

        return packet is not null;
    }

    public void CountSentAgain(Instant now, ushort sequenceNumber)
    {
        ref var entry = ref EntryOf(sequenceNumber);
        entry.Times++;
        entry.SentAgainAt = CoarseInstant.From(now);
    }

    private ref Entry EntryOf(ushort sequenceNumber) => ref entries[sequenceNumber & (entries.Length - 1)];

    private void Grow()
    {
        var before = entries;
        entries = new Entry[2 * before.Length];
        foreach (ref readonly var entry in before.AsSpan())
        {
            if (entry.IsUsed)
                EntryOf(entry.SequenceNumber) = entry;
        }
    }

    /// <summary>
    /// Half a line of the processor's cache, and without references: in a meeting of fifty there are two and a half million of them, of which each packet writes fifty, so that what they take and what the
    /// collector would have to look at counts.
    /// </summary>
    [StructLayout(LayoutKind.Auto)]
    private struct Entry
    {
        public long Number;
        public uint Timestamp;
        public int Incarnation;
        public CoarseInstant SentAt;
        public CoarseInstant SentAgainAt;
        public ushort SequenceNumber;
        public ushort PictureId;
        public byte BaseLayerIndex;
        public byte Stream;
        public byte Times;
        public bool Marker;
        public bool IsUsed;
    }

    /// <summary>An instant to some 66 microseconds, which comes again after three days: for what is compared within seconds.</summary>
    private readonly record struct CoarseInstant(uint Value)
    {
        private const int Shift = 16;

        public static CoarseInstant From(Instant now) => new((uint)(now.Nanoseconds >> Shift));

        public TimeSpan Since(Instant now) => new Instant((long)((uint)(now.Nanoseconds >> Shift) - Value) << Shift) - default(Instant);
    }
}
