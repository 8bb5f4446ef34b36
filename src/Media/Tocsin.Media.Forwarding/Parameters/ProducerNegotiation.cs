using Tocsin.Media.Forwarding.Publishing;
using Tocsin.Media.Wire.Rtp;

namespace Tocsin.Media.Forwarding.Parameters;

/// <summary>Checks what a client says of a track that it publishes, and makes of it what forwarding looks at.</summary>
internal static class ProducerNegotiation
{
    /// <summary>Browsers send up to three qualities; SVC has one stream.</summary>
    public const int MaximumEncodings = 4;

    private const int MaximumCodecs = 32;
    private const int MaximumHeaderExtensions = 32;

    /// <remarks>RFC 3550 section 6.5: the length of an item has eight bits.</remarks>
    private const int MaximumCanonicalNameLength = 255;

    /// <summary>As <c>S3T3h_KEY_SHIFT</c>.</summary>
    private const int MaximumScalabilityModeLength = 16;

    public static Refusal TryRead(MediaKind kind, RtpParameters parameters, out PublishedTrack? track)
    {
        track = null;
        if (!IsSound(parameters))
            return Refusal.MalformedParameters;
        var mid = default(StreamToken);
        if (parameters.Mid is not null && !StreamToken.TryParse(parameters.Mid, out mid))
            return Refusal.MalformedParameters;
        var codecs = ReadCodecs(kind, parameters.Codecs);
        if (codecs.Length == 0)
            return Refusal.UnsupportedCodec;
        if (!TryReadEncodings(kind, parameters.Encodings, mid, out var encodings))
            return Refusal.UnsupportedEncodings;
        if (!TryReadHeaderExtensions(parameters.HeaderExtensions, out var extensions))
            return Refusal.HeaderExtensionConflict;
        track = new PublishedTrack
        {
            Kind = kind,
            Mid = mid,
            Codecs = codecs,
            Encodings = encodings,
            HeaderExtensions = extensions,
            CanonicalName = parameters.Rtcp.CanonicalName ?? "",
            IsRepeatedAsItWas = kind == MediaKind.Audio && AnswersNacks(parameters.Codecs, codecs[0]) && !Array.Exists(extensions, extension => IsWrittenAnew(extension.Kind)),
        };
        return Refusal.None;
    }

    private static bool AnswersNacks(IReadOnlyList<RtpCodecParameters> codecs, TrackCodec codec)
    {
        foreach (var said in codecs)
        {
            if (said.PayloadType == codec.PayloadType)
                return said.RtcpFeedback.Contains(CodecMatching.Nack);
        }

        return false;
    }

    /// <summary>What a sender writes into a packet each time that it leaves.</summary>
    private static bool IsWrittenAnew(HeaderExtensionKind kind) => kind is HeaderExtensionKind.TransportSequenceNumber or HeaderExtensionKind.AbsoluteSendTime;

    private static bool IsSound(RtpParameters parameters)
    {
        if (parameters.Codecs.Count > MaximumCodecs || parameters.HeaderExtensions.Count > MaximumHeaderExtensions
            || (parameters.Rtcp.CanonicalName is { } name && !IsPlain(name, MaximumCanonicalNameLength)))
        {
            return false;
        }

        foreach (var encoding in parameters.Encodings)
        {
            if (encoding.ScalabilityMode is { } mode && !IsPlain(mode, MaximumScalabilityModeLength))
                return false;
        }

        var payloadTypes = new HashSet<byte>();
        foreach (var codec in parameters.Codecs)
        {
            if (codec.PayloadType > 127 || !payloadTypes.Add(codec.PayloadType))
                return false;
        }

        return true;
    }

    /// <summary>Visible ASCII: nothing that would end a line of SDP.</summary>
    private static bool IsPlain(string text, int longest) => text.Length <= longest && !text.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static TrackCodec[] ReadCodecs(MediaKind kind, IReadOnlyList<RtpCodecParameters> codecs)
    {
        var read = new List<TrackCodec>();
        foreach (var codec in codecs)
        {
            if (CodecMatching.IsRetransmission(codec.MimeType)
                || CodecMatching.FindCapability(RouterCapabilities.All, codec.MimeType, codec.ClockRate, codec.Channels, codec.Parameters) is not { } capability
                || capability.Kind != kind)
            {
                continue;
            }

            read.Add(new TrackCodec(codec.PayloadType, FindRetransmission(codecs, codec.PayloadType), capability, FormatOf(capability)));
        }

        return [.. read];
    }

    private static byte? FindRetransmission(IReadOnlyList<RtpCodecParameters> codecs, byte payloadType)
    {
        foreach (var codec in codecs)
        {
            if (CodecMatching.IsRetransmission(codec.MimeType) && codec.Parameters.ContainsKey(CodecMatching.AssociatedPayloadType)
                && CodecMatching.NumberOf(codec.Parameters, CodecMatching.AssociatedPayloadType) == payloadType)
            {
                return codec.PayloadType;
            }
        }

        return null;
    }

    private static PayloadFormat FormatOf(RtpCodecCapability capability) => capability.MimeType switch
    {
        "video/VP8" => PayloadFormat.Vp8,
        "video/VP9" => PayloadFormat.Vp9,
        "video/H264" => PayloadFormat.H264,
        "video/AV1" => PayloadFormat.Av1,
        _ => PayloadFormat.Opaque,
    };

    /// <summary>One encoding that an SSRC or a MID tells, or several that all have an SSRC or all a RID.</summary>
    private static bool TryReadEncodings(MediaKind kind, IReadOnlyList<RtpEncodingParameters> encodings, StreamToken mid, out TrackEncoding[] read)
    {
        read = [];
        if (encodings.Count < 1 || encodings.Count > (kind == MediaKind.Audio ? 1 : MaximumEncodings))
            return false;
        var streams = new List<TrackEncoding>();
        foreach (var encoding in encodings)
        {
            var rid = default(StreamToken);
            if (encoding.Rid is not null && !StreamToken.TryParse(encoding.Rid, out rid))
                return false;
            var isTold = encoding.Ssrc is not null || rid.Length > 0 || (mid.Length > 0 && encodings.Count == 1);
            if (!isTold || encoding.Ssrc == 0 || encoding.RtxSsrc == 0 || (encoding.RtxSsrc is not null && encoding.RtxSsrc == encoding.Ssrc))
                return false;
            foreach (var other in streams)
            {
                if ((rid.Length > 0 && other.Rid == rid) || rid.Length > 0 != other.Rid.Length > 0 || ShareSsrc(encoding, other))
                    return false;
            }

            streams.Add(new TrackEncoding(encoding.Ssrc, encoding.RtxSsrc, rid, encoding.ScalabilityMode, encoding.MaximumBitRate));
        }

        read = [.. streams];
        return true;
    }

    private static bool ShareSsrc(RtpEncodingParameters encoding, TrackEncoding other) =>
        Same(encoding.Ssrc, other.Ssrc) || Same(encoding.Ssrc, other.RtxSsrc) || Same(encoding.RtxSsrc, other.Ssrc) || Same(encoding.RtxSsrc, other.RtxSsrc);

    private static bool Same(uint? left, uint? right) => left is not null && left == right;

    /// <summary>Those that are known here. An id or a kind twice is a conflict.</summary>
    private static bool TryReadHeaderExtensions(IReadOnlyList<RtpHeaderExtensionParameters> extensions, out (HeaderExtensionKind Kind, byte Id)[] read)
    {
        var map = new HeaderExtensionMap();
        var known = new List<(HeaderExtensionKind, byte)>();
        read = [];
        foreach (var extension in extensions)
        {
            var kind = HeaderExtensionUri.ToKind(extension.Uri);
            if (kind == HeaderExtensionKind.None)
                continue;
            if (!map.TrySet(kind, extension.Id))
                return false;
            known.Add((kind, extension.Id));
        }

        read = [.. known];
        return true;
    }
}
