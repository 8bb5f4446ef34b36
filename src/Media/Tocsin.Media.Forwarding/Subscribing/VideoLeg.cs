using Tocsin.Media.Engine;
using Tocsin.Media.Forwarding.Publishing;

namespace Tocsin.Media.Forwarding.Subscribing;

/// <summary>
/// The way of one video track to one subscriber: which of its streams and layers, switched only where a decoder can follow, and rewritten so that the subscriber sees one stream
/// without seams.
/// </summary>
/// <remarks>The meeting's thread. Allocates only when it is made.</remarks>
internal sealed class VideoLeg : ILeg
{
    private const int ClockRate = 90_000;

    private readonly Consumer consumer;
    private TimelineAlignment timeline = new(ClockRate);
    private StreamEpoch current = new();

    /// <summary>Late packets of the stream before the last switch still fill its gaps.</summary>
    private StreamEpoch previous = new();

    /// <summary>Whether packets of <see cref="current"/> are passed on; else a key frame is waited for.</summary>
    private bool isOpen;

    private EpochStart next;
    private PublishedStream? lastStream;
    private uint lastOffset;

    public VideoLeg(Consumer consumer, Random random)
    {
        this.consumer = consumer;
        next = new EpochStart(random.Next(1, 0x8000), random.Next(1, 0x4000), (byte)random.Next(256));
    }

    /// <summary>What the path and the subscriber's wish allow; null: nothing.</summary>
    public VideoLayers? Target { get; private set; }

    public VideoLayers? Current => !isOpen ? null : IsSimulcast ? new(current.Stream!.Index, current.Layers.Temporal) : current.Layers;

    /// <summary>Whether it waits for a key frame because its queue was too long: no good asking before that has drained.</summary>
    public bool WasCut { get; private set; }

    public long SwitchCount { get; private set; }

    /// <summary>Whether the subscriber sees nothing until a key frame comes, or waits for one to switch.</summary>
    public bool WantsKeyFrame => Target is { } target && (!isOpen || current.IsOver || (IsSimulcast ? current.Stream!.Index != TargetStream(target).Index : target.Spatial > current.Layers.Spatial));

    public uint TimestampOffset => lastOffset;

    public PublishedStream? Stream => lastStream;

    private Producer Producer => consumer.Producer;

    private bool IsSimulcast => Producer.Streams.Length > 1;

    /// <summary>Asks for a key frame of the stream that is to be switched to.</summary>
    public void AskForKeyFrame()
    {
        WasCut = false;
        if (Target is { } target)
            Producer.WantKeyFrame(TargetStream(target));
    }

    /// <summary>Aims at other layers. Nothing is cut before what replaces it is there; null cuts at once.</summary>
    public void Aim(VideoLayers? target)
    {
        if (target == Target)
            return;
        var waited = WantsKeyFrame;
        Target = target;
        if (target is null)
            Stop();
        else if (WantsKeyFrame && (!waited || IsSimulcast))
            AskForKeyFrame();
    }

    /// <summary>Cuts: what comes next is a key frame.</summary>
    public void Stop()
    {
        if (isOpen)
            Close();
    }

    public void Offer(Instant now, StoredPacket packet)
    {
        if (Target is not { } target)
            return;
        if (isOpen && current.IsOver)
        {
            // Whether it begins with a key frame, and whether that arrives, is not to be waited for.
            Close();
            AskForKeyFrame();
            consumer.NoticeLayers(now);
        }

        if (isOpen && current.Covers(packet))
        {
            if (current.IsLate(packet))
                Fit(now, current, packet);
            else
                Keep(now, packet, target);
        }
        else if (packet.Frame.StartsKeyFrame && IsWelcome(packet.Stream, target))
        {
            Switch(now, packet, target);
        }
        else if (previous.Stream is not null && previous.Covers(packet) && previous.IsLate(packet))
        {
            Fit(now, previous, packet);
        }
    }

    private bool IsWelcome(PublishedStream stream, VideoLayers target)
    {
        var wanted = TargetStream(target);
        if (stream == wanted)
            return true;
        // Something sooner is better than the best later.
        return !isOpen && stream.Index < wanted.Index;
    }

    private PublishedStream TargetStream(VideoLayers target) => Producer.Streams[Math.Min(target.Spatial, Producer.Streams.Length - 1)];

    private void Switch(Instant now, StoredPacket keyFrame, VideoLayers target)
    {
        if (isOpen)
            Close();
        lastOffset = timeline.OffsetFor(now, keyFrame, lastStream, lastOffset);
        lastStream = keyFrame.Stream;
        current.Begin(keyFrame, next, lastOffset);
        isOpen = true;
        SwitchCount++;
        // What was lost and came late has others behind it that have come already.
        var stream = keyFrame.Stream;
        for (var number = keyFrame.Number; number <= stream.HighestNumber && isOpen; number++)
        {
            if (stream.History.Find(number) is { } packet)
                Keep(now, packet, target);
        }

        consumer.NoticeLayers(now);
    }

    private void Keep(Instant now, StoredPacket packet, VideoLayers target)
    {
        // A frame that was begun goes whole; a hole would be asked for and shown, a key frame later is neither.
        if (packet.Frame.StartsFrame && !consumer.Downlink.HasRoom(consumer, packet.Frame.StartsKeyFrame))
        {
            consumer.CountCongestion();
            Close();
            WasCut = true;
            consumer.NoticeLayers(now);
            return;
        }

        if (!current.TryKeep(packet, WantedOf(target), out var rewriting))
            return;
        timeline.HandleSent(now, rewriting.Timestamp);
        consumer.Send(now, packet, rewriting);
        if (packet.Frame.StartsFrame)
            consumer.NoticeLayers(now);
    }

    private void Fit(Instant now, StreamEpoch epoch, StoredPacket packet)
    {
        if (!epoch.TryFit(packet, out var rewriting, out var isFiller))
            return;
        if (isFiller)
            consumer.SendFiller(now, rewriting);
        else
            consumer.Send(now, packet, rewriting);
    }

    /// <summary>With simulcast a spatial layer is a stream. While a lower one is waited for, the path is too narrow: only the base is passed on of the higher.</summary>
    private VideoLayers WantedOf(VideoLayers target)
    {
        if (consumer.Downlink.IsCrowded(consumer))
            target = target with { Temporal = 0 };
        if (!IsSimulcast)
            return target;
        return new VideoLayers(LayerRates.MaximumSpatialLayers, TargetStream(target).Index < current.Stream!.Index ? 0 : target.Temporal);
    }

    private void Close()
    {
        next = current.Next;
        (previous, current) = (current, previous);
        current.Clear();
        isOpen = false;
    }
}
