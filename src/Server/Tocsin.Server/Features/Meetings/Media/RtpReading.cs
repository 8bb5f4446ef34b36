using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Tocsin.Server.Features.Meetings.Signalling;
using Engine = Tocsin.Media.Forwarding.Parameters;

namespace Tocsin.Server.Features.Meetings.Media;

/// <summary>What clients say of their media, into the engine's words. What is beyond a bound, or of another form, is refused as a whole: no browser says it.</summary>
internal static class RtpReading
{
    // Chromium lists some 40 formats with their retransmissions; a producer of it sends 2 to 6.
    private const int MostCapabilities = 128;
    private const int MostCodecs = 16;
    private const int MostExtensions = 32;
    private const int MostEncodings = 4;
    private const int MostFeedback = 16;
    private const int MostParameters = 32;
    private const int LongestName = 64;
    private const int LongestText = 256;

    public static bool TryRead(RtpCapabilities? said, [NotNullWhen(true)] out Engine.RtpCapabilities? read)
    {
        read = null;
        if (said is not { Codecs: { } codecs } || codecs.Count > MostCapabilities || said.HeaderExtensions is { Count: > MostCapabilities }) return false;
        var readCodecs = new List<Engine.RtpCodecCapability>(codecs.Count);
        foreach (var codec in codecs)
        {
            if (codec is null || !TryReadKind(codec.Kind, out var kind) || !IsName(codec.MimeType) || codec.PreferredPayloadType is < 0 or > 127 || !IsRate(codec.ClockRate, codec.Channels)) return false;
            if (!TryRead(codec.Parameters, out var parameters) || !TryRead(codec.RtcpFeedback, out var feedback)) return false;
            readCodecs.Add(new(kind, codec.MimeType, (byte?)codec.PreferredPayloadType, codec.ClockRate, codec.Channels, parameters, feedback));
        }

        var extensions = new List<Engine.RtpHeaderExtensionCapability>();
        foreach (var extension in said.HeaderExtensions ?? [])
        {
            if (extension is null || !TryReadKind(extension.Kind, out var kind) || !IsText(extension.Uri) || extension.PreferredId is < 0 or > 255) return false;
            extensions.Add(new(kind, extension.Uri, (byte)extension.PreferredId, extension.PreferredEncrypt, DirectionOf(extension.Direction)));
        }

        read = new(readCodecs, extensions);
        return true;
    }

    public static bool TryRead(RtpParameters? said, [NotNullWhen(true)] out Engine.RtpParameters? read)
    {
        read = null;
        if (said is not { Codecs: { Count: > 0 and <= MostCodecs } codecs } || said.HeaderExtensions is { Count: > MostExtensions } || said.Encodings is not { Count: > 0 and <= MostEncodings } encodings) return false;
        if ((said.Mid is not null && !IsName(said.Mid)) || said.Rtcp?.Cname is { Length: > LongestText }) return false;
        var readCodecs = new List<Engine.RtpCodecParameters>(codecs.Count);
        foreach (var codec in codecs)
        {
            if (codec is null || !IsName(codec.MimeType) || codec.PayloadType is < 0 or > 127 || !IsRate(codec.ClockRate, codec.Channels)) return false;
            if (!TryRead(codec.Parameters, out var parameters) || !TryRead(codec.RtcpFeedback, out var feedback)) return false;
            readCodecs.Add(new(codec.MimeType, (byte)codec.PayloadType, codec.ClockRate, codec.Channels, parameters, feedback));
        }

        if (!TryRead(said.HeaderExtensions, out var extensions) || !TryRead(encodings, out var readEncodings)) return false;
        read = new(said.Mid, readCodecs, extensions, readEncodings, new(said.Rtcp?.Cname, said.Rtcp?.ReducedSize ?? true));
        return true;
    }

    /// <summary>"audio" or "video".</summary>
    public static bool TryReadKind(string? word, out Engine.MediaKind kind)
    {
        kind = word == "video" ? Engine.MediaKind.Video : Engine.MediaKind.Audio;
        return word is "audio" or "video";
    }

    private static bool TryRead(IReadOnlyList<RtpHeaderExtensionUse>? said, out List<Engine.RtpHeaderExtensionParameters> read)
    {
        read = [];
        foreach (var extension in said ?? [])
        {
            if (extension is null || !IsText(extension.Uri) || extension.Id is < 1 or > 255) return false;
            read.Add(new(extension.Uri, (byte)extension.Id, extension.Encrypt));
        }

        return true;
    }

    private static bool TryRead(IReadOnlyList<RtpEncoding> said, out List<Engine.RtpEncodingParameters> read)
    {
        read = [];
        foreach (var encoding in said)
        {
            if (encoding is null || (encoding.Rid is not null && !IsName(encoding.Rid)) || (encoding.ScalabilityMode is not null && !IsName(encoding.ScalabilityMode))) return false;
            if (encoding.MaxBitrate is < 0 or > long.MaxValue / 2 or double.NaN) return false;
            read.Add(new(encoding.Ssrc, encoding.Rtx?.Ssrc, encoding.Rid, encoding.ScalabilityMode, (long?)encoding.MaxBitrate, encoding.Dtx));
        }

        return true;
    }

    private static bool TryRead(IReadOnlyDictionary<string, JsonElement>? said, out Dictionary<string, Engine.CodecParameter> read)
    {
        read = new(StringComparer.Ordinal);
        if (said is { Count: > MostParameters }) return false;
        foreach (var (name, value) in said ?? new Dictionary<string, JsonElement>(StringComparer.Ordinal))
        {
            if (!IsName(name)) return false;
            if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)) read[name] = number;
            else if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: <= LongestText } text) read[name] = text;
            else return false;
        }

        return true;
    }

    private static bool TryRead(IReadOnlyList<RtcpFeedback>? said, out List<Engine.RtcpFeedback> read)
    {
        read = [];
        if (said is { Count: > MostFeedback }) return false;
        foreach (var feedback in said ?? [])
        {
            if (feedback is null || !IsName(feedback.Type) || feedback.Parameter is { Length: > LongestName }) return false;
            read.Add(new(feedback.Type, feedback.Parameter ?? ""));
        }

        return true;
    }

    private static Engine.HeaderExtensionDirection DirectionOf(string? word) => word switch
    {
        "sendonly" => Engine.HeaderExtensionDirection.SendOnly,
        "recvonly" => Engine.HeaderExtensionDirection.ReceiveOnly,
        "inactive" => Engine.HeaderExtensionDirection.Inactive,
        _ => Engine.HeaderExtensionDirection.SendReceive,
    };

    private static bool IsRate(int clockRate, int? channels) => clockRate is > 0 and <= 1_000_000 && channels is null or > 0 and <= 255;

    private static bool IsName([NotNullWhen(true)] string? text) => text is { Length: > 0 and <= LongestName };

    private static bool IsText([NotNullWhen(true)] string? text) => text is { Length: > 0 and <= LongestText };
}
