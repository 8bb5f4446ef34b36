namespace Tocsin.Media.Forwarding.Parameters;

/// <summary>How one track is sent, in the shape of mediasoup's <c>RtpParameters</c>. From a client (<c>produce</c>) it carries the browser's payload types and extension ids; to a client
/// (<c>consume</c>) the router's.</summary>
/// <param name="Mid">Null where it is not said.</param>
/// <param name="Codecs">In order of preference, each with its retransmission format after it where it has one.</param>
/// <param name="Encodings">One, or with simulcast one for each quality, the lowest first.</param>
public sealed record RtpParameters(
    string? Mid,
    IReadOnlyList<RtpCodecParameters> Codecs,
    IReadOnlyList<RtpHeaderExtensionParameters> HeaderExtensions,
    IReadOnlyList<RtpEncodingParameters> Encodings,
    RtcpParameters Rtcp);

/// <inheritdoc cref="RtpCodecCapability"/>
/// <param name="PayloadType">0 to 127.</param>
public sealed record RtpCodecParameters(
    string MimeType,
    byte PayloadType,
    int ClockRate,
    int? Channels,
    IReadOnlyDictionary<string, CodecParameter> Parameters,
    IReadOnlyList<RtcpFeedback> RtcpFeedback);

/// <param name="Id">1 to 255, but 15.</param>
public sealed record RtpHeaderExtensionParameters(string Uri, byte Id, bool Encrypt = false);

/// <summary>One stream of a track.</summary>
/// <param name="Ssrc">Null where a RID tells the stream.</param>
/// <param name="RtxSsrc">Of its retransmissions.</param>
/// <param name="Rid">RFC 8852; null where an SSRC tells the stream.</param>
/// <param name="ScalabilityMode">As <c>L1T3</c>, <c>L3T3_KEY</c>; null where it is not said.</param>
/// <param name="MaximumBitRate">In bits a second; null where it is not said.</param>
/// <param name="Dtx">Whether silence is not sent.</param>
public sealed record RtpEncodingParameters(
    uint? Ssrc = null, uint? RtxSsrc = null, string? Rid = null, string? ScalabilityMode = null, long? MaximumBitRate = null, bool? Dtx = null);

/// <param name="CanonicalName">The CNAME: streams of one have one clock (RFC 3550 section 6.5.1).</param>
public sealed record RtcpParameters(string? CanonicalName, bool ReducedSize = true);
