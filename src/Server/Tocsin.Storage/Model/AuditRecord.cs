namespace Tocsin.Storage.Model;

/// <summary>Who did what, when, from where. Append-only; each record carries the hash of the one before.</summary>
public sealed class AuditRecord
{
    public long Seq { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>Account, API token or <c>system</c>, as <c>account:UUID</c>, <c>token:UUID</c>.</summary>
    public string Actor { get; set; } = "";

    /// <summary>The actor's name as it was then, so that the record reads without the directory.</summary>
    public string ActorName { get; set; } = "";

    /// <summary>Network address, or null for the system itself.</summary>
    public string? Origin { get; set; }

    /// <summary><c>noun.verb-past</c>.</summary>
    public string Action { get; set; } = "";

    /// <summary>What it was done to, as <c>alert:UUID</c>; null where it concerns the whole system.</summary>
    public string? Subject { get; set; }

    /// <summary>JSON object of further facts, at most 4 KiB; no secrets.</summary>
    public string Detail { get; set; } = "{}";

    /// <summary>SHA-256 over the previous hash and this record's fields: see <c>AuditChain</c>.</summary>
    public byte[] Hash { get; set; } = [];
}
