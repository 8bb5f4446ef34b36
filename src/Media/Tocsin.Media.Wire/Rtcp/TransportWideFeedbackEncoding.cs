using System.Buffers.Binary;

namespace Tocsin.Media.Wire.Rtcp;

/// <summary>Writes the control information of transport-wide feedback in as few chunks as a look ahead of 14 statuses finds.</summary>
internal static class TransportWideFeedbackEncoding
{
    private const int MaximumStatusCount = ushort.MaxValue;

    /// <summary>Writes as many arrivals as fit, padded with zeros to whole words. Drawn at <see cref="TransportWideFeedback"/>.</summary>
    /// <param name="destination">A multiple of 4 long.</param>
    public static bool TryWrite(Span<byte> destination, in TransportWideReport report, ReadOnlySpan<PacketArrival> arrivals, out int consumed, out int written)
    {
        consumed = 0;
        written = 0;
        // One chunk of two bytes and one delta of one byte.
        if (arrivals.IsEmpty || destination.Length < TransportWideFeedback.FixedLength + 4)
            return false;
        var reference = arrivals[0].ArrivalTime250us >> 8;
        var chunks = new StatusChunkEncoder(destination[TransportWideFeedback.FixedLength..]);
        consumed = WriteChunks(ref chunks, arrivals, report.BaseSequenceNumber, reference * TransportWideFeedback.ReferenceTimeUnit, out var statuses);
        if (consumed == 0)
            return false;
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)report.BaseSequenceNumber);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)statuses);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], ((uint)reference << 8) | report.FeedbackNumber);
        var deltas = TransportWideFeedback.FixedLength + chunks.Finish();
        var end = deltas + WriteDeltas(destination[deltas..], arrivals[..consumed], reference * TransportWideFeedback.ReferenceTimeUnit);
        written = (end + 3) & ~3;
        destination[end..written].Clear();
        return true;
    }

    private static int WriteChunks(ref StatusChunkEncoder chunks, ReadOnlySpan<PacketArrival> arrivals, long next, long time, out int statuses)
    {
        var count = 0;
        statuses = 0;
        foreach (var arrival in arrivals)
        {
            var missing = arrival.SequenceNumber - next;
            var symbol = SymbolFor(arrival.ArrivalTime250us - time);
            if (missing < 0 || missing >= MaximumStatusCount - statuses || symbol == StatusSymbol.Reserved || !chunks.TryAdd((int)missing, symbol))
                break;
            statuses += (int)missing + 1;
            next = arrival.SequenceNumber + 1;
            time = arrival.ArrivalTime250us;
            count++;
        }

        return count;
    }

    private static int WriteDeltas(Span<byte> destination, ReadOnlySpan<PacketArrival> arrivals, long time)
    {
        var offset = 0;
        foreach (var arrival in arrivals)
        {
            var delta = arrival.ArrivalTime250us - time;
            if (SymbolFor(delta) == StatusSymbol.SmallDelta)
                destination[offset++] = (byte)delta;
            else
            {
                BinaryPrimitives.WriteInt16BigEndian(destination[offset..], (short)delta);
                offset += 2;
            }

            time = arrival.ArrivalTime250us;
        }

        return offset;
    }

    /// <summary>Reserved stands for a delta that cannot be written: more than 8 s.</summary>
    private static StatusSymbol SymbolFor(long delta) => delta switch
    {
        >= 0 and <= byte.MaxValue => StatusSymbol.SmallDelta,
        >= short.MinValue and <= short.MaxValue => StatusSymbol.LargeDelta,
        _ => StatusSymbol.Reserved,
    };
}
