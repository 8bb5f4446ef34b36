using System.Runtime.InteropServices;
using Tocsin.Media.Wire.Rtcp;

namespace Tocsin.Media.Engine.Feedback;

/// <summary>How long a packet takes to the other side and its answer back, from the reports that come back on ours.</summary>
/// <remarks>
/// RFC 3550 section 6.4.1 reckons with the wall clock in our reports. Ours carry the clock of the source they were translated from, so what was sent when is remembered
/// instead. One thread. Allocates only when it is made.
/// </remarks>
public sealed class RoundTripTimeEstimator
{
    /// <summary>Reports are sent every second or so, and a round trip is shorter than that.</summary>
    private const int Remembered = 16;

    /// <summary>A report that claims more is wrong or hostile.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly SentReport[] _sent = new SentReport[Remembered];
    private int _next;

    /// <summary>Smoothed over eight measurements, as in TCP (RFC 6298); null before the first.</summary>
    public TimeSpan? Smoothed { get; private set; }

    public TimeSpan Latest { get; private set; }

    /// <summary>A sender report went out.</summary>
    public void HandleSentReport(Instant now, in SenderInformation information)
    {
        _sent[_next] = new SentReport { Compact = information.CompactNtpTimestamp, SentAt = now, IsUsed = true };
        _next = (_next + 1) % Remembered;
    }

    /// <summary>A report on one of our streams came in. False where it answers no report of ours, or claims to have held it longer than it was away.</summary>
    public bool HandleReport(Instant now, in ReportBlock report)
    {
        foreach (ref readonly var sent in _sent.AsSpan())
        {
            if (!sent.IsUsed || sent.Compact != report.LastSenderReport)
                continue;
            var measured = now - sent.SentAt - NtpTime.FromCompact(report.DelaySinceLastSenderReport);
            if (measured < TimeSpan.Zero || measured > Longest)
                return false;
            Latest = measured;
            Smoothed = Smoothed is { } smoothed ? smoothed + ((measured - smoothed) / 8) : measured;
            return true;
        }

        return false;
    }

    [StructLayout(LayoutKind.Auto)]
    private struct SentReport
    {
        public uint Compact;
        public Instant SentAt;
        public bool IsUsed;
    }
}
