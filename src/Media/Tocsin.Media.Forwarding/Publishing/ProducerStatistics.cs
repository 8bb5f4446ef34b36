using Tocsin.Media.Engine;

namespace Tocsin.Media.Forwarding.Publishing;

/// <summary>What came of one encoding of a published track, since it began.</summary>
public readonly record struct ProducerStatistics
{
    /// <summary>Of the last half second.</summary>
    public BitRate Rate { get; init; }

    public bool IsActive { get; init; }

    public long Packets { get; init; }

    public long PayloadBytes { get; init; }

    /// <summary>Packets that came again.</summary>
    public long Duplicates { get; init; }

    /// <summary>Requests for lost packets.</summary>
    public long Nacks { get; init; }

    /// <summary>Packets that came after they were asked for.</summary>
    public long Recovered { get; init; }

    /// <summary>Packets that never came.</summary>
    public long Lost { get; init; }

    public long KeyFrameRequests { get; init; }

    /// <summary>Packets that the meeting's memory had no room for.</summary>
    public long Refused { get; init; }
}
