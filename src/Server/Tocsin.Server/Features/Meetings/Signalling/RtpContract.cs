using System.Text.Json;

namespace Tocsin.Server.Features.Meetings.Signalling;

// What mediasoup-client 3 takes and gives, member by member (mediasoup's "RTP Parameters and Capabilities"). Numbers and names come from clients:
// RtpReading holds them to bounds. What is absent is left out, as the library expects, where the rest of our contract writes null.

/// <summary>What a router, or a device, can receive.</summary>
[LeavesOutNulls]
internal sealed record RtpCapabilities(IReadOnlyList<RtpCodecCapability> Codecs, IReadOnlyList<RtpHeaderExtension> HeaderExtensions);

/// <param name="Kind"><c>audio</c> or <c>video</c>.</param>
/// <param name="Parameters">Of the format (fmtp): words or numbers.</param>
[LeavesOutNulls]
internal sealed record RtpCodecCapability(
    string Kind,
    string MimeType,
    int? PreferredPayloadType,
    int ClockRate,
    int? Channels,
    IReadOnlyDictionary<string, JsonElement>? Parameters,
    IReadOnlyList<RtcpFeedback>? RtcpFeedback);

[LeavesOutNulls]
internal sealed record RtpHeaderExtension(string Kind, string Uri, int PreferredId, bool PreferredEncrypt = false, string Direction = "sendrecv");

[LeavesOutNulls]
internal sealed record RtcpFeedback(string Type, string? Parameter = null);

/// <summary>How one producer sends, with the browser's numbers, or how one consumer receives, with the router's.</summary>
[LeavesOutNulls]
internal sealed record RtpParameters(
    string? Mid,
    IReadOnlyList<RtpCodec> Codecs,
    IReadOnlyList<RtpHeaderExtensionUse>? HeaderExtensions,
    IReadOnlyList<RtpEncoding>? Encodings,
    RtcpParameters? Rtcp);

[LeavesOutNulls]
internal sealed record RtpCodec(
    string MimeType, int PayloadType, int ClockRate, int? Channels, IReadOnlyDictionary<string, JsonElement>? Parameters, IReadOnlyList<RtcpFeedback>? RtcpFeedback);

[LeavesOutNulls]
internal sealed record RtpHeaderExtensionUse(string Uri, int Id, bool Encrypt = false);

/// <param name="ScalabilityMode">W3C webrtc-svc: <c>L1T3</c>, <c>L3T3_KEY</c> and the like.</param>
[LeavesOutNulls]
internal sealed record RtpEncoding(uint? Ssrc, string? Rid, RtpRtx? Rtx, string? ScalabilityMode = null, double? MaxBitrate = null, bool? Dtx = null);

[LeavesOutNulls]
internal sealed record RtpRtx(uint Ssrc);

[LeavesOutNulls]
internal sealed record RtcpParameters(string? Cname, bool? ReducedSize = true, bool? Mux = true);

[LeavesOutNulls]
internal sealed record IceParameters(string UsernameFragment, string Password, bool IceLite = true);

/// <param name="Ip">The address once more: older clients read it there.</param>
[LeavesOutNulls]
internal sealed record IceCandidate(string Foundation, uint Priority, string Address, string Ip, string Protocol, int Port, string Type, string? TcpType);

[LeavesOutNulls]
internal sealed record DtlsParameters(string? Role, IReadOnlyList<DtlsFingerprintText> Fingerprints);

/// <param name="Algorithm">RFC 8122: <c>sha-256</c>.</param>
/// <param name="Value">Pairs of hexadecimal digits with colons between.</param>
[LeavesOutNulls]
internal sealed record DtlsFingerprintText(string Algorithm, string Value);

[LeavesOutNulls]
internal sealed record Transport(string Id, IceParameters IceParameters, IReadOnlyList<IceCandidate> IceCandidates, DtlsParameters DtlsParameters);
