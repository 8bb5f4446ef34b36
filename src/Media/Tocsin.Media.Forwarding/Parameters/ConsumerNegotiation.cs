using System.Globalization;
using Tocsin.Media.Forwarding.Publishing;
using Tocsin.Media.Wire.Rtp;

namespace Tocsin.Media.Forwarding.Parameters;

/// <summary>The SSRCs of a consumer.</summary>
/// <param name="Rtx">0 where the track is not retransmitted.</param>
internal readonly record struct ConsumerSsrcs(uint Media, uint Rtx);

/// <summary>What a subscriber is told of a track: what the publisher sends, the router passes on and the device understands, in the router's payload types and ids.</summary>
/// <remarks>Of the publisher's own words only the canonical name and the scalability mode get there, both checked: a client writes what it is told into SDP, where a line is soon forged.</remarks>
internal static class ConsumerNegotiation
{
    public static bool CanConsume(PublishedTrack track, RtpCapabilities device)
    {
        foreach (var codec in track.Codecs)
        {
            if (FindIn(device, codec.Capability) is not null)
                return true;
        }

        return false;
    }

    /// <summary>Null where the device understands none of its codecs.</summary>
    /// <param name="mid">Of the subscriber's transport; no other consumer's.</param>
    public static RtpParameters? TryWrite(PublishedTrack track, RtpCapabilities device, int mid, ConsumerSsrcs ssrcs)
    {
        var codecs = new List<RtpCodecParameters>();
        var isRetransmitted = false;
        foreach (var codec in track.Codecs)
        {
            if (FindIn(device, codec.Capability) is not { } known)
                continue;
            codecs.Add(new RtpCodecParameters(
                codec.Capability.MimeType, PayloadTypeOf(codec.Capability), codec.Capability.ClockRate, codec.Capability.Channels,
                codec.Capability.Parameters, [.. codec.Capability.RtcpFeedback.Where(known.RtcpFeedback.Contains)]));
            if (FindRetransmission(codec.Capability) is not { } retransmission || !HasRetransmission(device, known))
                continue;
            isRetransmitted = true;
            codecs.Add(new RtpCodecParameters(
                retransmission.MimeType, PayloadTypeOf(retransmission), retransmission.ClockRate, null, retransmission.Parameters, []));
        }

        if (codecs.Count == 0)
            return null;
        var encoding = new RtpEncodingParameters(ssrcs.Media, isRetransmitted ? ssrcs.Rtx : null, ScalabilityMode: ScalabilityModeOf(track));
        return new RtpParameters(
            mid.ToString(CultureInfo.InvariantCulture), codecs, HeaderExtensionsFor(track, device), [encoding], new RtcpParameters(track.CanonicalName));
    }

    /// <summary>The router's format for retransmissions of one of its codecs.</summary>
    public static RtpCodecCapability? FindRetransmission(RtpCodecCapability codec)
    {
        foreach (var capability in RouterCapabilities.All.Codecs)
        {
            if (CodecMatching.IsRetransmission(capability.MimeType)
                && CodecMatching.NumberOf(capability.Parameters, CodecMatching.AssociatedPayloadType) == PayloadTypeOf(codec))
            {
                return capability;
            }
        }

        return null;
    }

    /// <summary>The router gives every codec of its own a payload type.</summary>
    public static byte PayloadTypeOf(RtpCodecCapability capability) => capability.PreferredPayloadType!.Value;

    /// <summary>Extensions that tell streams apart are left out: a consumer's SSRCs are told beforehand.</summary>
    private static bool IsPassedOn(HeaderExtensionKind kind) => kind is HeaderExtensionKind.TransportSequenceNumber or HeaderExtensionKind.AbsoluteSendTime
        or HeaderExtensionKind.AudioLevel or HeaderExtensionKind.DependencyDescriptor or HeaderExtensionKind.VideoOrientation;

    private static RtpCodecCapability? FindIn(RtpCapabilities device, RtpCodecCapability codec) =>
        CodecMatching.FindCapability(device, codec.MimeType, codec.ClockRate, codec.Channels, codec.Parameters);

    private static bool HasRetransmission(RtpCapabilities device, RtpCodecCapability codec)
    {
        foreach (var capability in device.Codecs)
        {
            if (CodecMatching.IsRetransmission(capability.MimeType)
                && CodecMatching.NumberOf(capability.Parameters, CodecMatching.AssociatedPayloadType) == codec.PreferredPayloadType)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Several encodings become one stream that changes its quality.</summary>
    private static string? ScalabilityModeOf(PublishedTrack track) => track.Encodings.Length == 1 ? track.Encodings[0].ScalabilityMode : null;

    private static List<RtpHeaderExtensionParameters> HeaderExtensionsFor(PublishedTrack track, RtpCapabilities device)
    {
        var extensions = new List<RtpHeaderExtensionParameters>();
        foreach (var capability in RouterCapabilities.All.HeaderExtensions)
        {
            if (capability.Kind == track.Kind && IsPassedOn(HeaderExtensionUri.ToKind(capability.Uri)) && Knows(device, capability))
                extensions.Add(new RtpHeaderExtensionParameters(capability.Uri, capability.PreferredId));
        }

        // Both tell when a packet left; the feedback on the one is what estimates are made of, so the other would be four bytes for nothing.
        if (extensions.Exists(extension => extension.Uri == HeaderExtensionUri.TransportSequenceNumber))
            extensions.RemoveAll(extension => extension.Uri == HeaderExtensionUri.AbsoluteSendTime);
        return extensions;
    }

    /// <remarks>
    /// Feedback is on all that a transport carries, so knowing its numbers for one kind is knowing them for the other. mediasoup-client tells extensions by id, of which browsers give one to
    /// each URI, and so names those that both kinds have for video only.
    /// </remarks>
    private static bool Knows(RtpCapabilities device, RtpHeaderExtensionCapability extension)
    {
        foreach (var known in device.HeaderExtensions)
        {
            if ((known.Kind == extension.Kind || extension.Uri == HeaderExtensionUri.TransportSequenceNumber) && known.Uri == extension.Uri && known.Direction is HeaderExtensionDirection.SendReceive or HeaderExtensionDirection.ReceiveOnly)
                return true;
        }

        return false;
    }
}
