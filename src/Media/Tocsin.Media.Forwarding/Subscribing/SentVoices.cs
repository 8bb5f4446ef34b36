using System.Runtime.InteropServices;
using Tocsin.Media.Engine;

namespace Tocsin.Media.Forwarding.Subscribing;

/// <summary>
/// The last packets of voices to one subscriber, as they were sent, for when it asks for them again. Browsers know no stream of retransmissions for audio: they take the same packet a second
/// time.
/// </summary>
/// <remarks>RFC 4585 section 6.2.1. The meeting's thread. Allocates only when it is made: some 45 KiB.</remarks>
internal sealed class SentVoices
{
    /// <summary>A power of two: of three who speak at once, nearly a second.</summary>
    private const int Packets = 128;

    /// <summary>Twice what Opus takes at the rates in use, with its FEC, sealed and protected. What is longer is not kept.</summary>
    private const int LongestPacket = 320;

    private const int MaximumTimes = 3;

    /// <summary>What is asked for later is not played any more.</summary>
    private static readonly TimeSpan MaximumAge = TimeSpan.FromMilliseconds(600);

    /// <summary>Requests closer together than this are one request, written twice.</summary>
    private static readonly TimeSpan ShortestRepeat = TimeSpan.FromMilliseconds(10);

    private readonly byte[] bytes = new byte[Packets * LongestPacket];
    private readonly Entry[] entries = new Entry[Packets];
    private int next;

    /// <summary>Where the next packet is written to, for <see cref="Add"/>.</summary>
    public Span<byte> Room => SpanOf(next & (Packets - 1));

    /// <summary>Keeps what was written to <see cref="Room"/>.</summary>
    public void Add(Instant now, uint ssrc, ushort sequenceNumber, ushort transportNumber, int length)
    {
        entries[next & (Packets - 1)] = new Entry { Ssrc = ssrc, SequenceNumber = sequenceNumber, TransportNumber = transportNumber, Length = length, SentAt = now };
        next++;
    }

    /// <summary>
    /// Finds a packet that is asked for; whoever then sends it says so: <see cref="CountSentAgain"/>. False where it is not kept, is too old, was sent again less than a round trip ago, or too
    /// often.
    /// </summary>
    /// <param name="packet">Good until the next <see cref="Add"/>.</param>
    /// <param name="transportNumber">That it has in its header.</param>
    /// <param name="place">For <see cref="CountSentAgain"/>.</param>
    public bool TryFind(Instant now, uint ssrc, ushort sequenceNumber, TimeSpan roundTripTime, out ReadOnlySpan<byte> packet, out ushort transportNumber, out int place)
    {
        packet = default;
        transportNumber = 0;
        for (place = 0; place < Packets; place++)
        {
            ref readonly var entry = ref entries[place];
            if (entry.Length == 0 || entry.Ssrc != ssrc || entry.SequenceNumber != sequenceNumber)
                continue;
            if (now - entry.SentAt > MaximumAge || entry.Times >= MaximumTimes || (entry.Times > 0 && now - entry.SentAgainAt < (roundTripTime > ShortestRepeat ? roundTripTime : ShortestRepeat)))
                return false;
            packet = SpanOf(place)[..entry.Length];
            transportNumber = entry.TransportNumber;
            return true;
        }

        return false;
    }

    public void CountSentAgain(Instant now, int place)
    {
        ref var entry = ref entries[place];
        entry.Times++;
        entry.SentAgainAt = now;
    }

    private Span<byte> SpanOf(int place) => bytes.AsSpan(place * LongestPacket, LongestPacket);

    [StructLayout(LayoutKind.Auto)]
    private struct Entry
    {
        public uint Ssrc;
        public ushort SequenceNumber;
        public ushort TransportNumber;
        public int Length;
        public Instant SentAt;
        public Instant SentAgainAt;
        public byte Times;
    }
}
