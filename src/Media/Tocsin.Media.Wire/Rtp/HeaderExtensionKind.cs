namespace Tocsin.Media.Wire.Rtp;

/// <summary>The header extensions that are known here, whatever ids the peers gave them.</summary>
public enum HeaderExtensionKind
{
    None,
    Mid,
    Rid,
    RepairedRid,
    AudioLevel,
    AbsoluteSendTime,
    TransportSequenceNumber,
    DependencyDescriptor,
    VideoOrientation,
    PlayoutDelay,
    AbsoluteCaptureTime,
    VideoLayersAllocation,
    TransmissionOffset,
}

/// <summary>The names that sessions negotiate them by.</summary>
public static class HeaderExtensionUri
{
    public const string Mid = "urn:ietf:params:rtp-hdrext:sdes:mid";
    public const string Rid = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";
    public const string RepairedRid = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id";
    public const string AudioLevel = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
    public const string AbsoluteSendTime = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";
    public const string TransportSequenceNumber = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
    public const string DependencyDescriptor = "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension";
    public const string VideoOrientation = "urn:3gpp:video-orientation";
    public const string PlayoutDelay = "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay";
    public const string AbsoluteCaptureTime = "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time";
    public const string VideoLayersAllocation = "http://www.webrtc.org/experiments/rtp-hdrext/video-layers-allocation00";
    public const string TransmissionOffset = "urn:ietf:params:rtp-hdrext:toffset";

    /// <summary><see cref="HeaderExtensionKind.None"/> for one that is not known here.</summary>
    public static HeaderExtensionKind ToKind(string uri) => uri switch
    {
        Mid => HeaderExtensionKind.Mid,
        Rid => HeaderExtensionKind.Rid,
        RepairedRid => HeaderExtensionKind.RepairedRid,
        AudioLevel => HeaderExtensionKind.AudioLevel,
        AbsoluteSendTime => HeaderExtensionKind.AbsoluteSendTime,
        TransportSequenceNumber => HeaderExtensionKind.TransportSequenceNumber,
        DependencyDescriptor => HeaderExtensionKind.DependencyDescriptor,
        VideoOrientation => HeaderExtensionKind.VideoOrientation,
        PlayoutDelay => HeaderExtensionKind.PlayoutDelay,
        AbsoluteCaptureTime => HeaderExtensionKind.AbsoluteCaptureTime,
        VideoLayersAllocation => HeaderExtensionKind.VideoLayersAllocation,
        TransmissionOffset => HeaderExtensionKind.TransmissionOffset,
        _ => HeaderExtensionKind.None,
    };
}
