using Tocsin.Media.Forwarding.Parameters;
using Tocsin.Media.Wire.Rtp;

namespace Tocsin.Media.Forwarding.Publishing;

/// <summary>How a track is read that is coded so; what is none of these is passed on whole.</summary>
internal enum PayloadFormat
{
    Opaque,
    Vp8,
    Vp9,
    H264,
    Av1,
}

/// <summary>What a publisher said of a track, checked and made ready for looking up: never more than a few of anything.</summary>
internal sealed class PublishedTrack
{
    public required MediaKind Kind { get; init; }

    /// <summary>Default where it was not said.</summary>
    public required StreamToken Mid { get; init; }

    /// <summary>In the publisher's order, at least one.</summary>
    public required TrackCodec[] Codecs { get; init; }

    /// <summary>The lowest first, at least one.</summary>
    public required TrackEncoding[] Encodings { get; init; }

    /// <summary>With the publisher's ids.</summary>
    public required (HeaderExtensionKind Kind, byte Id)[] HeaderExtensions { get; init; }

    /// <summary>As said, or empty.</summary>
    public required string CanonicalName { get; init; }

    /// <summary>
    /// Whether lost packets of a voice may be asked for. Browsers know no stream of retransmissions for audio: they send the same packet once more, under the same nonce. With another time or
    /// number in its header, that would give away the key that authenticates AES-GCM, so only those are asked that write neither.
    /// </summary>
    public bool IsRepeatedAsItWas { get; init; }
}

/// <param name="PayloadType">The publisher's.</param>
/// <param name="RtxPayloadType">The publisher's; null where it does not retransmit.</param>
/// <param name="Capability">The router's codec.</param>
internal sealed record TrackCodec(byte PayloadType, byte? RtxPayloadType, RtpCodecCapability Capability, PayloadFormat Format);

/// <param name="Rid">Default where SSRCs tell the streams.</param>
internal sealed record TrackEncoding(uint? Ssrc, uint? RtxSsrc, StreamToken Rid, string? ScalabilityMode, long? MaximumBitRate);
