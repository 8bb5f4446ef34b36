using System.Runtime.InteropServices;

namespace Tocsin.Media.Forwarding.Parameters;

/// <summary>On the wire "audio" or "video".</summary>
public enum MediaKind
{
    Audio,
    Video,
}

/// <summary>What a router or a device can send and receive, in the shape of mediasoup's <c>RtpCapabilities</c>. Plain data: nothing of it is believed before it is checked.</summary>
public sealed record RtpCapabilities(IReadOnlyList<RtpCodecCapability> Codecs, IReadOnlyList<RtpHeaderExtensionCapability> HeaderExtensions);

/// <summary>A codec, or the retransmission of one (<c>video/rtx</c> with the parameter <c>apt</c>).</summary>
/// <param name="MimeType">As <c>video/VP8</c>; compared without regard to case.</param>
/// <param name="ClockRate">Ticks of its timestamps a second.</param>
/// <param name="Channels">Of audio; null means 1, and for video nothing.</param>
/// <param name="Parameters">The format's own, by name.</param>
public sealed record RtpCodecCapability(
    MediaKind Kind,
    string MimeType,
    byte? PreferredPayloadType,
    int ClockRate,
    int? Channels,
    IReadOnlyDictionary<string, CodecParameter> Parameters,
    IReadOnlyList<RtcpFeedback> RtcpFeedback);

/// <summary>A parameter of a codec: a number or a text. Clients compare them with their type, so that 1 is not "1".</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CodecParameter
{
    private CodecParameter(string? text, long number) => (Text, Number) = (text, number);

    /// <summary>Null where it is a number.</summary>
    public string? Text { get; }

    /// <summary>Of meaning where <see cref="Text"/> is null.</summary>
    public long Number { get; }

    public static implicit operator CodecParameter(long number) => new(null, number);

    public static implicit operator CodecParameter(string text) => new(text, 0);

    public override string ToString() => Text ?? Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <param name="Type">As <c>nack</c>, <c>ccm</c>, <c>transport-cc</c>.</param>
/// <param name="Parameter">As <c>pli</c>, <c>fir</c>; empty where there is none.</param>
/// <remarks>RFC 4585 section 4.2.</remarks>
public sealed record RtcpFeedback(string Type, string Parameter = "");

/// <summary>From the view of whoever states it; on the wire "sendrecv", "sendonly", "recvonly", "inactive".</summary>
public enum HeaderExtensionDirection
{
    SendReceive,
    SendOnly,
    ReceiveOnly,
    Inactive,
}

/// <param name="Kind">Which media it goes with.</param>
/// <param name="Uri">As in <see cref="Wire.Rtp.HeaderExtensionUri"/>.</param>
public sealed record RtpHeaderExtensionCapability(
    MediaKind Kind, string Uri, byte PreferredId, bool PreferredEncrypt = false, HeaderExtensionDirection Direction = HeaderExtensionDirection.SendReceive);
