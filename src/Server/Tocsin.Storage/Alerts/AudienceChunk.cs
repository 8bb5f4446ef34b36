using Tocsin.Alerting;

namespace Tocsin.Storage.Alerts;

/// <summary>People of an alert who were decided upon but are not yet recipients with deliveries. Deleted in the transaction that makes them so.</summary>
public sealed class AudienceChunk
{
    public AlertId AlertId { get; set; }

    /// <summary>0 for the raising, 1 and up for what escalations add.</summary>
    public int Wave { get; set; }

    public int ChunkNumber { get; set; }

    /// <summary>Person ids, 16 bytes each, big-endian, in ascending order.</summary>
    public byte[] PersonIds { get; set; } = [];
}
