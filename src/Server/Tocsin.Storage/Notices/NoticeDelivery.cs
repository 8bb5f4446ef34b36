using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;

namespace Tocsin.Storage.Notices;

/// <summary>One message by mail or SMS that is no alert's, until a carrier takes it or it expires. Each kind of notice keeps its own in a table.</summary>
public abstract class NoticeDelivery
{
    public long Id { get; set; }

    public ChannelKind Channel { get; set; }

    /// <summary>A mailbox or a number in E.164, and empty once it is settled: personal data, kept no longer than it is needed. Never logged.</summary>
    public string Address { get; set; } = "";

    public ContentLanguage Language { get; set; }

    public NoticeState State { get; set; }

    /// <summary>When it is sent next: the time of the next attempt, or, while a node has it in hand, the moment at which that node is thought dead.</summary>
    public DateTimeOffset DueAt { get; set; }

    /// <summary>Attempts begun so far.</summary>
    public int Attempt { get; set; }

    public string? FailureCode { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }
}

/// <summary>Stored as the number.</summary>
public enum NoticeState
{
    Waiting = 0,

    /// <summary>A carrier took it.</summary>
    Sent = 1,

    /// <summary>No carrier took it.</summary>
    Failed = 2,

    /// <summary>What it would have said no longer holds: a correction or the end came first.</summary>
    Withdrawn = 3,
}
