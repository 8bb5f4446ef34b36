using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Feedback;
using Tocsin.Media.Engine.Peers;
using Tocsin.Media.Forwarding.Meetings;
using Tocsin.Media.Forwarding.Parameters;
using Tocsin.Media.Forwarding.Publishing;
using Tocsin.Media.Forwarding.Subscribing;
using Tocsin.Media.Forwarding.Tests.Parameters;
using Tocsin.Media.Forwarding.Tests.Simulation;
using Tocsin.Media.Forwarding.Transports;
using Tocsin.Media.Wire.Rtcp;
using Tocsin.Media.Wire.Rtp;
using Tocsin.Testing;

namespace Tocsin.Media.Forwarding.Tests;

public sealed class ForwardingAllocationTests
{
    private const int Subscribers = 20;
    private const uint VideoSsrc = 1_000;
    private const uint AudioSsrc = 2_000;

    private readonly Meeting meeting = new(new MeetingOptions(), new DeafEvents(), new Random(1));
    private readonly List<CountingSubscriber> subscribers = [];
    private readonly byte[] video = new byte[1_200];
    private readonly byte[] audio = new byte[200];
    private readonly byte[] report = new byte[200];
    private Transport publisher = null!;
    private Instant now = new(1_000_000_000);
    private ushort videoNumber = 1;
    private ushort audioNumber = 1;
    private ushort picture;
    private byte baseLayer;

    /// <summary>With pacing, rewriting, feedback and its estimate, retransmissions, sender reports, speakers and the sharing of bandwidth: all of it.</summary>
    [Fact]
    public void Forwarding_allocates_nothing()
    {
        Publish();
        for (var warmUp = 0; warmUp < 400; warmUp++)
            Turn();
        var before = subscribers.Sum(subscriber => subscriber.Count);

        var allocated = Allocation.Of(Turn);

        Assert.Equal(0, allocated);
        var sent = subscribers.Sum(subscriber => subscriber.Count) - before;
        Assert.True(sent > Subscribers * 52 * 3, $"{sent} packets were sent");
        Assert.True(subscribers.Sum(subscriber => subscriber.Retransmissions) > 10, "No retransmission was sent");
        Assert.True(subscribers.Sum(subscriber => subscriber.Repeated) > 10, "No voice was sent again");
        Assert.True(subscribers.All(subscriber => subscriber.Transport.Statistics.Estimate > BitRate.FromKilobits(600)), "No estimate has grown");
    }

    private void Publish()
    {
        meeting.TryAddParticipant(out var participant);
        participant!.TryCreateTransport(now, new CountingSubscriber(), out var transport);
        publisher = transport!;
        publisher.SetConnected(now, true);
        Assert.Equal(Refusal.None, publisher.TryProduce(
            now, MediaKind.Video, ProducerSource.Camera, ClientParameters.Video("0", "video/VP8", new RtpEncodingParameters(VideoSsrc, VideoSsrc + 1)), false, out var camera));
        Assert.Equal(Refusal.None, publisher.TryProduce(
            now, MediaKind.Audio, ProducerSource.Microphone, ClientParameters.Opus("1", AudioSsrc), false, out var microphone));
        for (var index = 0; index < Subscribers; index++)
        {
            var subscriber = new CountingSubscriber();
            subscribers.Add(subscriber);
            meeting.TryAddParticipant(out var listener);
            listener!.TryCreateTransport(now, subscriber, out var receive);
            subscriber.Transport = receive!;
            receive!.SetConnected(now, true);
            Assert.Equal(Refusal.None, receive.TryConsume(now, camera!, SimulatedClient.Device, new(), out var watched));
            Assert.Equal(Refusal.None, receive.TryConsume(now, microphone!, SimulatedClient.Device, new(), out var heard));
            subscriber.VideoSsrc = watched!.Parameters.Encodings[0].Ssrc!.Value;
            subscriber.AudioSsrc = heard!.Parameters.Encodings[0].Ssrc!.Value;
        }
    }

    /// <summary>20 ms of a meeting.</summary>
    private void Turn()
    {
        now += TimeSpan.FromMilliseconds(20);
        var isKey = picture % 64 == 0;
        SendVideo(isKey, 0, 3);
        SendVideo(isKey, 1, 3);
        SendVideo(isKey, 2, 3);
        picture++;
        baseLayer++;
        SendAudio();
        if (audioNumber % 50 == 0)
            Report();
        for (var step = 0; step < 10; step++)
        {
            meeting.HandleTimeout(now);
            now += TimeSpan.FromMilliseconds(2);
        }

        now += TimeSpan.FromMilliseconds(-20);
        foreach (var subscriber in subscribers)
            subscriber.GiveFeedback(now + TimeSpan.FromMilliseconds(20));
    }

    private void SendVideo(bool isKey, int index, int count)
    {
        var writer = new RtpPacketWriter(video, new RtpFields(120, index == count - 1, videoNumber++, (uint)picture * 1_800, VideoSsrc));
        writer.AddExtension(3, [(byte)(videoNumber >> 8), (byte)videoNumber]);
        Span<byte> payload = stackalloc byte[900];
        payload.Clear();
        payload[0] = (byte)(0x80 | (index == 0 ? 0x10 : 0));
        payload[1] = 0xE0;
        payload[2] = (byte)(0x80 | ((picture >> 8) & 0x7F));
        payload[3] = (byte)picture;
        payload[4] = baseLayer;
        payload[6] = (byte)(isKey && index == 0 ? 0 : 1);
        writer.AddPayload(payload);
        Assert.True(writer.TryFinish(out var length));
        publisher.HandleRtp(now, video.AsSpan(0, length));
    }

    private void SendAudio()
    {
        var writer = new RtpPacketWriter(audio, new RtpFields(63, false, audioNumber, (uint)audioNumber * 960, AudioSsrc));
        audioNumber++;
        writer.AddExtension(11, [30]);
        Span<byte> payload = stackalloc byte[80];
        payload.Clear();
        writer.AddPayload(payload);
        Assert.True(writer.TryFinish(out var length));
        publisher.HandleRtp(now, audio.AsSpan(0, length));
    }

    private void Report()
    {
        var writer = new RtcpWriter(report);
        writer.TryAddSenderReport(new SenderInformation(VideoSsrc, (ulong)now.Nanoseconds, (uint)picture * 1_800, 1, 1), []);
        publisher.HandleRtcp(now, report.AsSpan(0, writer.Length));
    }

    private sealed class DeafEvents : IMeetingEvents
    {
        public void OnConsumerClosed(Instant now, Consumer consumer)
        {
        }

        public void OnLayersChanged(Instant now, Consumer consumer)
        {
        }

        public void OnDemandChanged(Instant now, Producer producer)
        {
        }

        public void OnActiveSpeakersChanged(Instant now, Meeting meeting)
        {
        }
    }

    /// <summary>Acknowledges all and now and then asks for a packet again, without an allocation of its own.</summary>
    private sealed class CountingSubscriber : IMediaSender
    {
        private readonly TransportFeedbackGenerator feedback = new(9);
        private readonly byte[] packet = new byte[1_200];
        private ushort latestVideo;
        private ushort latestAudio;

        public int RtpOverhead => 16;

        public int PathChanges => 0;

        public Transport Transport { get; set; } = null!;

        public uint VideoSsrc { get; set; }

        public int Count { get; private set; }

        public int Retransmissions { get; private set; }

        public int Repeated { get; private set; }

        public uint AudioSsrc { get; set; }

        private Instant Clock { get; set; } = new(1);

        public bool SendRtp(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
        {
            Count++;
            if (!RtpHeader.TryParse(header, out var parsed))
                return false;
            if (parsed.Ssrc == VideoSsrc)
                latestVideo = parsed.SequenceNumber;
            else if (parsed.Ssrc == AudioSsrc)
                latestAudio = parsed.SequenceNumber;
            else if (parsed.PayloadType == RouterCapabilities.Vp8PayloadType + 1)
                Retransmissions++;
            Clock += TimeSpan.FromMilliseconds(0.3);
            if (parsed.Extensions.TryFind(5, out var value) && TransportSequenceNumber.TryParse(value, out var number))
                feedback.HandlePacket(Clock, number, parsed.Ssrc);
            return true;
        }

        public bool SendRtp(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, Span<byte> copy, out int length)
        {
            header.CopyTo(copy);
            payload.CopyTo(copy[header.Length..]);
            length = header.Length + payload.Length;
            return SendRtp(header, payload);
        }

        public bool Repeat(ReadOnlySpan<byte> protectedPacket)
        {
            Repeated++;
            return true;
        }

        public bool SendRtcp(ReadOnlySpan<byte> packet) => true;

        public void GiveFeedback(Instant now)
        {
            Clock = Clock > now ? Clock : now;
            var writer = new RtcpWriter(packet);
            feedback.TryWrite(now, ref writer);
            if (latestVideo % 7 == 0)
                writer.TryAddNack(9, VideoSsrc, [(ushort)(latestVideo - 1), latestVideo]);
            if (latestAudio % 5 == 0)
                writer.TryAddNack(9, AudioSsrc, [(ushort)(latestAudio - 1)]);
            if (writer.Length > 0)
                Transport.HandleRtcp(now, packet.AsSpan(0, writer.Length));
        }
    }
}
