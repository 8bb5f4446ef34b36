using Tocsin.Bench.Sfu.Latency;
using Tocsin.Media.Engine;
using Tocsin.Media.Forwarding.Parameters;
using Tocsin.Media.Wire.Rtcp;
using Tocsin.Media.Wire.Rtp;

namespace Tocsin.Bench.Sfu.Load;

/// <summary>Sends one track, frame by frame, at whatever rate it is told; a key frame when it is asked for one.</summary>
internal sealed class Publisher(SharedBatches batches, Scenario scenario, int meeting, int number, int seed) : LoadClient(batches, seed)
{
    /// <summary>What was not sent for so long is not made up for: a burst would only overflow the server's queue.</summary>
    private static readonly TimeSpan LargestDebt = TimeSpan.FromMilliseconds(20);

    /// <summary>Frames of different publishers begin at different times.</summary>
    private const int Phases = 64;

    private const int PhasesOfMeeting = 5;

    private readonly byte[] header = new byte[64];
    private readonly byte[] payload = new byte[scenario.PayloadLength];
    private Instant nextFrame = Instant.Never;
    private TimeSpan interval;
    private bool wantsKeyFrame = true;
    private ushort transportNumber;
    private long frame;

    public int Meeting { get; } = meeting;

    public int Number { get; } = number;

    public Track Track { get; } = new(scenario.Kind, (uint)(1_000 + number));

    public long Sent { get; private set; }

    public long KeyFrameRequests { get; private set; }

    /// <summary>Frames that were due and not sent, because the generator had no time for them.</summary>
    public long Omitted { get; private set; }

    /// <param name="packetsPerSecond">0: nothing more.</param>
    public void SetRate(Instant now, double packetsPerSecond)
    {
        interval = packetsPerSecond > 0 ? TimeSpan.FromTicks((long)(TimeSpan.TicksPerSecond * scenario.PacketsPerFrame / packetsPerSecond)) : TimeSpan.Zero;
        nextFrame = packetsPerSecond > 0 ? now + (interval * (((Meeting * PhasesOfMeeting) + Number) % Phases / (double)Phases)) : Instant.Never;
    }

    protected override void RunMedia(Instant now)
    {
        if (!IsConnected || nextFrame == Instant.Never)
            return;
        if (now - nextFrame > LargestDebt)
        {
            var debt = (long)((now - nextFrame - LargestDebt) / interval);
            Omitted += debt;
            nextFrame += interval * debt;
        }

        for (; now >= nextFrame; nextFrame += interval)
            SendFrame(now);
    }

    protected override void HandleRtp(Instant now, ReadOnlySpan<byte> packet) => throw new InvalidOperationException("a publisher received media");

    protected override void HandleRtcp(Instant now, ReadOnlySpan<byte> packet)
    {
        if (!RtcpCompound.TryParse(packet, out var compound))
            return;
        foreach (var part in compound)
        {
            if (!FeedbackMessage.TryParse(part, out var feedback) || feedback.Kind is not (FeedbackKind.PictureLossIndication or FeedbackKind.FullIntraRequest))
                continue;
            wantsKeyFrame = true;
            KeyFrameRequests++;
        }
    }

    private void SendFrame(Instant now)
    {
        var isKey = wantsKeyFrame;
        wantsKeyFrame = false;
        frame++;
        var sentAt = Delays is null ? 0 : DelayMeter.Now;
        // Before the frame, in the same call into the system: what it takes is what the frame would take without a server.
        if (Direct is not null)
            ToSend.Add(Direct.Address, DirectPath.Write(ToSend.Reserve(DirectPath.Length), Meeting * 1_000 + Number, Sent, scenario.PacketsPerFrame));
        var clockRate = Track.Kind == MediaKind.Audio ? 48_000 : 90_000;
        var timestamp = (uint)(now.Nanoseconds / 1_000 * clockRate / 1_000_000);
        for (var index = 0; index < scenario.PacketsPerFrame; index++)
        {
            var isLast = index == scenario.PacketsPerFrame - 1;
            var fields = new RtpFields(Track.PayloadType, isLast, (ushort)Sent, timestamp, Track.Ssrc);
            var writer = new RtpPacketWriter(header, fields);
            if (writer.TryReserveExtension(Track.TransportNumberId, TransportSequenceNumber.Length, out var offset))
                TransportSequenceNumber.TryWrite(transportNumber++, header.AsSpan(offset), out _);
            writer.TryFinish(out var length);
            Delays?.NoteSent(Meeting * 1_000 + Number, Sent, sentAt);
            TestPayload.Write(payload, Track.Kind, Number, Sent++, index == 0, isKey, frame);
            Send(header.AsSpan(0, length), payload);
        }
    }
}
