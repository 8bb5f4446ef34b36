using Tocsin.Alerting;
using Tocsin.Alerting.Content;
using Tocsin.Storage.Notices;

namespace Tocsin.Storage.Bulletins;

/// <summary>What staff, partners or the public are told, in versions that never change once written. It is in clear: what is published is public, and a draft is on its way there.</summary>
public sealed class Bulletin
{
    public BulletinId Id { get; set; }

    /// <summary>1, 2, 3 ...: what people call it ("bulletin 4").</summary>
    public long Number { get; set; }

    public AlertMode Mode { get; set; }

    /// <summary>The latest version written, published or not.</summary>
    public int Version { get; set; }

    /// <summary>The version that its readers have; null before the first publication.</summary>
    public int? PublishedVersion { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When <see cref="PublishedVersion"/> was published.</summary>
    public DateTimeOffset? PublishedAt { get; set; }

    /// <summary>From then on it is not current any more: kept to be read, and gone from the public page.</summary>
    public DateTimeOffset? EndedAt { get; set; }
}

/// <summary>One version of a bulletin, as its author wrote it. Rows are added and never changed, but for being published: so what was approved is what is there.</summary>
public sealed class BulletinVersion
{
    public BulletinId BulletinId { get; set; }

    /// <summary>1 for the first.</summary>
    public int Version { get; set; }

    public string? TitleFr { get; set; }

    public string? TitleEn { get; set; }

    public string? BodyFr { get; set; }

    public string? BodyEn { get; set; }

    /// <summary>What an SMS says after the title; null in a language: the title alone.</summary>
    public string? SummaryFr { get; set; }

    public string? SummaryEn { get; set; }

    /// <summary>To everybody in the directory: those with an account read it in the app.</summary>
    public bool ToStaff { get; set; }

    /// <summary>Staff get it by mail too.</summary>
    public bool ByMail { get; set; }

    /// <summary>Staff get title and summary by SMS too.</summary>
    public bool BySms { get; set; }

    /// <summary>To the partners' mailboxes.</summary>
    public bool ToPartners { get; set; }

    /// <summary>On the public page and in its feed.</summary>
    public bool ToPublic { get; set; }

    /// <summary>What a correction corrects, in its author's words; null before the first publication.</summary>
    public string? Reason { get; set; }

    public PersonId AuthorId { get; set; }

    /// <summary>The name as it was then.</summary>
    public string AuthorName { get; set; } = "";

    public DateTimeOffset WrittenAt { get; set; }

    public DateTimeOffset? PublishedAt { get; set; }

    public string? PublishedByName { get; set; }

    public LocalizedText Title => new(TitleFr, TitleEn);

    public LocalizedText Body => new(BodyFr, BodyEn);

    public LocalizedText Summary => new(SummaryFr, SummaryEn);
}

/// <summary>Somebody approved one version. Another version has none of it.</summary>
public sealed class BulletinApproval
{
    public BulletinId BulletinId { get; set; }

    public int Version { get; set; }

    public PersonId PersonId { get; set; }

    public string PersonName { get; set; } = "";

    public DateTimeOffset ApprovedAt { get; set; }
}

/// <summary>Somebody opened a bulletin: one row a person, however often.</summary>
public sealed class BulletinReading
{
    public BulletinId BulletinId { get; set; }

    public PersonId PersonId { get; set; }

    /// <summary>The latest version that they opened: an older one than the published is news to them.</summary>
    public int Version { get; set; }

    /// <summary>When they first opened it.</summary>
    public DateTimeOffset ReadAt { get; set; }
}

/// <summary>A question to the communication cell, and its answer.</summary>
public sealed class BulletinQuestion
{
    public BulletinQuestionId Id { get; set; }

    public BulletinId BulletinId { get; set; }

    public PersonId PersonId { get; set; }

    public string PersonName { get; set; } = "";

    public string Text { get; set; } = "";

    public DateTimeOffset AskedAt { get; set; }

    public string? Answer { get; set; }

    public string? AnsweredByName { get; set; }

    public DateTimeOffset? AnsweredAt { get; set; }
}

/// <summary>One published version on its way to its staff's mailboxes and telephones: how far the messages have been written.</summary>
public sealed class BulletinSending
{
    public BulletinId BulletinId { get; set; }

    public int Version { get; set; }

    /// <summary>The last person, in the order of ids, whose messages are written; null: none yet.</summary>
    public PersonId? ThroughPerson { get; set; }

    /// <summary>Every message is written.</summary>
    public bool IsWritten { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>One message of a published version to one address.</summary>
public sealed class BulletinDelivery : NoticeDelivery
{
    public BulletinId BulletinId { get; set; }

    public int Version { get; set; }
}

/// <summary>An alert that whoever raised it decided to show to the public, and what the Common Alerting Protocol asks beside the alert's own words.</summary>
public sealed class PublicAlert
{
    public AlertId AlertId { get; set; }

    /// <summary>CAP 1.2, section 3.2.2: stored as its own word (<c>Safety</c>).</summary>
    public string Category { get; set; } = "";

    public string Urgency { get; set; } = "";

    public string Certainty { get; set; } = "";

    /// <summary>Where it holds, in words.</summary>
    public string? AreaFr { get; set; }

    public string? AreaEn { get; set; }

    /// <summary>What people outside should do; null: the alert's own words say it.</summary>
    public string? InstructionFr { get; set; }

    public string? InstructionEn { get; set; }

    public string DecidedByName { get; set; } = "";

    public DateTimeOffset DecidedAt { get; set; }
}

/// <summary>Identifies a bulletin; safe to show and to log.</summary>
public readonly record struct BulletinId(Guid Value) : IUuid<BulletinId>
{
    public static BulletinId From(Guid value) => new(value);

    public override string ToString() => Value.ToString();
}

/// <summary>Identifies a question about a bulletin; safe to show and to log.</summary>
public readonly record struct BulletinQuestionId(Guid Value) : IUuid<BulletinQuestionId>
{
    public static BulletinQuestionId From(Guid value) => new(value);

    public override string ToString() => Value.ToString();
}
