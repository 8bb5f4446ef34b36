using System.Runtime.InteropServices;

namespace Tocsin.Media.Engine.Feedback;

/// <summary>Why a packet that was asked for is sent again, or is not.</summary>
public enum RetransmissionOutcome
{
    Found,

    /// <summary>Never sent, sent too long ago, or pushed out by newer ones.</summary>
    NotKept,

    /// <summary>Sent again less than a round trip ago: that one is still on its way.</summary>
    TooSoon,

    /// <summary>Asked for too often: what lost it so many times will lose it again.</summary>
    TooOften,

    /// <summary>Retransmissions have used up their share of the path: more would only lose more.</summary>
    OverBudget,
}

/// <summary>The last packets of one sent stream, for receivers that ask for them again. Bounded in packets, bytes and age; the oldest go first.</summary>
/// <remarks>One thread. Allocates only when it is made.</remarks>
public sealed class RetransmissionCache
{
    /// <summary>Older ones come too late for any receiver in use.</summary>
    public static readonly TimeSpan MaximumAge = TimeSpan.FromSeconds(2);

    public const int MaximumTimes = 10;

    /// <summary>Requests for one packet closer together than this are the same request, written twice.</summary>
    private static readonly TimeSpan ShortestRepeat = TimeSpan.FromMilliseconds(10);

    /// <summary>How many packets back one of a fitting length is looked for.</summary>
    private const int PaddingChoices = 16;

    private readonly Entry[] _entries;
    private readonly byte[] _bytes;

    /// <summary>How many bytes were ever written or skipped; what is more than the buffer's length behind it is overwritten.</summary>
    private long _head;

    private ushort _newest;

    /// <param name="packets">A power of two, at most 32768.</param>
    /// <param name="bytes">How much is kept of them together.</param>
    public RetransmissionCache(int packets, int bytes)
    {
        if (!System.Numerics.BitOperations.IsPow2(packets) || packets > 32768)
            throw new ArgumentOutOfRangeException(nameof(packets), packets, "A power of two, at most 32768.");
        _entries = new Entry[packets];
        _bytes = new byte[bytes];
    }

    /// <summary>Keeps a copy of a packet that is sent for the first time. One that is longer than the whole cache is not kept.</summary>
    /// <param name="packet">In clear, with its RTP header.</param>
    public void Store(Instant now, ushort sequenceNumber, ReadOnlySpan<byte> packet)
    {
        ref var entry = ref _entries[sequenceNumber & (_entries.Length - 1)];
        entry = default;
        if (packet.IsEmpty || packet.Length > _bytes.Length)
            return;
        // A packet lies in one piece: the rest of the buffer is skipped where it is too short.
        var offset = (int)(_head % _bytes.Length);
        if (offset + packet.Length > _bytes.Length)
        {
            _head += _bytes.Length - offset;
            offset = 0;
        }

        packet.CopyTo(_bytes.AsSpan(offset));
        entry = new Entry { SequenceNumber = sequenceNumber, Length = packet.Length, Start = _head, SentAt = now };
        _head += packet.Length;
        _newest = sequenceNumber;
    }

    /// <summary>Finds a packet that is asked for. Whoever then sends it says so: <see cref="CountSentAgain"/>.</summary>
    /// <param name="roundTripTime">To the receiver that asks; zero where it is not known.</param>
    /// <param name="packet">Good until the next <see cref="Store"/>.</param>
    public RetransmissionOutcome Find(Instant now, ushort sequenceNumber, TimeSpan roundTripTime, out ReadOnlySpan<byte> packet)
    {
        packet = default;
        ref var entry = ref _entries[sequenceNumber & (_entries.Length - 1)];
        if (entry.Length == 0 || entry.SequenceNumber != sequenceNumber || _head - entry.Start > _bytes.Length || now - entry.SentAt > MaximumAge)
            return RetransmissionOutcome.NotKept;
        if (entry.Times >= MaximumTimes)
            return RetransmissionOutcome.TooOften;
        var repeat = roundTripTime > ShortestRepeat ? roundTripTime : ShortestRepeat;
        if (entry.Times > 0 && now - entry.SentAgainAt < repeat)
            return RetransmissionOutcome.TooSoon;
        packet = _bytes.AsSpan((int)(entry.Start % _bytes.Length), entry.Length);
        return RetransmissionOutcome.Found;
    }

    /// <summary>A packet to pad a probe with: of the last ones, the first that has at least half the length asked for, or else the newest.</summary>
    /// <param name="packet">No longer than <paramref name="longest"/>. Good until the next <see cref="Store"/>.</param>
    /// <returns>False where nothing recent is kept.</returns>
    public bool TryFindForPadding(Instant now, int longest, out ReadOnlySpan<byte> packet)
    {
        packet = default;
        for (var back = 0; back < PaddingChoices; back++)
        {
            if (Find(now, (ushort)(_newest - back), TimeSpan.Zero, out var candidate) == RetransmissionOutcome.NotKept || candidate.Length > longest)
                continue;
            if (packet.IsEmpty || candidate.Length >= longest / 2)
                packet = candidate;
            if (packet.Length >= longest / 2)
                break;
        }

        return !packet.IsEmpty;
    }

    /// <summary>A packet that was found was sent again.</summary>
    public void CountSentAgain(Instant now, ushort sequenceNumber)
    {
        ref var entry = ref _entries[sequenceNumber & (_entries.Length - 1)];
        entry.Times++;
        entry.SentAgainAt = now;
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Entry
    {
        public ushort SequenceNumber;
        public int Length;

        /// <summary>Counted as <see cref="_head"/> is.</summary>
        public long Start;

        public Instant SentAt;
        public Instant SentAgainAt;
        public byte Times;
    }
}
