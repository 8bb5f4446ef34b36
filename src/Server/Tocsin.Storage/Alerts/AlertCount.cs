using Tocsin.Alerting;

namespace Tocsin.Storage.Alerts;

/// <summary>One of an alert's numbers, kept in the transaction that changes what it counts: a board of 100,000 recipients reads some rows.</summary>
public sealed class AlertCount
{
    public AlertId AlertId { get; set; }

    public AlertCountKind Kind { get; set; }

    /// <summary>What is counted within the kind.</summary>
    public string Key { get; set; } = "";

    public long Count { get; set; }
}

/// <summary>Stored as the number.</summary>
public enum AlertCountKind
{
    /// <summary>Recipients; key: <see cref="Standing"/> as a number.</summary>
    Standing = 0,

    /// <summary>Recipients whose answer it is; key: the choice.</summary>
    Answer = 1,

    /// <summary>Deliveries; key: <c>channel:state</c> as numbers.</summary>
    Delivery = 2,

    /// <summary>Recipients of a site; key: <c>UUID:standing</c>, the UUID empty for none.</summary>
    Site = 3,

    /// <summary>Failed deliveries; key: <c>channel:failure-code</c>.</summary>
    Failure = 4,

    /// <summary>Recipients with a written reply that nobody has read; key: empty.</summary>
    UnreadReply = 5,
}
