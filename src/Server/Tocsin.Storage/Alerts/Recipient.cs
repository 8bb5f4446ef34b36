using Tocsin.Alerting;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Plans;

namespace Tocsin.Storage.Alerts;

/// <summary>One person told by one alert.</summary>
public sealed class Recipient
{
    /// <summary>A <see cref="RecipientId"/>. Those of one wave mostly follow each other.</summary>
    public long Id { get; set; }

    public AlertId AlertId { get; set; }

    public PersonId PersonId { get; set; }

    /// <summary>0: part of the audience as raised. Otherwise the number of the escalation that added the person.</summary>
    public int Wave { get; set; }

    /// <summary>The person's name as it was then, so that the record reads without the directory.</summary>
    public string Name { get; set; } = "";

    public ContentLanguage Language { get; set; }

    public SiteId? SiteId { get; set; }

    public Standing Standing { get; set; }

    /// <summary>Why nothing could be planned; null where something was.</summary>
    public UnreachableReason? Unreachable { get; set; }

    /// <summary>Key of the answer that counts; null before one was given.</summary>
    public string? AnswerChoice { get; set; }

    public DateTimeOffset? AnsweredAt { get; set; }

    public AnswerVia? AnsweredVia { get; set; }

    /// <summary>Something was written that no answer could be read from, and nobody has looked at it as an answer since.</summary>
    public bool HasUnreadReply { get; set; }

    /// <summary>Raised to revoke the person's link.</summary>
    public int LinkGeneration { get; set; }
}

/// <summary>What the board says of one person, in the order in which it lists people: who needs somebody to act comes first. Stored as the number.</summary>
public enum Standing
{
    /// <summary>Answered that they need help.</summary>
    NeedsHelp = 0,

    /// <summary>Nothing can reach them any more, or nothing ever could.</summary>
    Failed = 1,

    /// <summary>Nothing has left for them yet, or it was withdrawn in time.</summary>
    NotReached = 2,

    /// <summary>A carrier took at least one message.</summary>
    Sent = 3,

    /// <summary>At least one message reached a device or mailbox.</summary>
    Delivered = 4,

    /// <summary>At least one message was shown.</summary>
    Read = 5,

    /// <summary>Answered, and needs no help.</summary>
    Answered = 6,
}

/// <summary>By which way an answer came. Stored as the number.</summary>
public enum AnswerVia
{
    /// <summary>The personal page.</summary>
    Link = 0,

    /// <summary>The application, signed in.</summary>
    InApp = 1,

    Sms = 2,

    Email = 3,

    /// <summary>Told to somebody of the crisis team, who entered it.</summary>
    Operator = 4,

    /// <summary>A button of the push notification.</summary>
    WebPush = 5,
}
