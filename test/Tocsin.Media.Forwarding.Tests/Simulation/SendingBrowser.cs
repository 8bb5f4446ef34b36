using System.Text;
using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Feedback;
using Tocsin.Media.Wire.Rtcp;
using Tocsin.Media.Wire.Rtp;

namespace Tocsin.Media.Forwarding.Tests.Simulation;

/// <summary>The sending half of a browser: numbers its packets, sends again what is asked for, reports, and tells encoders to make key frames.</summary>
internal sealed class SendingBrowser : SimulatedBrowser
{
    private readonly List<OutgoingStream> streams = [];
    private readonly ulong ntpOrigin;
    private ushort transportSequenceNumber;

    public SendingBrowser(MeetingSimulation simulation, NetworkLink toServer, NetworkLink fromServer)
        : base(simulation, toServer, fromServer)
    {
        // Each participant's clock says another time.
        ntpOrigin = (ulong)simulation.Random.NextInt64(1L << 62);
        simulation.Time.After(TimeSpan.FromMilliseconds(200), () => simulation.Time.Every(TimeSpan.FromSeconds(1), Report));
    }

    public int Nacks { get; private set; }

    public int KeyFrameRequests { get; private set; }

    /// <summary>Packets that were reported to have arrived.</summary>
    public int ReportedArrivals { get; private set; }

    public int ReceiverReports { get; private set; }

    /// <summary>What the last report said of each stream, in 256ths.</summary>
    public Dictionary<uint, byte> FractionsLost { get; } = [];

    public OutgoingStream AddStream(string mid, string? rid, byte payloadType, byte? rtxPayloadType, int clockRate)
    {
        var stream = new OutgoingStream(this, Simulation.Random, mid, rid, payloadType, rtxPayloadType, clockRate);
        streams.Add(stream);
        return stream;
    }

    public ushort TakeTransportSequenceNumber() => transportSequenceNumber++;

    public ulong NtpAt(Instant now) => NtpTime.Add(ntpOrigin, now - default(Instant));

    protected override void ReceiveRtp(byte[] packet) => Assert.Fail("Media on a transport that only sends.");

    protected override void ReceiveRtcp(byte[] packet)
    {
        Assert.True(RtcpCompound.TryParse(packet, out var compound));
        foreach (var part in compound)
        {
            if (ReceiverReport.TryParse(part, out var report))
                CountReport(report.Reports);
            if (!FeedbackMessage.TryParse(part, out var message))
                continue;
            if (GenericNack.TryParse(message, out var nack))
                Answer(message.MediaSsrc, nack);
            else if (message.Kind == FeedbackKind.PictureLossIndication)
                RequestKeyFrame(message.MediaSsrc);
            else if (TransportWideFeedback.TryParse(message, out var feedback))
                CountArrivals(feedback);
        }
    }

    private void CountReport(ReportBlocks blocks)
    {
        ReceiverReports++;
        for (var index = 0; index < blocks.Count; index++)
            FractionsLost[blocks[index].Ssrc] = blocks[index].FractionLost;
    }

    private void Answer(uint ssrc, GenericNack nack)
    {
        foreach (var number in nack)
        {
            Nacks++;
            streams.Find(stream => stream.Ssrc == ssrc)?.SendAgain(number);
        }
    }

    private void RequestKeyFrame(uint ssrc)
    {
        KeyFrameRequests++;
        streams.Find(stream => stream.Ssrc == ssrc)?.OnKeyFrameRequest?.Invoke();
    }

    private void CountArrivals(TransportWideFeedback feedback)
    {
        foreach (var _ in feedback)
            ReportedArrivals++;
    }

    private void Report()
    {
        foreach (var stream in streams.Where(stream => stream.SentCount > 0))
        {
            var packet = new byte[200];
            var writer = new RtcpWriter(packet);
            writer.TryAddSenderReport(new(stream.Ssrc, NtpAt(Now), stream.TimestampAt(Now), (uint)stream.SentCount, 0), []);
            writer.TryAddCanonicalName(stream.Ssrc, "a-name"u8);
            SendToServer(packet[..writer.Length], isRtcp: true);
        }
    }
}

/// <summary>One RTP stream of a browser's, with its retransmissions.</summary>
internal sealed class OutgoingStream(SendingBrowser browser, Random random, string mid, string? rid, byte payloadType, byte? rtxPayloadType, int clockRate)
{
    /// <summary>Browsers stop to send MID and RID when they know that they arrived.</summary>
    private const int PacketsWithNames = 12;

    private readonly Dictionary<ushort, (byte[] Payload, uint Timestamp, bool Marker, byte? Level)> sent = [];
    private readonly uint firstTimestamp = (uint)random.NextInt64(uint.MaxValue);

    // Near the end, so that it wraps around; not so near that the first to arrive is from after it, whose rollover counter no receiver of SRTP can know (RFC 3711 section 3.3.1).
    private ushort sequenceNumber = (ushort)random.Next(0xFF00, 0xFFC0);
    private ushort rtxSequenceNumber = (ushort)random.Next(0x8000);
    private int rtxCount;

    /// <summary>Browsers encode nothing before they are connected, so that names which were never sent do not count.</summary>
    private int namedCount;

    public uint Ssrc { get; } = (uint)random.NextInt64(1, uint.MaxValue);

    public uint RtxSsrc { get; } = (uint)random.NextInt64(1, uint.MaxValue);

    public int SentCount { get; private set; }

    public Action? OnKeyFrameRequest { get; set; }

    /// <summary>Sends the same packet once more, where it has no stream for retransmissions.</summary>
    public bool Repeats { get; set; }

    public uint TimestampAt(Instant now) => firstTimestamp + (uint)(long)((Int128)now.Nanoseconds * clockRate / 1_000_000_000);

    public void Send(byte[] payload, uint timestamp, bool marker, byte? level = null)
    {
        var number = sequenceNumber++;
        sent[number] = (payload, timestamp, marker, level);
        SentCount++;
        if (browser.Encryption is null or { CanSend: true })
            namedCount++;
        Write(payloadType, Ssrc, number, payload, timestamp, marker, level, namedCount <= PacketsWithNames ? 10 : null);
    }

    public void SendAgain(ushort number)
    {
        if (!sent.TryGetValue(number, out var packet))
            return;
        if (Repeats)
            Write(payloadType, Ssrc, number, packet.Payload, packet.Timestamp, packet.Marker, packet.Level, null);
        if (rtxPayloadType is not { } rtx)
            return;
        byte[] payload = [(byte)(number >> 8), (byte)number, .. packet.Payload];
        Write(rtx, RtxSsrc, rtxSequenceNumber++, payload, packet.Timestamp, packet.Marker, null, rtxCount++ < PacketsWithNames ? 9 : null);
    }

    /// <summary>As Chromium does to find out how much the path carries: nothing of it may be passed on.</summary>
    public void SendProbe()
    {
        var packet = new byte[300];
        var writer = new RtpPacketWriter(packet, new RtpFields(rtxPayloadType!.Value, false, rtxSequenceNumber++, 0, RtxSsrc));
        AddNames(ref writer, 9);
        writer.AddPadding(200);
        Assert.True(writer.TryFinish(out var length));
        browser.SendToServer(packet[..length], isRtcp: false);
    }

    private void Write(byte type, uint ssrc, ushort number, byte[] payload, uint timestamp, bool marker, byte? level, byte? ridId)
    {
        var packet = new byte[payload.Length + 100];
        var writer = new RtpPacketWriter(packet, new RtpFields(type, marker, number, timestamp, ssrc));
        var transportNumber = browser.TakeTransportSequenceNumber();
        writer.AddExtension(3, [(byte)(transportNumber >> 8), (byte)transportNumber]);
        if (level is { } stated)
            writer.AddExtension(11, [stated]);
        if (ridId is { } id)
            AddNames(ref writer, id);
        writer.AddPayload(payload);
        Assert.True(writer.TryFinish(out var length));
        browser.SendToServer(packet[..length], isRtcp: false);
    }

    private void AddNames(ref RtpPacketWriter writer, byte ridId)
    {
        writer.AddExtension(4, Encoding.ASCII.GetBytes(mid));
        if (rid is not null)
            writer.AddExtension(ridId, Encoding.ASCII.GetBytes(rid));
    }
}
