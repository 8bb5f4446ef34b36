using Tocsin.Media.Wire.Rtp;

namespace Tocsin.Media.Forwarding.Parameters;

/// <summary>What every meeting can take and pass on. Payload types and ids are the router's: no browser's are passed through.</summary>
/// <remarks>
/// Payload types 96 to 127 are dynamic (RFC 3551 section 6). Extension ids stay below 15, so that the one-byte form carries all but long values. The Dependency Descriptor is
/// listed because AV1 and H264 layers cannot be read without it.
/// </remarks>
public static class RouterCapabilities
{
    public const byte OpusPayloadType = 111;
    public const byte Vp8PayloadType = 96;
    public const byte Vp9PayloadType = 98;
    public const byte H264PayloadType = 102;
    public const byte Av1PayloadType = 104;

    private static readonly Dictionary<string, CodecParameter> NoParameters = [];

    private static readonly RtcpFeedback[] VideoFeedback =
    [
        CodecMatching.Nack, new("nack", "pli"), new("ccm", "fir"), new("transport-cc"),
    ];

    /// <summary>In the order in which a meeting prefers them.</summary>
    public static RtpCapabilities All { get; } = new(
        [
            // In-band FEC mends single losses without a round trip, where the encoder adds it; the rest is asked for. Silence is not sent (RFC 7587 section 6.1).
            new(
                MediaKind.Audio, "audio/opus", OpusPayloadType, 48_000, 2, new Dictionary<string, CodecParameter> { ["useinbandfec"] = 1, ["usedtx"] = 1 },
                [CodecMatching.Nack, new("transport-cc")]),
            .. WithRetransmission("video/VP8", Vp8PayloadType, NoParameters),
            .. WithRetransmission("video/VP9", Vp9PayloadType, new() { ["profile-id"] = 0 }),
            .. WithRetransmission("video/AV1", Av1PayloadType, NoParameters),
            // Constrained baseline, level 3.1, which every browser encodes and decodes (RFC 7742 section 6.2).
            .. WithRetransmission(
                "video/H264", H264PayloadType, new() { ["packetization-mode"] = 1, ["profile-level-id"] = "42e01f", ["level-asymmetry-allowed"] = 1 }),
        ],
        [
            new(MediaKind.Audio, HeaderExtensionUri.Mid, 1),
            new(MediaKind.Video, HeaderExtensionUri.Mid, 1),
            new(MediaKind.Video, HeaderExtensionUri.Rid, 2, Direction: HeaderExtensionDirection.ReceiveOnly),
            new(MediaKind.Video, HeaderExtensionUri.RepairedRid, 3, Direction: HeaderExtensionDirection.ReceiveOnly),
            new(MediaKind.Audio, HeaderExtensionUri.AbsoluteSendTime, 4),
            new(MediaKind.Video, HeaderExtensionUri.AbsoluteSendTime, 4),
            new(MediaKind.Audio, HeaderExtensionUri.TransportSequenceNumber, 5),
            new(MediaKind.Video, HeaderExtensionUri.TransportSequenceNumber, 5),
            new(MediaKind.Audio, HeaderExtensionUri.AudioLevel, 6),
            new(MediaKind.Video, HeaderExtensionUri.DependencyDescriptor, 7),
            new(MediaKind.Video, HeaderExtensionUri.VideoOrientation, 8),
        ]);

    private static RtpCodecCapability[] WithRetransmission(string mimeType, byte payloadType, Dictionary<string, CodecParameter> parameters) =>
    [
        new(MediaKind.Video, mimeType, payloadType, 90_000, null, parameters, VideoFeedback),
        new(MediaKind.Video, CodecMatching.RetransmissionMimeType, (byte)(payloadType + 1), 90_000, null,
            new Dictionary<string, CodecParameter> { [CodecMatching.AssociatedPayloadType] = payloadType }, []),
    ];
}
