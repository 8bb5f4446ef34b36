using Tocsin.Media.Wire.Rtp;

namespace Tocsin.Media.Engine.Feedback;

/// <summary>Answers requests for lost packets of one sent stream with retransmissions in a stream of their own (RFC 4588).</summary>
/// <param name="cache">Of the same stream; owned by whoever sends it.</param>
/// <param name="budget">Shared by all streams to one receiver: a share of what the path carries.</param>
/// <param name="payloadType">Of the retransmission stream.</param>
/// <param name="firstSequenceNumber">Random (RFC 3550 section 5.1).</param>
/// <remarks>One thread. Does not allocate.</remarks>
public sealed class RtxResponder(RetransmissionCache cache, ByteBudget budget, byte payloadType, uint ssrc, ushort firstSequenceNumber)
{
    private ushort _nextSequenceNumber = firstSequenceNumber;

    public long SentCount { get; private set; }

    public long RefusedCount { get; private set; }

    public long PaddingCount { get; private set; }

    /// <summary>Writes the retransmission of a packet.</summary>
    /// <param name="destination">Two bytes longer than the longest packet kept; receives a packet in clear. Its extensions are the original's: send time and transport-wide number are the pacer's to renew.</param>
    public RetransmissionOutcome Answer(Instant now, ushort sequenceNumber, TimeSpan roundTripTime, Span<byte> destination, out int written)
    {
        written = 0;
        var outcome = cache.Find(now, sequenceNumber, roundTripTime, out var packet);
        if (outcome == RetransmissionOutcome.Found && !budget.TryTake(now, packet.Length + Rtx.OriginalSequenceNumberLength))
            outcome = RetransmissionOutcome.OverBudget;
        if (outcome == RetransmissionOutcome.Found && !Rtx.TryWrap(packet, payloadType, ssrc, _nextSequenceNumber, destination, out written))
            outcome = RetransmissionOutcome.NotKept;
        if (outcome != RetransmissionOutcome.Found)
        {
            RefusedCount++;
            return outcome;
        }

        cache.CountSentAgain(now, sequenceNumber);
        _nextSequenceNumber++;
        SentCount++;
        return outcome;
    }

    /// <summary>
    /// Writes padding for a probe: a packet that was just sent, once more. Where the first was lost it is even of use, and unlike padding proper (255 bytes at most, RFC 3550
    /// section 5.1) it is as long as packets are.
    /// </summary>
    /// <param name="bytes">How much is wanted; less may be written, never more.</param>
    /// <returns>False where nothing recent is kept: then there is nothing worth probing for either.</returns>
    public bool TryWritePadding(Instant now, int bytes, Span<byte> destination, out int written)
    {
        written = 0;
        if (!cache.TryFindForPadding(now, bytes - Rtx.OriginalSequenceNumberLength, out var packet)
            || !Rtx.TryWrap(packet, payloadType, ssrc, _nextSequenceNumber, destination, out written))
        {
            return false;
        }

        _nextSequenceNumber++;
        PaddingCount++;
        return true;
    }
}
