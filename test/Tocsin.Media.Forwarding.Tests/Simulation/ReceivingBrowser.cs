using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Feedback;
using Tocsin.Media.Forwarding.Parameters;
using Tocsin.Media.Forwarding.Subscribing;
using Tocsin.Media.Wire.Rtcp;
using Tocsin.Media.Wire.Rtp;

namespace Tocsin.Media.Forwarding.Tests.Simulation;

/// <summary>The receiving half of a browser: gives feedback on what arrives, asks for what is lost, and hands packets to its tracks.</summary>
internal sealed class ReceivingBrowser : SimulatedBrowser
{
    private const uint OwnSsrc = 77;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);
    private static readonly byte TransportNumberId = RouterCapabilities.All.HeaderExtensions.First(extension => extension.Uri == HeaderExtensionUri.TransportSequenceNumber).PreferredId;

    private readonly Dictionary<uint, ReceivedTrack> bySsrc = [];
    private readonly List<ReceivedTrack> tracks = [];
    private readonly TransportFeedbackGenerator feedback = new(OwnSsrc);

    public ReceivingBrowser(MeetingSimulation simulation, NetworkLink toServer, NetworkLink fromServer)
        : base(simulation, toServer, fromServer) => simulation.Time.After(Tick, () => simulation.Time.Every(Tick, HandleTick));

    public IReadOnlyList<ReceivedTrack> Tracks => tracks;

    public long ReceivedBytes { get; private set; }

    public int RetransmissionCount { get; private set; }

    /// <summary>Whether there may be streams that the test does not look at.</summary>
    public bool IsTolerant { get; set; }

    /// <summary>False: as a browser that never heard of it.</summary>
    public bool GivesFeedback { get; set; } = true;

    public ReceivedTrack Add(Consumer consumer)
    {
        ReceivedTrack track = consumer.Kind == MediaKind.Video ? new ReceivedVideo(consumer) : new ReceivedAudio(consumer);
        var encoding = consumer.Parameters.Encodings[0];
        bySsrc.Add(encoding.Ssrc!.Value, track);
        if (encoding.RtxSsrc is { } rtx)
            bySsrc.Add(rtx, track);
        tracks.Add(track);
        return track;
    }

    /// <summary>A receiver report on one track.</summary>
    /// <param name="lost">Share of packets.</param>
    public void ReportLoss(ReceivedTrack track, double lost)
    {
        var packet = new byte[100];
        var writer = new RtcpWriter(packet);
        writer.TryAddReceiverReport(OwnSsrc, [new ReportBlock(track.Ssrc, (byte)(lost * 256), 1, 1, 0, 0, 0)]);
        SendToServer(packet[..writer.Length], isRtcp: true);
    }

    protected override void ReceiveRtp(byte[] packet)
    {
        Assert.True(RtpPacket.TryParse(packet, out var parsed));
        ReceivedBytes += packet.Length;
        if (parsed.Extensions.TryFind(TransportNumberId, out var value) && TransportSequenceNumber.TryParse(value, out var number))
            feedback.HandlePacket(Now, number, parsed.Ssrc);
        if (!bySsrc.TryGetValue(parsed.Ssrc, out var track))
        {
            Assert.True(IsTolerant, "A stream that nobody was told of.");
            return;
        }

        var sequenceNumber = parsed.SequenceNumber;
        var payload = parsed.Payload;
        if (parsed.Ssrc != track.Ssrc)
        {
            RetransmissionCount++;
            if (!Rtx.TryGetOriginalSequenceNumber(parsed, out sequenceNumber))
                return;
            payload = payload[Rtx.OriginalSequenceNumberLength..];
        }
        else
        {
            track.NoteNumber(Now, sequenceNumber);
        }

        track.Receive(Now, sequenceNumber, parsed.Timestamp, parsed.Marker, payload);
    }

    protected override void ReceiveRtcp(byte[] packet)
    {
        Assert.True(RtcpCompound.TryParse(packet, out var compound));
        foreach (var part in compound)
        {
            if (SenderReport.TryParse(part, out var report) && bySsrc.TryGetValue(report.Information.Ssrc, out var track))
                track.LatestReport = report.Information;
        }
    }

    private void HandleTick()
    {
        var packet = new byte[1_200];
        var writer = new RtcpWriter(packet);
        Span<ushort> lost = stackalloc ushort[64];
        foreach (var track in tracks)
        {
            track.HandleTime(Now);
            var count = track.Nacks?.CollectDue(Now, TimeSpan.FromMilliseconds(60), lost) ?? 0;
            if (count > 0 && !writer.TryAddNack(OwnSsrc, track.Ssrc, lost[..count]))
                Flush(packet, ref writer);
            if (track.TakeKeyFrameRequest(Now))
                writer.TryAddPictureLossIndication(OwnSsrc, track.Ssrc);
        }

        Flush(packet, ref writer);
        while (GivesFeedback && Now >= feedback.NextWakeUp && feedback.TryWrite(Now, ref writer))
            Flush(packet, ref writer);
    }

    private void Flush(byte[] packet, ref RtcpWriter writer)
    {
        if (writer.Length > 0)
            SendToServer(packet[..writer.Length], isRtcp: true);
        writer = new RtcpWriter(packet);
    }
}
