namespace Tocsin.Server.Tests.Meetings;

/// <summary>What a Chromium says of its media through mediasoup-client, shortened.</summary>
internal static class BrowserMedia
{
    public static readonly object Capabilities = new
    {
        codecs = new object[]
        {
            new { kind = "audio", mimeType = "audio/opus", preferredPayloadType = 100, clockRate = 48000, channels = 2, parameters = new { minptime = 10, useinbandfec = 1 }, rtcpFeedback = new[] { new { type = "transport-cc", parameter = "" } } },
            new { kind = "video", mimeType = "video/VP8", preferredPayloadType = 101, clockRate = 90000, parameters = new { }, rtcpFeedback = new[] { new { type = "nack", parameter = "" }, new { type = "nack", parameter = "pli" } } },
        },
        headerExtensions = new object[] { new { kind = "audio", uri = "urn:ietf:params:rtp-hdrext:sdes:mid", preferredId = 1, preferredEncrypt = false, direction = "sendrecv" } },
    };

    /// <summary>Of a device that decodes these, as <c>VP8</c>, and no others.</summary>
    public static object CapabilitiesOf(params string[] videos) => new
    {
        codecs = videos.Select((name, index) => new
        {
            kind = "video",
            mimeType = $"video/{name}",
            preferredPayloadType = 101 + index,
            clockRate = 90000,
            parameters = name == "H264" ? new Dictionary<string, object> { ["packetization-mode"] = 1, ["profile-level-id"] = "42e01f" } : [],
            rtcpFeedback = Array.Empty<object>(),
        }),
        headerExtensions = Array.Empty<object>(),
    };

    public static object Microphone(uint ssrc = 1111) => new
    {
        mid = "0",
        codecs = new object[] { new { mimeType = "audio/opus", payloadType = 111, clockRate = 48000, channels = 2, parameters = new { minptime = 10, useinbandfec = 1 }, rtcpFeedback = Array.Empty<object>() } },
        headerExtensions = new object[] { new { uri = "urn:ietf:params:rtp-hdrext:sdes:mid", id = 4 }, new { uri = "urn:ietf:params:rtp-hdrext:ssrc-audio-level", id = 1 } },
        encodings = new object[] { new { ssrc, dtx = false } },
        rtcp = new { cname = "a-browser", reducedSize = true },
    };

    public static object Camera(string mid = "1") => new
    {
        mid,
        codecs = new object[]
        {
            new { mimeType = "video/VP8", payloadType = 96, clockRate = 90000, parameters = new { }, rtcpFeedback = new[] { new { type = "nack", parameter = "" }, new { type = "nack", parameter = "pli" } } },
            new { mimeType = "video/rtx", payloadType = 97, clockRate = 90000, parameters = new { apt = 96 }, rtcpFeedback = Array.Empty<object>() },
        },
        headerExtensions = new object[] { new { uri = "urn:ietf:params:rtp-hdrext:sdes:mid", id = 4 }, new { uri = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id", id = 10 }, new { uri = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id", id = 11 } },
        encodings = new object[] { new { rid = "r0" }, new { rid = "r1" }, new { rid = "r2" } },
        rtcp = new { cname = "", reducedSize = true },
    };

    public static object Produce(string transportId, string source, object rtpParameters) =>
        new { transportId, kind = source is "microphone" or "screen-audio" ? "audio" : "video", rtpParameters, source, isPaused = false };
}
