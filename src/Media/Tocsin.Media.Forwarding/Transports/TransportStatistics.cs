using Tocsin.Media.Engine;

namespace Tocsin.Media.Forwarding.Transports;

/// <summary>How a transport stands.</summary>
public readonly record struct TransportStatistics
{
    /// <summary>What the path to the subscriber carries; zero where nothing is consumed.</summary>
    public BitRate Estimate { get; init; }

    /// <summary>With the time that the subscriber takes to answer.</summary>
    public TimeSpan RoundTripTime { get; init; }

    /// <summary>Of what is sent, 0 to 1.</summary>
    public double Loss { get; init; }

    /// <summary>That wait to be sent.</summary>
    public long QueuedBytes { get; init; }

    /// <summary>Packets from the publisher that are of no published stream.</summary>
    public long UnknownPackets { get; init; }
}
