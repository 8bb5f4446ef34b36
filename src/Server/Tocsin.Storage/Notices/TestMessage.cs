using Tocsin.Alerting;

namespace Tocsin.Storage.Notices;

/// <summary>A message that an administrator had sent to themselves over one channel, to see whether it works. Decision 0157.</summary>
public sealed class TestMessage : NoticeDelivery
{
    /// <summary>Who asked for it, and gets it.</summary>
    public PersonId PersonId { get; set; }

    public string AskedByName { get; set; } = "";

    public DateTimeOffset AskedAt { get; set; }

    /// <summary>Where it was sent, with all but its end hidden; empty for a device.</summary>
    public string MaskedAddress { get; set; } = "";

    /// <summary>When a carrier took it, or it was given up; null until then.</summary>
    public DateTimeOffset? SettledAt { get; set; }

    /// <summary>Which provider took it, and what it calls it: a receipt names these.</summary>
    public string? ProviderId { get; set; }

    public string? ProviderMessageId { get; set; }

    /// <summary>When it reached the device or mailbox, says the carrier; null where it says nothing.</summary>
    public DateTimeOffset? ArrivedAt { get; set; }
}
