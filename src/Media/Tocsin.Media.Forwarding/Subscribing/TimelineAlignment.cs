using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Feedback;
using Tocsin.Media.Forwarding.Publishing;
using Tocsin.Media.Wire.Arithmetic;

namespace Tocsin.Media.Forwarding.Subscribing;

/// <summary>The timestamps of a subscriber's stream, which go on evenly although the encodings they come from each count from a number of their own.</summary>
/// <remarks>RFC 3550 section 6.4.1: sender reports say which timestamps of two streams mean one moment. The meeting's thread. A value within its owner; not to be copied. Does not allocate.</remarks>
internal struct TimelineAlignment(int clockRate)
{
    /// <summary>Reports that would move the picture further than this from when it came are wrong or hostile.</summary>
    private static readonly TimeSpan LargestStep = TimeSpan.FromSeconds(1);

    private Instant latestAt;
    private bool hasBegun;

    /// <summary>The newest that was sent.</summary>
    public uint Latest { readonly get; private set; }

    public void HandleSent(Instant now, uint timestamp)
    {
        if (hasBegun && !RtpTimestamp.IsNewer(timestamp, Latest))
            return;
        (Latest, latestAt, hasBegun) = (timestamp, now, true);
    }

    /// <summary>What to add to the timestamps of a stream that begins with this packet.</summary>
    /// <param name="previous">The stream before it and what was added there; null where there was none.</param>
    public readonly uint OffsetFor(Instant now, StoredPacket packet, PublishedStream? previous, uint previousOffset)
    {
        if (!hasBegun)
            return 0;
        var expected = Latest + (uint)Ticks(now - latestAt);
        var offset = expected - packet.Timestamp;
        if (previous == packet.Stream)
            offset = previousOffset;
        else if (previous is not null && TryAlign(now, packet.Stream, previous, previousOffset, out var aligned))
            offset = aligned;
        var difference = RtpTimestamp.Distance(expected, packet.Timestamp + offset);
        if (Math.Abs((long)difference) > Ticks(LargestStep))
            offset = expected - packet.Timestamp;
        // Never back, and never twice the same: another picture has another time.
        if (!RtpTimestamp.IsNewer(packet.Timestamp + offset, Latest))
            offset = Latest + 1 - packet.Timestamp;
        return offset;
    }

    private readonly bool TryAlign(Instant now, PublishedStream stream, PublishedStream previous, uint previousOffset, out uint offset)
    {
        offset = 0;
        if (!stream.SenderReports.TryTranslate(now, 0, 0, default, out var here) || !previous.SenderReports.TryTranslate(now, 0, previousOffset, default, out var there))
            return false;
        // Where the previous stream stands for the subscriber at the moment that this stream's report speaks of.
        offset = there.RtpTimestamp + (uint)Ticks(NtpTime.Distance(there.NtpTimestamp, here.NtpTimestamp)) - here.RtpTimestamp;
        return true;
    }

    private readonly long Ticks(TimeSpan duration) => (long)((Int128)duration.Ticks * clockRate / TimeSpan.TicksPerSecond);
}
