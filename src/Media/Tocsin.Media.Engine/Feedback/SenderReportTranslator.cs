using Tocsin.Media.Wire.Rtcp;

namespace Tocsin.Media.Engine.Feedback;

/// <summary>
/// Makes the sender reports of a stream that is passed on from those of its source: the same wall-clock time for the same picture or sound, in the timestamps the receiver
/// sees. All streams of one source stay in step, which is what keeps lips and voice together.
/// </summary>
/// <param name="clockRate">Ticks of the stream's timestamps a second.</param>
/// <remarks>RFC 3550 section 6.4.1. One thread. Does not allocate.</remarks>
public sealed class SenderReportTranslator(int clockRate)
{
    private SenderInformation _source;
    private Instant _sourceAt;
    private bool _hasSource;

    /// <summary>The source reported on itself.</summary>
    public void HandleSourceReport(Instant now, in SenderInformation information)
    {
        _source = information;
        _sourceAt = now;
        _hasSource = true;
    }

    /// <summary>What to tell a receiver now. False until the source has reported: a guess would be wrong by what the network delays.</summary>
    /// <param name="ssrc">As the receiver knows the stream.</param>
    /// <param name="timestampOffset">What is added to the source's timestamps on the way to this receiver.</param>
    /// <param name="sent">What was sent to this receiver.</param>
    public bool TryTranslate(Instant now, uint ssrc, uint timestampOffset, in SentCount sent, out SenderInformation information)
    {
        information = default;
        if (!_hasSource)
            return false;
        var elapsed = now - _sourceAt;
        var ticks = (long)((Int128)elapsed.Ticks * clockRate / TimeSpan.TicksPerSecond);
        information = new SenderInformation(
            ssrc, NtpTime.Add(_source.NtpTimestamp, elapsed), _source.RtpTimestamp + (uint)ticks + timestampOffset, (uint)sent.Packets, (uint)sent.PayloadBytes);
        return true;
    }
}

/// <summary>What was sent of a stream since it began.</summary>
/// <param name="PayloadBytes">Without headers and padding (RFC 3550 section 6.4.1).</param>
public readonly record struct SentCount(long Packets, long PayloadBytes)
{
    public SentCount With(int payloadBytes) => new(Packets + 1, PayloadBytes + payloadBytes);
}
