using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Feedback;
using Tocsin.Media.Engine.Pacing;
using Tocsin.Media.Forwarding.Meetings;
using Tocsin.Media.Forwarding.Parameters;
using Tocsin.Media.Forwarding.Publishing;
using Tocsin.Media.Forwarding.Transports;
using Tocsin.Media.Wire.Rtcp;
using Tocsin.Media.Wire.Rtp;

namespace Tocsin.Media.Forwarding.Subscribing;

/// <summary>One track on its way to one subscriber. Made by <see cref="Transport.TryConsume"/>.</summary>
/// <remarks>The meeting's thread only.</remarks>
public sealed class Consumer
{
    /// <summary>Beyond this no codec in use has layers; so it stands for all.</summary>
    private const int MostLayers = 7;

    private readonly ILeg leg;
    private readonly VideoLeg? video;
    private readonly (TrackCodec Codec, LegFormat Format)[] formats;
    private SentCount sent;
    private PacketPriority packetPriority;
    private int waitingCount;
    private ushort nextRtxSequenceNumber;
    private VideoLayers? toldLayers;
    private (bool IsWatched, int Layers) noticedChoice;
    private long retransmitted;
    private long refusedRetransmissions;
    private long dropped;
    private long congestions;
    private ReportBlock latestReport;

    internal Consumer(Transport transport, Downlink downlink, ConsumerId id, Producer producer, RtpParameters parameters, ConsumerOptions options)
    {
        Transport = transport;
        Downlink = downlink;
        Id = id;
        Producer = producer;
        Parameters = parameters;
        IsPaused = options.IsPaused;
        Priority = options.Priority ?? (producer.Source == ProducerSource.Screen ? VideoPriority.Screen : VideoPriority.Thumbnail);
        PreferredLayers = Clamp(options.PreferredLayers ?? VideoLayers.Highest);
        Ssrc = parameters.Encodings[0].Ssrc ?? 0;
        RtxSsrc = parameters.Encodings[0].RtxSsrc ?? 0;
        formats = LegFormat.Read(producer.Track, parameters);
        foreach (var extension in parameters.HeaderExtensions)
            Extensions.TrySet(HeaderExtensionUri.ToKind(extension.Uri), extension.Id);
        var random = transport.Participant.Meeting.Random;
        nextRtxSequenceNumber = (ushort)random.Next(0x8000);
        video = producer.Kind == MediaKind.Video ? new VideoLeg(this, random) : null;
        leg = (ILeg?)video ?? new AudioLeg(this, random);
        Share = new VideoShare(this);
        Sent = RtxSsrc == 0 ? null : new SentPackets(producer.Streams);
        IsRepeated = Kind == MediaKind.Audio && Extensions.IdOf(HeaderExtensionKind.AbsoluteSendTime) == 0 && parameters.Codecs[0].RtcpFeedback.Contains(CodecMatching.Nack);
    }

    public ConsumerId Id { get; }

    public Transport Transport { get; }

    public Producer Producer { get; }

    public MediaKind Kind => Producer.Kind;

    /// <summary>What the client's <c>consume</c> is given: the router's payload types and ids, an SSRC of its own, and one for retransmissions.</summary>
    public RtpParameters Parameters { get; }

    public bool IsPaused { get; private set; }

    public bool IsClosed { get; private set; }

    public VideoPriority Priority { get; private set; }

    public VideoLayers PreferredLayers { get; private set; }

    /// <summary>What reaches the subscriber; null for audio, and while nothing does.</summary>
    public VideoLayers? CurrentLayers => video?.Current is { } layers ? Clamp(layers) : null;

    public ConsumerStatistics Statistics => new()
    {
        Packets = sent.Packets,
        PayloadBytes = sent.PayloadBytes,
        Retransmissions = retransmitted,
        RefusedRetransmissions = refusedRetransmissions,
        Dropped = dropped,
        Congestions = congestions,
        Switches = video?.SwitchCount ?? 0,
        FractionLost = latestReport.FractionLost / 256.0,
        CumulativeLost = latestReport.CumulativeLost,
    };

    internal uint Ssrc { get; }

    internal uint RtxSsrc { get; }

    internal Downlink Downlink { get; }

    /// <summary>With the router's ids.</summary>
    internal HeaderExtensionMap Extensions { get; } = new();

    /// <summary>Null where the device takes no retransmissions.</summary>
    internal SentPackets? Sent { get; }

    /// <summary>Whether the device asks for packets of this voice again, and takes them as they were.</summary>
    internal bool IsRepeated { get; }

    /// <summary>Of what was sent since its last report but one, in 256ths, as the subscriber told.</summary>
    internal byte FractionLost => latestReport.FractionLost;

    internal VideoShare Share { get; }

    internal PublishedStream? Stream => leg.Stream;

    internal VideoLayers? Target => video?.Target;

    /// <summary>
    /// What its packets wait behind. Another wish counts once nothing of it waits: else its newer packets would overtake the older ones, and a browser asks at once for whatever it believes to be missing.
    /// </summary>
    internal PacketPriority PacketPriority
    {
        get
        {
            if (waitingCount == 0)
                packetPriority = WantedPriority;
            return packetPriority;
        }
    }

    private PacketPriority WantedPriority => Kind == MediaKind.Audio ? PacketPriority.Audio : Priority switch
    {
        VideoPriority.Screen => PacketPriority.Screen,
        VideoPriority.Speaker => PacketPriority.Speaker,
        _ => PacketPriority.Thumbnail,
    };

    /// <summary>Whether anything of it should reach the subscriber.</summary>
    internal bool IsWatched => !IsPaused && !IsClosed && Transport.IsConnected && !Producer.IsPaused && Producer.IsSelected;

    public void Pause(Instant now)
    {
        if (IsPaused)
            return;
        IsPaused = true;
        leg.Stop();
        HandleWishChanged(now);
    }

    /// <summary>Asks the publisher for a key frame where one is needed.</summary>
    public void Resume(Instant now)
    {
        if (!IsPaused)
            return;
        IsPaused = false;
        HandleWishChanged(now);
    }

    public void SetPriority(Instant now, VideoPriority priority)
    {
        Priority = priority;
        HandleWishChanged(now);
    }

    /// <summary>As what the subscriber shows grows or shrinks. Layers that there are not are the highest that there are; below zero is zero.</summary>
    public void SetPreferredLayers(Instant now, VideoLayers layers)
    {
        PreferredLayers = Clamp(layers);
        HandleWishChanged(now);
    }

    /// <summary>For a decoder that has nothing to start from, as when an encryption key came late. The publisher is asked no more often than its limit.</summary>
    public void RequestKeyFrame(Instant now)
    {
        if (IsWatched && video is { Target: not null })
            Producer.WantKeyFrame(video.Stream ?? Producer.Streams[0]);
    }

    /// <summary>Final.</summary>
    public void Close(Instant now)
    {
        if (IsClosed)
            return;
        IsClosed = true;
        Producer.Remove(now, this);
        Transport.Remove(now, this);
    }

    /// <summary>A new packet of the track.</summary>
    internal void Offer(Instant now, StoredPacket packet)
    {
        if (!IsPaused && Transport.IsConnected)
            leg.Offer(now, packet);
    }

    internal void Aim(Instant now, VideoLayers? target)
    {
        video!.Aim(target);
        NoticeLayers(now);
    }

    /// <summary>Whether it has something else to choose from than when this was asked last: other layers, or any at all.</summary>
    internal bool NoticeChoice(Instant now)
    {
        var choice = IsWatched ? (true, Producer.LayersVersion(now)) : (false, 0);
        if (choice == noticedChoice)
            return false;
        noticedChoice = choice;
        return true;
    }

    /// <summary>Nothing reaches the subscriber for a while.</summary>
    internal void Stop(Instant now)
    {
        leg.Stop();
        HandleWishChanged(now);
    }

    /// <summary>Whether it was cut because it waited too long.</summary>
    internal bool WasCut => video is { WasCut: true };

    /// <summary>A key frame that was asked for may have been lost, or its request; and one that found no room is asked for when there is some.</summary>
    internal void AskAgain(Instant now)
    {
        if (IsWatched && video is { WantsKeyFrame: true } && !Downlink.IsCrowded(this))
            video.AskForKeyFrame();
    }

    internal void Send(Instant now, StoredPacket packet, in Rewriting rewriting)
    {
        if (!Downlink.TrySend(now, this, packet, rewriting))
        {
            dropped++;
            return;
        }

        waitingCount++;
        Transport.Schedule(now);
    }

    internal void SendFiller(Instant now, in Rewriting rewriting) => Downlink.SendFiller(now, this, rewriting);

    /// <summary>A packet of it waits no longer, whether it was sent or not.</summary>
    internal void CountLeft(in WaitingPacket packet)
    {
        if (!packet.IsRetransmission)
            waitingCount--;
    }

    internal void CountSent(Instant now, in WaitingPacket packet, int size)
    {
        if (size == 0)
        {
            dropped++;
            return;
        }

        if (packet.IsRetransmission)
        {
            retransmitted++;
            return;
        }

        sent = sent.With(packet.Packet.PayloadLength);
        Sent?.Add(now, packet.Packet, packet.Rewriting);
    }

    internal void CountRepeated() => retransmitted++;

    internal void CountRefusedRetransmission() => refusedRetransmissions++;

    internal void CountCongestion() => congestions++;

    internal void HandleReport(in ReportBlock report)
    {
        if (report.Ssrc == Ssrc)
            latestReport = report;
    }

    /// <summary>What to say of the stream now; false while nothing was sent or its publisher has not told its time.</summary>
    internal bool TryReport(Instant now, out SenderInformation information)
    {
        information = default;
        return sent.Packets > 0 && leg.Stream is { } stream && stream.SenderReports.TryTranslate(now, Ssrc, leg.TimestampOffset, sent, out information);
    }

    internal void NoticeLayers(Instant now)
    {
        var layers = CurrentLayers;
        if (layers == toldLayers)
            return;
        toldLayers = layers;
        Producer.Participant.Meeting.Events.OnLayersChanged(now, this);
    }

    internal ushort TakeRtxSequenceNumber() => nextRtxSequenceNumber++;

    internal LegFormat FormatOf(TrackCodec codec)
    {
        foreach (var (known, format) in formats)
        {
            if (known == codec)
                return format;
        }

        return default;
    }

    private static VideoLayers Clamp(VideoLayers layers) => new(Math.Clamp(layers.Spatial, 0, MostLayers), Math.Clamp(layers.Temporal, 0, MostLayers));

    private void HandleWishChanged(Instant now)
    {
        Producer.UpdateDemand(now);
        Downlink.AllocateSoon(now);
        Transport.Schedule();
    }
}
