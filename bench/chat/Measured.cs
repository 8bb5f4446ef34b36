namespace Tocsin.Bench.Chat;

/// <summary>What one run measured; every client had got every message, in its room's order, with the bytes that were sent.</summary>
internal sealed record Measured
{
    /// <summary>What ran, as it names itself.</summary>
    public required string Server { get; init; }

    /// <summary>Processor time to connect all and bring them into their rooms, for each client, µs.</summary>
    public required double ProcessorPerConnect { get; init; }

    /// <summary>Resident memory that came with the clients, for each, KiB.</summary>
    public required double MemoryPerClient { get; init; }

    /// <summary>At a few messages a second.</summary>
    public required Step Calm { get; init; }

    /// <summary>The most messages a second whose delays stayed within the limit.</summary>
    public required Step Most { get; init; }

    /// <summary>The first rate found too high.</summary>
    public required Step? TooMuch { get; init; }
}

/// <summary>So many messages a second, for some seconds.</summary>
internal sealed record Step
{
    /// <summary>Messages a second.</summary>
    public required double Rate { get; init; }

    /// <summary>Delivered messages a second: each goes to all of a room.</summary>
    public required double Deliveries { get; init; }

    /// <summary>Milliseconds from the moment at which a message was due to be sent until a client had it.</summary>
    public required double P50 { get; init; }

    /// <inheritdoc cref="P50"/>
    public required double P99 { get; init; }

    /// <summary>The server's processor time for each delivered message, µs.</summary>
    public required double ProcessorPerDelivery { get; init; }

    /// <summary>The same of the clients.</summary>
    public required double ClientsPerDelivery { get; init; }

    /// <summary>How much of its core the server used.</summary>
    public required double ServerLoad { get; init; }

    /// <summary>How much of theirs the clients did: near 1 they are what was measured.</summary>
    public required double ClientLoad { get; init; }

    /// <summary>All was delivered soon enough.</summary>
    public required bool IsHeld { get; init; }
}
