namespace Tocsin.Storage.Alerts;

/// <summary>A running server process that may have deliveries in hand. Once its heartbeat stops, the others take over what it held.</summary>
public sealed class ServerNode
{
    public long Id { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    public DateTimeOffset HeartbeatAt { get; set; }
}
