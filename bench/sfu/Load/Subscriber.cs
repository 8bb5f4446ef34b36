using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Feedback;
using Tocsin.Media.Wire.Rtcp;
using Tocsin.Media.Wire.Rtp;

namespace Tocsin.Bench.Sfu.Load;

/// <summary>What one subscriber found in what it received; all of it was authentic.</summary>
internal struct Verified
{
    /// <summary>As they were sent, each once.</summary>
    public long Packets;

    /// <summary>Not as anybody sent them.</summary>
    public long Altered;

    /// <summary>Behind a later one of the same track.</summary>
    public long Late;

    /// <summary>The server's sequence numbers say something else than the publisher's: repeated, or more of them than packets.</summary>
    public long Misnumbered;

    /// <summary>Retransmissions and padding, which carry nothing new.</summary>
    public long Other;
}

/// <summary>Receives the tracks of a meeting and verifies each packet; says when they arrived, as browsers do, where the server numbers them.</summary>
internal sealed class Subscriber(SharedBatches batches, Scenario scenario, int meeting, int number, int seed) : LoadClient(batches, seed)
{
    private readonly TransportFeedbackGenerator feedback = new((uint)(100_000 + number));
    private readonly byte[] report = new byte[1_200];
    private readonly Dictionary<int, Arrived> latest = [];
    private readonly HashSet<uint> tracks = [];
    private byte transportNumberId;
    private Verified verified;

    public int Meeting { get; } = meeting;

    public int Number { get; } = number;

    public ref readonly Verified Verified => ref verified;

    /// <summary>Tells packets only by their headers, and says when they arrived: cheaper than decrypting and comparing them.</summary>
    public bool OnlyCounts { get; set; }

    /// <summary>From how many publishers something came.</summary>
    public int Publishers => latest.Count;

    public void Subscribe(ServerEnd end)
    {
        transportNumberId = end.TransportNumberId;
        Connect(end);
    }

    protected override void RunMedia(Instant now)
    {
        if (!IsConnected || now < feedback.NextWakeUp)
            return;
        bool more;
        do
        {
            var writer = new RtcpWriter(report);
            more = feedback.TryWrite(now, ref writer);
            if (writer.Length > 0)
                SendRtcp(report.AsSpan(0, writer.Length));
        }
        while (more);
    }

    protected override void HandleRtp(Instant now, ReadOnlySpan<byte> packet)
    {
        if (!RtpPacket.TryParse(packet, out var parsed))
        {
            verified.Altered++;
            return;
        }

        NoteTransportNumber(now, parsed);
        if (parsed.Payload.Length != scenario.PayloadLength)
            verified.Other++;
        else if (!TestPayload.TryRead(parsed.Payload, scenario.Kind, scenario.PayloadLength, out var publisher, out var sent))
            verified.Altered++;
        else
            Note(parsed.Ssrc, publisher, sent, parsed.SequenceNumber);
    }

    protected override bool HandleEncrypted(Instant now, ReadOnlySpan<byte> packet)
    {
        if (!OnlyCounts || !RtpPacket.TryParse(packet, out var parsed))
            return false;
        NoteTransportNumber(now, parsed);
        if (tracks.Contains(parsed.Ssrc))
            verified.Packets++;
        return true;
    }

    protected override void HandleRtcp(Instant now, ReadOnlySpan<byte> packet)
    {
        // Sender reports: nothing here plays them.
    }

    private void NoteTransportNumber(Instant now, in RtpPacket packet)
    {
        if (transportNumberId != 0 && packet.Extensions.TryFind(transportNumberId, out var value) && TransportSequenceNumber.TryParse(value, out var transportNumber))
            feedback.HandlePacket(now, transportNumber, packet.Ssrc);
    }

    private void Note(uint ssrc, int publisher, long sent, ushort sequenceNumber)
    {
        Delays?.NoteArrived(Meeting * 1_000 + publisher, sent, ArrivedAt);
        if (!latest.TryGetValue(publisher, out var before))
        {
            tracks.Add(ssrc);
            latest.Add(publisher, new Arrived(sent, sequenceNumber));
            verified.Packets++;
            return;
        }

        if (sent <= before.Sent)
        {
            verified.Late++;
            return;
        }

        var step = (ushort)(sequenceNumber - before.SequenceNumber);
        if (step == 0 || step > sent - before.Sent)
            verified.Misnumbered++;
        verified.Packets++;
        latest[publisher] = new Arrived(sent, sequenceNumber);
    }

    private readonly record struct Arrived(long Sent, ushort SequenceNumber);
}
