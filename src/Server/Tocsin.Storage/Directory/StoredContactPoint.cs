using Tocsin.Alerting;
using Tocsin.Alerting.Plans;

namespace Tocsin.Storage.Directory;

/// <summary>One address at which a person can be reached, as it is kept. Personal data: never logged.</summary>
public sealed class StoredContactPoint
{
    public ContactPointId Id { get; set; }

    public PersonId PersonId { get; set; }

    public ContactPointKind Kind { get; set; }

    /// <summary>E.164 for a mobile or landline, an address for e-mail, the number or RIC of a pager, the push endpoint of an app.</summary>
    public string Address { get; set; } = "";

    /// <summary>What the channel needs besides the address (the keys of a push subscription), as JSON.</summary>
    public string? ChannelData { get; set; }

    /// <summary>The person's own order, the smallest first.</summary>
    public int Rank { get; set; }

    /// <summary>What people call it ("standby phone").</summary>
    public string? Label { get; set; }

    /// <summary>Wall time at which quiet hours begin (minutes after midnight). All three are present or none.</summary>
    public int? QuietFromMinute { get; set; }

    public int? QuietUntilMinute { get; set; }

    /// <summary>IANA time zone of the quiet hours.</summary>
    public string? QuietTimeZone { get; set; }

    /// <summary>When a code sent there came back, or the person said that it is right; null since the address last changed.</summary>
    public DateTimeOffset? VerifiedAt { get; set; }

    /// <summary>Off: kept, but nothing is sent there.</summary>
    public bool Enabled { get; set; } = true;

    public DirectorySource Source { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>The quiet hours as the rules have them.</summary>
    public QuietHours? QuietHours
    {
        get => ToQuietHours(QuietFromMinute, QuietUntilMinute, QuietTimeZone);
        set => (QuietFromMinute, QuietUntilMinute, QuietTimeZone) = (MinuteOf(value?.From), MinuteOf(value?.Until), value?.TimeZone);
    }

    public static QuietHours? ToQuietHours(int? fromMinute, int? untilMinute, string? timeZone) =>
        fromMinute is { } from && untilMinute is { } until && timeZone is not null
            ? new QuietHours(TimeOnly.MinValue.AddMinutes(from), TimeOnly.MinValue.AddMinutes(until), timeZone)
            : null;

    private static int? MinuteOf(TimeOnly? time) => time is { } t ? (t.Hour * 60) + t.Minute : null;
}
