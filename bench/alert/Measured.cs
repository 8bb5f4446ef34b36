namespace Tocsin.Bench.Alert;

/// <summary>What one run measured. Times are milliseconds from the request that raised the alert.</summary>
internal sealed record Measured
{
    /// <summary>Deliveries handed over a second, from the request to the last of them.</summary>
    public required double Rate { get; init; }

    /// <summary>The answer to the request: the alert is durable.</summary>
    public required double Answered { get; init; }

    public required double First { get; init; }

    /// <summary>The same for the first alert after the server's start, once it says that it is ready.</summary>
    public required double FirstCold { get; init; }

    /// <summary>Every recipient and delivery is durable.</summary>
    public required double Durable { get; init; }

    public required double HandedOver { get; init; }

    /// <summary>The board counts every receipt.</summary>
    public required double BoardComplete { get; init; }

    public required double ReceiptRate { get; init; }

    /// <summary>The server's processor time, until all is handed over and written down, for each delivery.</summary>
    public required double ProcessorMicroseconds { get; init; }

    /// <summary>The same of PostgreSQL; 0 with SQLite, whose time is the server's.</summary>
    public required double DatabaseMicroseconds { get; init; }

    /// <summary>The same of the carriers and the rest of what measures.</summary>
    public required double CarrierMicroseconds { get; init; }

    /// <summary>The server's processor time for each text whose receipts came, from the first receipt until the board counts all.</summary>
    public required double ReceiptProcessorMicroseconds { get; init; }

    /// <summary>The same of PostgreSQL.</summary>
    public required double ReceiptDatabaseMicroseconds { get; init; }

    /// <summary>How many short messages (140 octets) a text took.</summary>
    public required double ShortMessagesPerText { get; init; }

    /// <summary>The server's own memory before the alert, MiB.</summary>
    public required double MemoryBefore { get; init; }

    /// <summary>The most of it from then on, MiB.</summary>
    public required double MemoryPeak { get; init; }

    /// <summary>Most resident at any time, the mapped pages of the database and the program included, MiB.</summary>
    public required double ResidentPeak { get; init; }
}
