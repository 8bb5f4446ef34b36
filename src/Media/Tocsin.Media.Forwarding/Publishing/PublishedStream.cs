using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Feedback;
using Tocsin.Media.Forwarding.Parameters;
using Tocsin.Media.Wire.Arithmetic;
using Tocsin.Media.Wire.Rtcp;

namespace Tocsin.Media.Forwarding.Publishing;

/// <summary>One encoding of a published track as it comes in: what of it is missing, what is kept of it, and what it says of its layers.</summary>
/// <remarks>The meeting's thread. Allocates when it is made, and when the publisher begins it anew with another SSRC.</remarks>
internal sealed class PublishedStream
{
    private const int VideoHistory = 1_024;
    private const int AudioHistory = 64;

    /// <summary>Of a packet on its way to a subscriber: IPv4, UDP, RTP with its extensions, and the tag of SRTP.</summary>
    private const int PacketOverhead = 64;

    /// <summary>With simulcast, an encoding that is silent for longer was turned off by its publisher.</summary>
    private static readonly TimeSpan SilenceTime = TimeSpan.FromSeconds(1.5);

    private readonly int clockRate;
    private SequenceUnroller numbers;
    private FrameReader frames = new();
    private long highestKeyFrame = long.MinValue;
    private uint keyFrameTimestamp;
    private (bool IsActive, int Spatial, int Temporal) noticedLayers;

    public PublishedStream(Producer producer, int index, TrackEncoding encoding, PacketPool pool)
    {
        Producer = producer;
        Index = index;
        Encoding = encoding;
        clockRate = producer.Track.Codecs[0].Capability.ClockRate;
        History = new PacketHistory(producer.Kind == MediaKind.Video ? VideoHistory : AudioHistory, pool);
        SenderReports = new SenderReportTranslator(clockRate);
        Pool = pool;
    }

    public Producer Producer { get; }

    /// <summary>With simulcast the spatial layer, the lowest 0.</summary>
    public int Index { get; }

    public TrackEncoding Encoding { get; }

    public PacketHistory History { get; }

    /// <summary>Null where the publisher is not asked again: of audio, opus mends single losses itself.</summary>
    public NackGenerator? Nacks { get; private set; }

    public NackRoundTrip RoundTrip { get; } = new();

    public ReceptionStatistics? Reception { get; private set; }

    public KeyFrameRequestLimiter KeyFrameRequests { get; } = new();

    public SenderReportTranslator SenderReports { get; private set; }

    public LayerRates Rates { get; } = new();

    /// <summary>0 until its first packet.</summary>
    public uint Ssrc { get; private set; }

    /// <summary>Counts how often the publisher began it anew: numbers of one incarnation mean nothing in another.</summary>
    public int Incarnation { get; private set; }

    public long HighestNumber => numbers.Highest;

    public Instant LastPacketAt { get; private set; }

    public FrameReader Frames => frames;

    public long ReceivedPackets { get; private set; }

    public long ReceivedBytes { get; private set; }

    public long DuplicateCount { get; private set; }

    /// <summary>Packets that the pool had no room for.</summary>
    public long RefusedCount { get; private set; }

    private PacketPool Pool { get; }

    public bool HasBegun => Ssrc != 0;

    public bool IsActive(Instant now) => HasBegun && now - LastPacketAt < SilenceTime;

    /// <summary>Whether other layers than when this was asked last are there to choose from.</summary>
    public bool NoticeLayers(Instant now)
    {
        var layers = (IsActive(now), frames.HighestSpatialId, frames.HighestTemporalId);
        if (layers == noticedLayers)
            return false;
        noticedLayers = layers;
        return true;
    }

    /// <summary>Its packets come with this SSRC from now on.</summary>
    public void Begin(uint ssrc)
    {
        if (HasBegun)
        {
            Incarnation++;
            History.Clear();
            numbers = default;
            frames = new FrameReader();
            highestKeyFrame = long.MinValue;
            SenderReports = new SenderReportTranslator(clockRate);
        }

        Ssrc = ssrc;
        Nacks = Producer.Kind == MediaKind.Video ? new NackGenerator() : Producer.Track.IsRepeatedAsItWas ? NackGenerator.ForVoice() : null;
        Reception = new ReceptionStatistics(ssrc, clockRate);
    }

    /// <summary>Keeps the packet, unless it came before.</summary>
    /// <returns>The history's; null where there is nothing to pass on.</returns>
    public StoredPacket? TryStore(Instant now, in IncomingPacket packet, in IncomingExtensions extensions)
    {
        var number = numbers.Peek(packet.SequenceNumber);
        if (History.HasSeen(number))
        {
            DuplicateCount++;
            return null;
        }

        LastPacketAt = now;
        ReceivedPackets++;
        ReceivedBytes += packet.Payload.Length;
        // A voice that was asked for comes as the same packet once more: it was lost all the same, and FEC is to know.
        if (IsRecovery(now, packet.SequenceNumber) || packet.IsRetransmission)
            RoundTrip.HandleRetransmission(now, packet.SequenceNumber);
        else
            Reception!.HandlePacket(now, packet.SequenceNumber, packet.Timestamp);
        numbers.Unroll(packet.SequenceNumber);
        History.Expire(now);
        // VP8 and VP9 have descriptors of their own, and numbers of two kinds would have to be kept in step.
        var descriptor = packet.Codec.Format is PayloadFormat.H264 or PayloadFormat.Av1 ? extensions.DependencyDescriptor : default;
        if (Pool.TryTake(packet.Payload.Length + descriptor.Length) is not { } stored)
        {
            RefusedCount++;
            return null;
        }

        stored.SetContent(packet.Payload, descriptor);
        Fill(stored, now, packet, extensions, number);
        History.Add(stored);
        NoticeKeyFrame(stored);
        Rates.Add(now, stored.Frame.SpatialId, stored.Frame.TemporalId, IsOfKeyFrame(packet.Timestamp) ? 0 : packet.Payload.Length + PacketOverhead);
        return stored;
    }

    public void HandleSenderReport(Instant now, in SenderInformation information)
    {
        SenderReports.HandleSourceReport(now, information);
        Reception?.HandleSenderReport(now, information);
    }

    public ProducerStatistics GetStatistics(Instant now) => new()
    {
        Rate = Rates.RateOf(now, LayerRates.MaximumSpatialLayers, LayerRates.MaximumTemporalLayers),
        IsActive = IsActive(now),
        Packets = ReceivedPackets,
        PayloadBytes = ReceivedBytes,
        Duplicates = DuplicateCount,
        Nacks = Nacks?.RequestCount ?? 0,
        Recovered = Nacks?.RecoveredCount ?? 0,
        Lost = Nacks?.GivenUpCount ?? 0,
        KeyFrameRequests = KeyFrameRequests.SentCount,
        Refused = RefusedCount,
    };

    private void Fill(StoredPacket stored, Instant now, in IncomingPacket packet, in IncomingExtensions extensions, long number)
    {
        stored.Stream = this;
        stored.Codec = packet.Codec;
        stored.Number = number;
        stored.Timestamp = packet.Timestamp;
        stored.Marker = packet.Marker;
        stored.ReceivedAt = now;
        stored.AudioLevel = extensions.AudioLevel;
        stored.Orientation = extensions.Orientation;
        frames.Read(stored);
    }

    private bool IsRecovery(Instant now, ushort sequenceNumber)
    {
        if (Nacks is null)
            return false;
        var before = Nacks.RecoveredCount;
        Nacks.HandlePacket(now, sequenceNumber);
        return Producer.Kind == MediaKind.Audio && Nacks.RecoveredCount > before;
    }

    private bool IsOfKeyFrame(uint timestamp) => highestKeyFrame != long.MinValue && timestamp == keyFrameTimestamp;

    /// <summary>One that comes late, after a newer one was asked for, serves nobody.</summary>
    private void NoticeKeyFrame(StoredPacket packet)
    {
        if (!packet.Frame.StartsKeyFrame || packet.Number <= highestKeyFrame)
            return;
        (highestKeyFrame, keyFrameTimestamp) = (packet.Number, packet.Timestamp);
        KeyFrameRequests.HandleKeyFrame();
    }
}
