using Tocsin.Media.Forwarding.Publishing;

namespace Tocsin.Media.Forwarding.Subscribing;

/// <summary>
/// Which packets of one stream reach the subscriber, by the layers that it gets. It falls to lower layers at the next frame; it climbs only where a receiver can follow: to temporal
/// layers at switching points, to spatial ones at key frames. A frame is passed on whole or not at all.
/// </summary>
/// <remarks>RFC 7741 section 4.2 (Y), RFC 9628 section 4.2 (U, D), Dependency Descriptor section A.8.3. The meeting's thread. A value within its owner; not to be copied. Does not allocate.</remarks>
internal struct LayerFilter
{
    private Limits current;

    /// <summary>Until <see cref="changedAt"/>: late packets are judged as their frame was.</summary>
    private Limits before;

    private long changedAt;
    private long highestFrame;

    /// <summary>What is passed on at present.</summary>
    public readonly VideoLayers Layers => new(current.Spatial, current.Temporal);

    /// <summary>Nothing came before the key frame that comes next.</summary>
    public void Begin()
    {
        (current, before, changedAt, highestFrame) = (default, default, long.MinValue, long.MinValue);
        current.Target = before.Target = -1;
    }

    /// <summary>Whether a packet that is newer than all before it is passed on.</summary>
    public bool Accepts(StoredPacket packet, VideoLayers wanted)
    {
        var frame = packet.Frame;
        if (!frame.HasNumber)
            return packet.PayloadLength > 0;
        if (frame.Number > highestFrame)
        {
            var next = Move(packet.Stream.Frames, packet.Codec.Format, frame, wanted);
            if (next != current)
                (before, current, changedAt) = (current, next, frame.Number);
            highestFrame = frame.Number;
        }

        return IsWithin(current, frame);
    }

    /// <summary>Whether a packet is passed on whose frame others were passed on of, or left out, before.</summary>
    /// <param name="leeway">Temporal layers above those passed on.</param>
    public readonly bool AcceptsLate(in FrameInfo frame, int leeway)
    {
        var limits = frame.Number < changedAt ? before : current;
        limits.Temporal += leeway;
        return !frame.HasNumber || IsWithin(limits, frame);
    }

    /// <summary>The last packet of its picture that reaches the subscriber: it gets the marker.</summary>
    public readonly bool EndsPicture(in FrameInfo frame) => frame.HasNumber && frame.EndsFrame && frame.SpatialId == current.Spatial && current.Spatial < current.Highest;

    private static bool IsWithin(in Limits limits, in FrameInfo frame)
    {
        if (frame.HasTargets && limits.Target >= 0)
            return (frame.PresentTargets & (1u << limits.Target)) != 0;
        return frame.TemporalId <= limits.Temporal && frame.SpatialId <= limits.Spatial;
    }

    private readonly Limits Move(FrameReader stream, PayloadFormat format, in FrameInfo frame, VideoLayers wanted)
    {
        var limits = current with { Highest = stream.HighestSpatialId };
        if (frame.HasTargets)
            return MoveTarget(stream, frame, wanted, limits);
        if (frame.StartsKeyFrame)
            return limits with { Spatial = wanted.Spatial, Temporal = wanted.Temporal };
        // The first packet of the frame may be missing; then this is no place to climb, but always one to fall.
        limits.Spatial = Math.Min(limits.Spatial, wanted.Spatial);
        if (wanted.Temporal <= limits.Temporal)
            limits.Temporal = wanted.Temporal;
        else if (frame.IsSwitchingPoint && format == PayloadFormat.Vp8 && frame.TemporalId == limits.Temporal + 1)
            limits.Temporal++;
        else if (frame.IsSwitchingPoint && format == PayloadFormat.Vp9 && frame.TemporalId <= limits.Temporal)
            limits.Temporal = wanted.Temporal;
        return limits;
    }

    private static Limits MoveTarget(FrameReader stream, in FrameInfo frame, VideoLayers wanted, Limits limits)
    {
        var target = stream.FindTarget(wanted.Spatial, wanted.Temporal);
        if (target < 0 || target == limits.Target)
            return limits;
        var (spatial, temporal) = stream.LayersOf(target);
        var falls = limits.Target >= 0 && spatial <= limits.Spatial && temporal <= limits.Temporal;
        if (!falls && !frame.StartsKeyFrame && (frame.SwitchTargets & (1u << target)) == 0 && limits.Target >= 0)
            return limits;
        return limits with { Target = target, Spatial = spatial, Temporal = temporal };
    }

    private record struct Limits
    {
        public int Spatial;
        public int Temporal;

        /// <summary>The decode target; -1 where the stream has none.</summary>
        public int Target;

        /// <summary>The highest spatial layer that the stream has.</summary>
        public int Highest;
    }
}
