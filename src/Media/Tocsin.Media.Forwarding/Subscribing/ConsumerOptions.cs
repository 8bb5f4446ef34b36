using System.Runtime.InteropServices;

namespace Tocsin.Media.Forwarding.Subscribing;

/// <summary>A quality: with simulcast the spatial layer is the encoding, the lowest 0; with SVC it is the stream's own. Temporal layers are frame rates.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct VideoLayers(int Spatial, int Temporal)
{
    /// <summary>All that is sent.</summary>
    public static VideoLayers Highest { get; } = new(int.MaxValue, int.MaxValue);
}

/// <summary>What a subscriber shows large. Where the path does not carry everything, the lower value gets its best layers first; audio is before all of them.</summary>
public enum VideoPriority
{
    Screen,
    Speaker,
    Thumbnail,
}

/// <param name="IsPaused">Nothing is sent until <see cref="Consumer.Resume"/>: the client asks for it when its receiver is ready, so that it misses no key frame.</param>
/// <param name="Priority">Null: a screen's is that of screens, a camera's that of thumbnails.</param>
/// <param name="PreferredLayers">No higher ones are sent. Null: <see cref="VideoLayers.Highest"/>.</param>
public sealed record ConsumerOptions(bool IsPaused = false, VideoPriority? Priority = null, VideoLayers? PreferredLayers = null);
