using Tocsin.Media.Forwarding.Parameters;
using Tocsin.Media.Wire.Rtp;

namespace Tocsin.Media.Forwarding.Tests.Parameters;

public sealed class NegotiationTests
{
    [Theory]
    [InlineData("video/VP8", 96)]
    [InlineData("video/VP9", 98)]
    [InlineData("video/H264", 102)]
    [InlineData("video/AV1", 104)]
    public void A_consumer_gets_the_routers_payload_types_and_ids_whatever_the_browsers_were(string mimeType, byte payloadType)
    {
        Assert.Equal(Refusal.None, ProducerNegotiation.TryRead(MediaKind.Video, ClientParameters.Simulcast("0", mimeType), out var track));

        var parameters = ConsumerNegotiation.TryWrite(track!, RouterCapabilities.All with { HeaderExtensions = AsSeenByADevice() }, 7, new(1, 2))!;

        Assert.Equal([payloadType, (byte)(payloadType + 1)], parameters.Codecs.Select(codec => codec.PayloadType));
        Assert.Equal("7", parameters.Mid);
        Assert.Equal(new RtpEncodingParameters(1, 2), Assert.Single(parameters.Encodings));
        Assert.All(parameters.HeaderExtensions, extension => Assert.Contains(RouterCapabilities.All.HeaderExtensions, own => own.Uri == extension.Uri && own.PreferredId == extension.Id));
        Assert.DoesNotContain(parameters.HeaderExtensions, extension => extension.Uri is HeaderExtensionUri.Mid or HeaderExtensionUri.Rid or HeaderExtensionUri.AbsoluteSendTime);
    }

    [Fact]
    public void A_device_without_the_codec_cannot_consume()
    {
        ProducerNegotiation.TryRead(MediaKind.Video, ClientParameters.Simulcast("0", "video/AV1"), out var track);
        var device = new RtpCapabilities([.. RouterCapabilities.All.Codecs.Where(codec => codec.MimeType != "video/AV1")], []);

        Assert.False(ConsumerNegotiation.CanConsume(track!, device));
        Assert.Null(ConsumerNegotiation.TryWrite(track!, device, 0, default));
        Assert.True(ConsumerNegotiation.CanConsume(track!, RouterCapabilities.All));
    }

    [Theory]
    [InlineData("42e01f", 1L, true)]
    [InlineData("42c02a", 1L, true)]
    [InlineData("42001f", 1L, false)]
    [InlineData("640032", 1L, false)]
    [InlineData("42e01f", 0L, false)]
    [InlineData("rubbish", 1L, false)]
    public void H264_is_constrained_baseline_in_mode_1(string profile, long mode, bool isSupported)
    {
        var parameters = new Dictionary<string, CodecParameter> { ["packetization-mode"] = mode, ["profile-level-id"] = profile };

        Assert.Equal(isSupported, CodecMatching.FindCapability(RouterCapabilities.All, "video/h264", 90_000, null, parameters) is not null);
    }

    [Theory]
    [InlineData("video/VP9", "VP9 VP8 H264", "VP9 VP8", "video/VP9")]
    [InlineData("video/VP9", "VP9 VP8 H264", "VP8 H264", "video/VP8")]
    [InlineData("video/VP9", "VP9 VP8 H264", "H264", "video/H264")]
    [InlineData("video/VP8", "VP9 VP8", "VP9 VP8", "video/VP8")]
    [InlineData("video/VP9", "VP9 VP8", "H264", "video/VP8")]
    [InlineData("video/H264", "VP8", "H264", "video/H264")]
    [InlineData("video/VP9", "AV1", "AV1", "video/VP8")]
    public void Cameras_are_best_sent_in_the_first_codec_that_all_decode_and_never_go_back(string before, string one, string other, string chosen) =>
        Assert.Equal(chosen, VideoCodecChoice.Choose(before, [DeviceOf(one), DeviceOf(other)]));

    private static RtpCapabilities DeviceOf(string names) => new([.. RouterCapabilities.All.Codecs.Where(codec => names.Split(' ').Contains(codec.MimeType["video/".Length..]))], []);

    /// <remarks>mediasoup-client 3 names an extension that audio and video share for video only: feedback on voices stayed away, and where there was only a voice, all feedback.</remarks>
    [Fact]
    public void Packets_of_audio_are_numbered_for_feedback_where_the_device_says_so_of_video_only()
    {
        Assert.Equal(Refusal.None, ProducerNegotiation.TryRead(MediaKind.Audio, ClientParameters.Opus("0", 1), out var track));
        var device = new RtpCapabilities(
            RouterCapabilities.All.Codecs, [.. RouterCapabilities.All.HeaderExtensions.Where(extension => extension.Kind == MediaKind.Video || extension.Uri == HeaderExtensionUri.AudioLevel)]);
        var parameters = ConsumerNegotiation.TryWrite(track!, device, 0, new ConsumerSsrcs(1, 0));
        Assert.Contains(parameters!.HeaderExtensions, extension => extension.Uri == HeaderExtensionUri.TransportSequenceNumber);
    }

    [Fact]
    public void Retransmission_is_offered_only_to_devices_that_have_it()
    {
        ProducerNegotiation.TryRead(MediaKind.Video, ClientParameters.Simulcast("0"), out var track);
        var device = new RtpCapabilities([.. RouterCapabilities.All.Codecs.Where(codec => codec.MimeType != "video/rtx")], []);

        var parameters = ConsumerNegotiation.TryWrite(track!, device, 0, new(1, 2))!;

        Assert.Equal("video/VP8", Assert.Single(parameters.Codecs).MimeType);
        Assert.Null(Assert.Single(parameters.Encodings).RtxSsrc);
    }

    public static TheoryData<string, RtpParameters, Refusal> Hostile()
    {
        var sound = ClientParameters.Simulcast("0");
        return new()
        {
            { "no encoding", sound with { Encodings = [] }, Refusal.UnsupportedEncodings },
            { "a hundred encodings", ClientParameters.Simulcast("0", count: 100), Refusal.UnsupportedEncodings },
            { "the same rid twice", sound with { Encodings = [new(Rid: "a"), new(Rid: "a")] }, Refusal.UnsupportedEncodings },
            { "rid and ssrc mixed", sound with { Encodings = [new(Rid: "a"), new(Ssrc: 1)] }, Refusal.UnsupportedEncodings },
            { "the same ssrc twice", sound with { Encodings = [new(Ssrc: 1), new(Ssrc: 2, RtxSsrc: 1)] }, Refusal.UnsupportedEncodings },
            { "rtx on its own ssrc", sound with { Encodings = [new(Ssrc: 1, RtxSsrc: 1)] }, Refusal.UnsupportedEncodings },
            { "a rid that is no token", sound with { Encodings = [new(Rid: "a b")] }, Refusal.UnsupportedEncodings },
            { "nothing to tell the stream by", sound with { Mid = null, Encodings = [new()] }, Refusal.UnsupportedEncodings },
            { "a mid that is too long", sound with { Mid = new string('m', 17) }, Refusal.MalformedParameters },
            { "a line of SDP in the name", sound with { Rtcp = new("x\r\na=fingerprint:forged") }, Refusal.MalformedParameters },
            { "a line of SDP in the mode", sound with { Encodings = [new(Ssrc: 1, ScalabilityMode: "L1T1\r\na=x")] }, Refusal.MalformedParameters },
            { "a payload type past 127", sound with { Codecs = [sound.Codecs[0] with { PayloadType = 200 }] }, Refusal.MalformedParameters },
            { "one payload type twice", sound with { Codecs = [sound.Codecs[0], sound.Codecs[0]] }, Refusal.MalformedParameters },
            { "a thousand codecs", sound with { Codecs = [.. Enumerable.Repeat(sound.Codecs[0], 1000)] }, Refusal.MalformedParameters },
            { "no codec", sound with { Codecs = [] }, Refusal.UnsupportedCodec },
            { "only retransmission", sound with { Codecs = [sound.Codecs[1]] }, Refusal.UnsupportedCodec },
            { "audio as video", ClientParameters.Opus("0", 1), Refusal.UnsupportedCodec },
            { "one id for two extensions", sound with { HeaderExtensions = [new(HeaderExtensionUri.Mid, 1), new(HeaderExtensionUri.Rid, 1)] }, Refusal.HeaderExtensionConflict },
            { "id 15", sound with { HeaderExtensions = [new(HeaderExtensionUri.Mid, 15)] }, Refusal.HeaderExtensionConflict },
        };
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Hostile_parameters_are_refused_for_what_is_wrong_with_them(string what, RtpParameters parameters, Refusal refusal)
    {
        Assert.NotEmpty(what);
        Assert.Equal(refusal, ProducerNegotiation.TryRead(MediaKind.Video, parameters, out var track));
        Assert.Null(track);
    }

    /// <summary>A device states its directions from its own side.</summary>
    private static IReadOnlyList<RtpHeaderExtensionCapability> AsSeenByADevice() =>
        [.. RouterCapabilities.All.HeaderExtensions.Select(extension => extension with { Direction = HeaderExtensionDirection.SendReceive })];
}
