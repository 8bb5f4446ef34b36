using Tocsin.Media.Wire.Rtcp;

namespace Tocsin.Media.Engine.Feedback;

/// <summary>How one source is received, for reports to it.</summary>
/// <param name="ssrc">The source.</param>
/// <param name="clockRate">Ticks of its timestamps a second.</param>
/// <remarks>RFC 3550 sections 6.4.1, 6.4.4 and appendices A.1, A.3 and A.8. One thread. Does not allocate.</remarks>
public sealed class ReceptionStatistics(uint ssrc, int clockRate)
{
    /// <remarks>Appendix A.1: a larger step ahead is a source that began again, if the next packet confirms it.</remarks>
    private const int MaximumDropout = 3000;

    /// <remarks>Appendix A.1.</remarks>
    private const int MaximumMisorder = 100;

    private const long SequenceNumbers = 1 << 16;

    private bool _started;
    private ushort _highest;
    private long _cycles;
    private long _base;
    private long _received;
    private int _confirming = -1;
    private long _expectedBefore;
    private long _receivedBefore;
    private long _previousTransit;
    private bool _hasTransit;

    /// <summary>In 16ths of a tick: appendix A.8 keeps the fraction.</summary>
    private long _jitter16;

    private uint _lastSenderReport;
    private Instant _lastSenderReportAt;
    private bool _hasSenderReport;

    public long ReceivedCount => _received;

    /// <summary>In ticks.</summary>
    public uint Jitter => (uint)(_jitter16 >> 4);

    public TimeSpan JitterTime => TimeSpan.FromSeconds(_jitter16 / 16.0 / clockRate);

    private long ExtendedHighest => _cycles + _highest;

    private long Expected => ExtendedHighest - _base + 1;

    /// <summary>Negative where packets came doubled.</summary>
    public long LostCount => _started ? Expected - _received : 0;

    /// <summary>A packet of the source arrived.</summary>
    public void HandlePacket(Instant now, ushort sequenceNumber, uint rtpTimestamp)
    {
        if (!CountSequence(sequenceNumber))
            return;
        _received++;
        UpdateJitter(now, rtpTimestamp);
    }

    /// <summary>The source reported on itself; the next report tells it so, from which it reckons the round trip.</summary>
    public void HandleSenderReport(Instant now, in SenderInformation information)
    {
        _lastSenderReport = information.CompactNtpTimestamp;
        _lastSenderReportAt = now;
        _hasSenderReport = true;
    }

    /// <summary>What to tell the source; the fraction lost is counted anew from here. False while nothing has arrived.</summary>
    public bool TryTakeReport(Instant now, out ReportBlock report)
    {
        report = default;
        if (!_started)
            return false;
        var (expected, received) = (Expected - _expectedBefore, _received - _receivedBefore);
        (_expectedBefore, _receivedBefore) = (Expected, _received);
        // Appendix A.3: doubled packets are no negative loss here.
        var fraction = expected <= 0 || expected <= received ? 0 : Math.Min(255, ((expected - received) << 8) / expected);
        var lost = (int)Math.Clamp(LostCount, -ReportBlock.MaximumCumulativeLost - 1, ReportBlock.MaximumCumulativeLost);
        var delay = _hasSenderReport ? (uint)Math.Min(uint.MaxValue, (now - _lastSenderReportAt).Ticks * 65536L / TimeSpan.TicksPerSecond) : 0;
        report = new ReportBlock(ssrc, (byte)fraction, lost, (uint)ExtendedHighest, Jitter, _hasSenderReport ? _lastSenderReport : 0, delay);
        return true;
    }

    /// <summary>Appendix A.1, without probation: SRTP has proved the packet's sender.</summary>
    private bool CountSequence(ushort number)
    {
        var ahead = (ushort)(number - _highest);
        if (!_started)
            Restart(number);
        else if (ahead < MaximumDropout)
        {
            if (number < _highest)
                _cycles += SequenceNumbers;
            _highest = number;
        }
        else if (ahead <= SequenceNumbers - MaximumMisorder)
        {
            if (_confirming != number)
            {
                _confirming = (ushort)(number + 1);
                return false;
            }

            Restart(number);
        }

        // What is left came late or doubled, and counts.
        return true;
    }

    private void Restart(ushort number)
    {
        _started = true;
        _highest = number;
        _base = number;
        _cycles = 0;
        _received = 0;
        _expectedBefore = 0;
        _receivedBefore = 0;
        _confirming = -1;
        _hasTransit = false;
    }

    /// <summary>Appendix A.8: J += (|D| - J) / 16.</summary>
    private void UpdateJitter(Instant now, uint rtpTimestamp)
    {
        var arrival = (long)((Int128)now.Nanoseconds * clockRate / 1_000_000_000);
        var transit = (uint)arrival - rtpTimestamp;
        if (_hasTransit)
        {
            var difference = Math.Abs((long)(int)(transit - (uint)_previousTransit));
            _jitter16 += difference - ((_jitter16 + 8) >> 4);
        }

        _previousTransit = transit;
        _hasTransit = true;
    }
}
