using System.Text.Json;
using Tocsin.Media.Engine.Dtls;
using Tocsin.Media.Engine.Ice;
using Tocsin.Server.Features.Meetings.Signalling;
using Engine = Tocsin.Media.Forwarding.Parameters;

namespace Tocsin.Server.Features.Meetings.Media;

/// <summary>The engine's words as clients take them.</summary>
internal static class RtpWriting
{
    /// <summary>What every device is loaded with: the same for every meeting.</summary>
    public static RtpCapabilities Router { get; } = Write(Tocsin.Media.Forwarding.Meetings.Meeting.Capabilities);

    public static RtpParameters Write(Engine.RtpParameters parameters) => new(
        parameters.Mid,
        [.. parameters.Codecs.Select(codec => new RtpCodec(codec.MimeType, codec.PayloadType, codec.ClockRate, codec.Channels, Write(codec.Parameters), Write(codec.RtcpFeedback)))],
        [.. parameters.HeaderExtensions.Select(extension => new RtpHeaderExtensionUse(extension.Uri, extension.Id, extension.Encrypt))],
        [.. parameters.Encodings.Select(encoding => new RtpEncoding(encoding.Ssrc, encoding.Rid, encoding.RtxSsrc is { } rtx ? new RtpRtx(rtx) : null, encoding.ScalabilityMode, encoding.MaximumBitRate, encoding.Dtx))],
        new RtcpParameters(parameters.Rtcp.CanonicalName, parameters.Rtcp.ReducedSize));

    public static IceParameters Write(IceCredentials credentials) => new(credentials.UsernameFragment, credentials.Password);

    public static DtlsParameters Write(DtlsFingerprint fingerprint) => new("server", [new DtlsFingerprintText(DtlsFingerprint.Algorithm, fingerprint.ToString())]);

    public static string Write(Engine.MediaKind kind) => kind == Engine.MediaKind.Audio ? "audio" : "video";

    private static RtpCapabilities Write(Engine.RtpCapabilities capabilities) => new(
        [.. capabilities.Codecs.Select(codec => new RtpCodecCapability(
            Write(codec.Kind), codec.MimeType, codec.PreferredPayloadType ?? 0, codec.ClockRate, codec.Channels, Write(codec.Parameters), Write(codec.RtcpFeedback)))],
        [.. capabilities.HeaderExtensions.Select(extension => new RtpHeaderExtension(
            Write(extension.Kind), extension.Uri, extension.PreferredId, extension.PreferredEncrypt, Write(extension.Direction)))]);

    private static string Write(Engine.HeaderExtensionDirection direction) => direction switch
    {
        Engine.HeaderExtensionDirection.SendOnly => "sendonly",
        Engine.HeaderExtensionDirection.ReceiveOnly => "recvonly",
        Engine.HeaderExtensionDirection.Inactive => "inactive",
        _ => "sendrecv",
    };

    private static Dictionary<string, JsonElement> Write(IReadOnlyDictionary<string, Engine.CodecParameter> parameters) => parameters.ToDictionary(
        parameter => parameter.Key,
        parameter => parameter.Value.Text is { } text ? JsonSerializer.SerializeToElement(text) : JsonSerializer.SerializeToElement(parameter.Value.Number),
        StringComparer.Ordinal);

    private static List<RtcpFeedback> Write(IReadOnlyList<Engine.RtcpFeedback> feedback) => [.. feedback.Select(one => new RtcpFeedback(one.Type, one.Parameter))];
}
