using Tocsin.Alerting;

namespace Tocsin.Storage.Notices;

/// <summary>Tells somebody, on one of the contact points that they had before, that a link changed how they are reached. Decision 0158.</summary>
public sealed class ContactChangeNotice : NoticeDelivery
{
    public PersonId PersonId { get; set; }

    public ContactChange Change { get; set; }

    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>What was added, or what was removed, with all but its end hidden.</summary>
    public string MaskedAddress { get; set; } = "";

    /// <summary>What it took the place of, hidden in the same way; null where it did not.</summary>
    public string? ReplacedAddress { get; set; }
}

/// <summary>Stored as the number.</summary>
public enum ContactChange
{
    Added = 0,
    Replaced = 1,
    Removed = 2,
}
