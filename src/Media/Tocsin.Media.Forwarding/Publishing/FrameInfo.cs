using System.Runtime.InteropServices;

namespace Tocsin.Media.Forwarding.Publishing;

/// <summary>What a packet says of the frame that it is of, whatever its codec: all that choosing layers needs.</summary>
[StructLayout(LayoutKind.Auto)]
internal record struct FrameInfo
{
    /// <summary>Whether <see cref="Number"/> is known: without it, layers cannot be told and everything is passed on.</summary>
    public bool HasNumber;

    /// <summary>Unrolled: the picture id (VP8, VP9; one for all spatial layers of a picture) or the frame number (Dependency Descriptor).</summary>
    public long Number;

    /// <summary>The first packet of a frame; with SVC, of one spatial layer.</summary>
    public bool StartsFrame;

    /// <summary>The last packet of a frame; with SVC, of one spatial layer.</summary>
    public bool EndsFrame;

    /// <summary>The first packet of what a decoder can start from.</summary>
    public bool StartsKeyFrame;

    public byte SpatialId;

    public byte TemporalId;

    /// <summary>VP8: refers to the base layer only, so a receiver may climb to this layer. VP9: higher temporal layers after it refer to nothing before it.</summary>
    public bool IsSwitchingPoint;

    /// <summary>Whether the two masks are known (Dependency Descriptor).</summary>
    public bool HasTargets;

    /// <summary>The decode targets that need this frame, a bit for each.</summary>
    public uint PresentTargets;

    /// <summary>The decode targets that can be decoded from here on, whatever of them came before.</summary>
    public uint SwitchTargets;
}
