using Tocsin.Media.Engine;
using Tocsin.Media.Forwarding.Publishing;

namespace Tocsin.Media.Forwarding.Subscribing;

/// <summary>Decides which packets of a track reach one subscriber, and as what.</summary>
internal interface ILeg
{
    /// <summary>The stream that was passed on last; null before the first packet.</summary>
    PublishedStream? Stream { get; }

    /// <summary>What is added to its timestamps.</summary>
    uint TimestampOffset { get; }

    /// <summary>A new packet of the track.</summary>
    void Offer(Instant now, StoredPacket packet);

    /// <summary>Nothing is passed on for a while: what comes next begins anew, without a gap in its numbers.</summary>
    void Stop();
}
