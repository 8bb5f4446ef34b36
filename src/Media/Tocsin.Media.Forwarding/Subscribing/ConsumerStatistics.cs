namespace Tocsin.Media.Forwarding.Subscribing;

/// <summary>What was sent of one track to one subscriber, since it began.</summary>
public readonly record struct ConsumerStatistics
{
    /// <summary>First transmissions.</summary>
    public long Packets { get; init; }

    /// <summary>Of first transmissions, without headers.</summary>
    public long PayloadBytes { get; init; }

    public long Retransmissions { get; init; }

    /// <summary>Asked for, but no longer kept, asked for too soon or too often, or over the budget.</summary>
    public long RefusedRetransmissions { get; init; }

    /// <summary>Packets that found no room or no connection.</summary>
    public long Dropped { get; init; }

    /// <summary>How often the queue was so long that the video was cut up to a later key frame.</summary>
    public long Congestions { get; init; }

    /// <summary>How often another stream or a new key frame was begun with.</summary>
    public long Switches { get; init; }

    /// <summary>Of the last report, 0 to 1.</summary>
    public double FractionLost { get; init; }

    /// <summary>As the subscriber reports it: what was sent again counts as lost all the same.</summary>
    public long CumulativeLost { get; init; }
}
