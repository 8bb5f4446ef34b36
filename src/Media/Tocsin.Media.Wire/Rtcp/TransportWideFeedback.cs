using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Tocsin.Media.Wire.Rtcp;

/// <summary>A packet that arrived.</summary>
/// <param name="SequenceNumber">Transport-wide; unrolled where the caller unrolls it, only the low 16 bits are on the wire.</param>
/// <param name="ArrivalTime250us">In units of 250 us since an epoch of the receiver's.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PacketArrival(long SequenceNumber, long ArrivalTime250us);

/// <summary>What a report says besides arrivals, for writing.</summary>
/// <param name="FeedbackNumber">One more for each report.</param>
/// <param name="BaseSequenceNumber">The first packet that is spoken of: those from here to the first arrival are missing. Unrolled as the arrivals are.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TransportWideReport(uint SenderSsrc, uint MediaSsrc, byte FeedbackNumber, long BaseSequenceNumber);

/// <summary>
/// Which packets of a transport arrived, and when; <c>foreach</c> walks those that did. The others of
/// <see cref="BaseSequenceNumber"/> to <see cref="BaseSequenceNumber"/> + <see cref="StatusCount"/> - 1 had not arrived when this was written.
/// </summary>
/// <remarks>
/// draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1. Borrows the datagram. Does not allocate. Reading costs as much as the packet is long, however many
/// packets it says are missing: runs of these are stepped over.
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// |     base sequence number      |     packet status count       |
/// |      reference time (24, signed, 64 ms)       | feedback nr   |
/// |      chunks of 16 bits        |     ...
/// |      arrival deltas of 8 or 16 bits, in units of 250 us ...   |
///
/// run length:    |0| symbol |        length (13)        |
/// one-bit vector |1|0|    14 symbols of 1 bit           |   0 missing, 1 small delta
/// two-bit vector |1|1|     7 symbols of 2 bits          |   0 missing, 1 small delta (8 bits), 2 large delta (16 bits, signed), 3 reserved
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public ref struct TransportWideFeedback
{
    internal const int FixedLength = 8;
    internal const int ChunkLength = 2;

    /// <summary>Of 64 ms, in units of 250 us.</summary>
    internal const int ReferenceTimeUnit = 256;

    private ReadOnlySpan<byte> _chunks;
    private ReadOnlySpan<byte> _deltas;
    private StatusChunk _chunk;

    /// <summary>Statuses that the chunks not yet opened may still tell.</summary>
    private int _statusesLeft;

    private int _index;
    private long _time;

    private TransportWideFeedback(ReadOnlySpan<byte> information, ReadOnlySpan<byte> chunks, ReadOnlySpan<byte> deltas)
    {
        BaseSequenceNumber = BinaryPrimitives.ReadUInt16BigEndian(information);
        StatusCount = BinaryPrimitives.ReadUInt16BigEndian(information[2..]);
        ReferenceTime64ms = BinaryPrimitives.ReadInt32BigEndian(information[4..]) >> 8;
        FeedbackNumber = information[7];
        _chunks = chunks;
        _deltas = deltas;
        _statusesLeft = StatusCount;
        _time = (long)ReferenceTime64ms * ReferenceTimeUnit;
    }

    public ushort BaseSequenceNumber { get; }

    /// <summary>1 to 65535.</summary>
    public int StatusCount { get; }

    /// <summary>Signed 24 bits: it wraps around every 12 days.</summary>
    public int ReferenceTime64ms { get; }

    /// <summary>Counts feedback packets: a gap is one that was lost.</summary>
    public byte FeedbackNumber { get; }

    /// <summary>An arrival with the 16-bit sequence number, and a time counted from the epoch of <see cref="ReferenceTime64ms"/>.</summary>
    public PacketArrival Current { get; private set; }

    /// <summary>False for no status, chunks that do not tell as many statuses as are claimed, a reserved symbol, or deltas that are not all there.</summary>
    public static bool TryParse(in FeedbackMessage message, out TransportWideFeedback feedback)
    {
        feedback = default;
        var information = message.ControlInformation;
        if (message.Kind != FeedbackKind.TransportWide || information.Length < FixedLength)
            return false;
        var left = (int)BinaryPrimitives.ReadUInt16BigEndian(information[2..]);
        if (left == 0)
            return false;
        var offset = FixedLength;
        var deltasLength = 0;
        while (left > 0)
        {
            if (information.Length < offset + ChunkLength)
                return false;
            var chunk = StatusChunk.Read(information[offset..], left);
            if (!chunk.TryCountDeltaBytes(out var bytes))
                return false;
            deltasLength += bytes;
            left -= chunk.Count;
            offset += ChunkLength;
        }

        if (information.Length < offset + deltasLength)
            return false;
        feedback = new TransportWideFeedback(information, information[FixedLength..offset], information.Slice(offset, deltasLength));
        return true;
    }

    public readonly TransportWideFeedback GetEnumerator() => this;

    public bool MoveNext()
    {
        while (true)
        {
            if (_chunk.Count == 0 && !TryOpenChunk())
                return false;
            var symbol = _chunk.Take(out var statuses);
            _index += statuses;
            if (symbol == StatusSymbol.Missing)
                continue;
            _time += TakeDelta(symbol);
            Current = new PacketArrival((ushort)(BaseSequenceNumber + _index - 1), _time);
            return true;
        }
    }

    private bool TryOpenChunk()
    {
        if (_chunks.IsEmpty)
            return false;
        _chunk = StatusChunk.Read(_chunks, _statusesLeft);
        _chunks = _chunks[ChunkLength..];
        _statusesLeft -= _chunk.Count;
        return true;
    }

    private int TakeDelta(StatusSymbol symbol)
    {
        if (symbol == StatusSymbol.SmallDelta)
        {
            var small = _deltas[0];
            _deltas = _deltas[1..];
            return small;
        }

        var large = BinaryPrimitives.ReadInt16BigEndian(_deltas);
        _deltas = _deltas[2..];
        return large;
    }
}
