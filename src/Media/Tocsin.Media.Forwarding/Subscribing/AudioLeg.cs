using Tocsin.Media.Engine;
using Tocsin.Media.Forwarding.Publishing;

namespace Tocsin.Media.Forwarding.Subscribing;

/// <summary>The way of one audio track to one subscriber: all of it, with other numbers where something was left out before.</summary>
/// <remarks>The meeting's thread. Allocates only when it is made.</remarks>
internal sealed class AudioLeg(Consumer consumer, Random random) : ILeg
{
    private TimelineAlignment timeline = new(consumer.Producer.Track.Codecs[0].Capability.ClockRate);
    private long next = random.Next(1, 0x8000);
    private long first;
    private long delta;
    private int incarnation;
    private bool isOpen;

    public PublishedStream? Stream { get; private set; }

    public uint TimestampOffset { get; private set; }

    public void Offer(Instant now, StoredPacket packet)
    {
        if (!isOpen || incarnation != packet.Stream.Incarnation)
            Begin(now, packet);
        if (packet.PassedNumber < first)
            return;
        var number = packet.PassedNumber + delta;
        next = Math.Max(next, number + 1);
        var timestamp = packet.Timestamp + TimestampOffset;
        timeline.HandleSent(now, timestamp);
        consumer.Send(now, packet, new Rewriting((ushort)number, timestamp, packet.Marker, 0, 0));
    }

    public void Stop() => isOpen = false;

    private void Begin(Instant now, StoredPacket packet)
    {
        var isSameStream = Stream == packet.Stream && incarnation == packet.Stream.Incarnation;
        if (!isSameStream)
            TimestampOffset = timeline.OffsetFor(now, packet, null, 0);
        Stream = packet.Stream;
        (first, delta, incarnation, isOpen) = (packet.PassedNumber, next - packet.PassedNumber, packet.Stream.Incarnation, true);
    }
}
