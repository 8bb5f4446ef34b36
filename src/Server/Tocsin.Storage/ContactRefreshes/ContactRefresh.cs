using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Storage.Notices;

namespace Tocsin.Storage.ContactRefreshes;

/// <summary>A campaign: people are asked to confirm how they are reached, each by a personal link, until a moment.</summary>
public sealed class ContactRefresh
{
    public ContactRefreshId Id { get; set; }

    /// <summary>1, 2, 3 ...: what people call it.</summary>
    public long Number { get; set; }

    public RefreshAudience Audience { get; set; }

    /// <summary>The group or site; null for any other audience.</summary>
    public Guid? AudienceId { get; set; }

    /// <summary>What the group or site was called when it began.</summary>
    public string? AudienceName { get; set; }

    /// <summary>For <see cref="RefreshAudience.Unverified"/>: how many months a verification is taken to be right.</summary>
    public int? Months { get; set; }

    public string? TitleFr { get; set; }

    public string? TitleEn { get; set; }

    public string? BodyFr { get; set; }

    public string? BodyEn { get; set; }

    public string StartedByName { get; set; } = "";

    public DateTimeOffset StartedAt { get; set; }

    /// <summary>Links are worth something before this moment.</summary>
    public DateTimeOffset Until { get; set; }

    /// <summary>When those who have not answered are told once more; null: they are not, or they were.</summary>
    public DateTimeOffset? RemindAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Who ended it before its time; null where its time was over.</summary>
    public string? EndedByName { get; set; }

    /// <summary>What is being written down for everybody in the order of their ids, some at a time.</summary>
    public RefreshWriting Writing { get; set; }

    /// <summary>The last of them for whom it is written down.</summary>
    public PersonId? ThroughPerson { get; set; }

    public LocalizedText Title => new(TitleFr, TitleEn);

    public LocalizedText Body => new(BodyFr, BodyEn);

    public bool IsRunningAt(DateTimeOffset now) => EndedAt is null && now < Until;
}

/// <summary>Whom a campaign asks, of the active people of the directory.</summary>
public enum RefreshAudience
{
    Everyone,

    /// <summary>Members of the group and of groups nested in it.</summary>
    Group,

    Site,

    /// <summary>Those without a mobile number or mail address that was verified in the last months.</summary>
    Unverified,
}

/// <summary>Stored as the number.</summary>
public enum RefreshWriting
{
    Nothing = 0,
    Messages = 1,
    Reminders = 2,
}

/// <summary>What one person was asked, and what came of it.</summary>
/// <remarks>The link is nowhere kept: it is made from a key of the installation and <see cref="Nonce"/> when it is sent, and found by <see cref="TokenHash"/> when it is opened.</remarks>
public sealed class RefreshPerson
{
    public ContactRefreshId RefreshId { get; set; }

    public PersonId PersonId { get; set; }

    public RefreshStanding Standing { get; set; }

    /// <summary>How the person is told; null where no channel reaches them.</summary>
    public ChannelKind? Channel { get; set; }

    /// <summary>Where the link was sent.</summary>
    public ContactPointId? ContactPointId { get; set; }

    /// <summary>16 random octets.</summary>
    public byte[]? Nonce { get; set; }

    /// <summary>SHA-256 of the link's token; null where there is no link, or none any more.</summary>
    public byte[]? TokenHash { get; set; }

    /// <summary>When it was written down what the person is told, and where.</summary>
    public DateTimeOffset WrittenAt { get; set; }

    public DateTimeOffset? AnsweredAt { get; set; }

    /// <summary>What was done by the link so far, right or wrong.</summary>
    public int Steps { get; set; }

    /// <summary>A contact point that was given by the link and counts once a code sent there comes back: off until then.</summary>
    public ContactPointId? PendingPointId { get; set; }

    /// <summary>Which one it shall take the place of; null where it is one more.</summary>
    public ContactPointId? PendingReplacesId { get; set; }
}

/// <summary>Stored as the number.</summary>
public enum RefreshStanding
{
    /// <summary>Told, or about to be.</summary>
    Waiting = 0,

    /// <summary>Said that all is right.</summary>
    Confirmed = 1,

    /// <summary>Gave or removed a contact point.</summary>
    Changed = 2,

    /// <summary>Has no channel, or no carrier took the message.</summary>
    Untold = 3,

    /// <summary>Whoever opened the link said that they are somebody else.</summary>
    NotTheirs = 4,
}

/// <summary>A message of a campaign to one person. Each has at most one, and at most one reminder.</summary>
public sealed class RefreshDelivery : NoticeDelivery
{
    public ContactRefreshId RefreshId { get; set; }

    public PersonId PersonId { get; set; }

    public bool IsReminder { get; set; }
}

/// <summary>Identifies a campaign; safe to show and to log.</summary>
public readonly record struct ContactRefreshId(Guid Value) : IUuid<ContactRefreshId>
{
    public static ContactRefreshId From(Guid value) => new(value);

    public override string ToString() => Value.ToString();
}
