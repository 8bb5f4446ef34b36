using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Peers;
using Tocsin.Media.Forwarding.Meetings;
using Tocsin.Media.Forwarding.Parameters;
using Tocsin.Media.Forwarding.Publishing;
using Tocsin.Media.Forwarding.Subscribing;
using Tocsin.Media.Forwarding.Tests.Parameters;
using Tocsin.Media.Forwarding.Transports;
using Tocsin.Media.Wire.Arithmetic;
using Tocsin.Media.Wire.Payloads.Dependencies;
using Tocsin.Media.Wire.Rtcp;
using Tocsin.Media.Wire.Rtp;

namespace Tocsin.Media.Forwarding.Tests.Simulation;

/// <summary>One publisher whose packets the test writes, one subscriber whose packets it reads, and a path that carries everything.</summary>
internal sealed class LayeredMeeting
{
    private readonly MeetingSimulation simulation = new(1, new MeetingOptions { InitialBitRate = BitRate.FromMegabits(20) });
    private readonly Action<LayeredMeeting, int, bool> send;
    private readonly Transport publishing;
    private readonly ushort[] numbers = [100, 60_000];
    private bool wantsKeyFrame = true;
    private int picture = 200;

    /// <param name="send">Sends all packets of a picture: its number, and whether it is a key frame.</param>
    public LayeredMeeting(string mimeType, Action<LayeredMeeting, int, bool> send, int encodings = 1)
    {
        this.send = send;
        publishing = AddTransport(new Publisher(this));
        var parameters = ClientParameters.Video(
            "0", mimeType, [.. Enumerable.Range(0, encodings).Select(index => new RtpEncodingParameters(Ssrc: (uint)(10 + index), RtxSsrc: (uint)(20 + index)))]);
        Assert.Equal(Refusal.None, publishing.TryProduce(Now, MediaKind.Video, ProducerSource.Camera, parameters, false, out var producer));
        Assert.Equal(Refusal.None, AddTransport(new Subscriber(this)).TryConsume(Now, producer!, SimulatedClient.Device, new(), out var consumer));
        Consumer = consumer!;
    }

    public Consumer Consumer { get; }

    public Instant Now => simulation.Now;

    public List<ReceivedPacket> Received { get; } = [];

    public int KeyFrameRequests { get; private set; }

    public bool AnswersKeyFrameRequests { get; set; } = true;

    /// <summary>Pictures after the last key frame.</summary>
    public int SinceKey { get; private set; }

    public void Run(int pictures)
    {
        for (var left = pictures; left > 0; left--)
        {
            var isKey = wantsKeyFrame;
            wantsKeyFrame = false;
            SinceKey = isKey ? 0 : SinceKey + 1;
            send(this, picture++, isKey);
            simulation.Run(TimeSpan.FromMilliseconds(40));
        }
    }

    public void Send(int encoding, byte[] payload, int picture, bool marker, byte[] descriptor)
    {
        var packet = new byte[500];
        var form = descriptor.Length > 16 ? HeaderExtensionForm.TwoByte : HeaderExtensionForm.OneByte;
        var writer = new RtpPacketWriter(packet, new RtpFields(120, marker, numbers[encoding]++, (uint)(picture * 3_600), (uint)(10 + encoding)), form);
        if (descriptor.Length > 0)
            writer.AddExtension(12, descriptor);
        writer.AddPayload(payload);
        Assert.True(writer.TryFinish(out var length));
        publishing.HandleRtp(Now, packet.AsSpan(0, length));
    }

    public void AssertNumbersAreContiguous()
    {
        Assert.NotEmpty(Received);
        Assert.All(Received.Zip(Received.Skip(1)), pair => Assert.Equal(1, SequenceNumber.Distance(pair.First.SequenceNumber, pair.Second.SequenceNumber)));
        Assert.All(Received.Zip(Received.Skip(1)), pair => Assert.True(RtpTimestamp.Distance(pair.First.Timestamp, pair.Second.Timestamp) >= 0));
    }

    private Transport AddTransport(IMediaSender sender)
    {
        Assert.Equal(Refusal.None, simulation.Meeting.TryAddParticipant(out var participant));
        Assert.Equal(Refusal.None, participant!.TryCreateTransport(Now, sender, out var transport));
        transport!.SetConnected(Now, isConnected: true);
        return transport;
    }

    internal sealed record ReceivedPacket(ushort SequenceNumber, uint Timestamp, bool Marker, ushort FrameNumber, byte[] Payload);

    private sealed class Publisher(LayeredMeeting meeting) : IMediaSender
    {
        public int RtpOverhead => 0;

        public int PathChanges => 0;

        public bool SendRtp(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload) => false;

        public bool SendRtp(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, Span<byte> copy, out int length) => (length = 0) > 0;

        public bool Repeat(ReadOnlySpan<byte> protectedPacket) => false;

        public bool SendRtcp(ReadOnlySpan<byte> packet)
        {
            Assert.True(RtcpCompound.TryParse(packet, out var compound));
            foreach (var part in compound)
            {
                if (!FeedbackMessage.TryParse(part, out var message) || message.Kind != FeedbackKind.PictureLossIndication)
                    continue;
                meeting.KeyFrameRequests++;
                meeting.wantsKeyFrame = meeting.AnswersKeyFrameRequests;
            }

            return true;
        }
    }

    private sealed class Subscriber(LayeredMeeting meeting) : IMediaSender
    {
        public int RtpOverhead => 0;

        public int PathChanges => 0;

        public bool SendRtp(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
        {
            Assert.True(RtpHeader.TryParse(header, out var parsed));
            ushort frame = 0;
            if (parsed.Extensions.TryFind(7, out var descriptor))
                frame = (ushort)((descriptor[1] << 8) | descriptor[2]);
            if (parsed.Ssrc == meeting.Consumer.Ssrc)
                meeting.Received.Add(new ReceivedPacket(parsed.SequenceNumber, parsed.Timestamp, parsed.Marker, frame, payload.ToArray()));
            return true;
        }

        public bool SendRtp(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, Span<byte> copy, out int length)
        {
            length = 0;
            return SendRtp(header, payload);
        }

        public bool Repeat(ReadOnlySpan<byte> protectedPacket) => false;

        public bool SendRtcp(ReadOnlySpan<byte> packet) => true;
    }
}
