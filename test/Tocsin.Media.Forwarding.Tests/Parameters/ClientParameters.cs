using Tocsin.Media.Forwarding.Parameters;
using Tocsin.Media.Wire.Rtp;

namespace Tocsin.Media.Forwarding.Tests.Parameters;

/// <summary>What a browser would say through its signalling: its own payload types and ids, which are not the router's.</summary>
internal static class ClientParameters
{
    public static readonly IReadOnlyDictionary<string, CodecParameter> None = new Dictionary<string, CodecParameter>();

    /// <param name="repeats">As Chromium by mediasoup-client: it answers requests for lost packets, and writes nothing into its headers that changes.</param>
    public static RtpParameters Opus(string mid, uint ssrc, byte audioLevelId = 11, bool repeats = false) => new(
        mid,
        [new("audio/opus", 63, 48_000, 2, None, repeats ? [new("nack")] : [])],
        [new(HeaderExtensionUri.Mid, 4), new(HeaderExtensionUri.AudioLevel, audioLevelId), .. repeats ? [] : (RtpHeaderExtensionParameters[])[new(HeaderExtensionUri.TransportSequenceNumber, 3)]],
        [new(Ssrc: ssrc)],
        new("a-name"));

    public static RtpParameters Video(string mid, string mimeType, params RtpEncodingParameters[] encodings) => new(
        mid,
        [
            new(mimeType, 120, 90_000, null, ParametersOf(mimeType), [new("nack"), new("nack", "pli")]),
            new("video/rtx", 121, 90_000, null, new Dictionary<string, CodecParameter> { ["apt"] = 120 }, []),
        ],
        [
            new(HeaderExtensionUri.Mid, 4), new(HeaderExtensionUri.Rid, 10), new(HeaderExtensionUri.RepairedRid, 9), new(HeaderExtensionUri.TransportSequenceNumber, 3),
            new(HeaderExtensionUri.DependencyDescriptor, 12),
        ],
        encodings,
        new("a-name"));

    public static RtpParameters Simulcast(string mid, string mimeType = "video/VP8", int count = 3) =>
        Video(mid, mimeType, [.. Enumerable.Range(0, count).Select(index => new RtpEncodingParameters(Rid: $"r{index}", ScalabilityMode: "L1T3"))]);

    private static IReadOnlyDictionary<string, CodecParameter> ParametersOf(string mimeType) => mimeType switch
    {
        "video/H264" => new Dictionary<string, CodecParameter> { ["packetization-mode"] = 1, ["profile-level-id"] = "42e01f" },
        "video/VP9" => new Dictionary<string, CodecParameter> { ["profile-id"] = 0 },
        _ => None,
    };
}
