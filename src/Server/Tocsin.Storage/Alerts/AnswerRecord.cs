using Tocsin.Alerting;
using Tocsin.Alerting.Channels;

namespace Tocsin.Storage.Alerts;

/// <summary>One thing a recipient sent back. All are kept; the latest with a choice counts.</summary>
public sealed class AnswerRecord
{
    public long Id { get; set; }

    public AlertId AlertId { get; set; }

    public long RecipientId { get; set; }

    /// <summary>Key of the answer, or null where only something was written.</summary>
    public string? Choice { get; set; }

    /// <summary>What was written; at most <see cref="AlertBounds.Comment"/> characters.</summary>
    public string? Comment { get; set; }

    /// <summary>Degrees north, WGS 84; null where no position was given.</summary>
    public double? Latitude { get; set; }

    /// <summary>Degrees east.</summary>
    public double? Longitude { get; set; }

    public double? AccuracyMetres { get; set; }

    public AnswerVia Via { get; set; }

    /// <summary>Who entered it on the person's behalf, as in the audit trail; null where the person did.</summary>
    public string? EnteredBy { get; set; }

    /// <summary>When it was given.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>When it came in.</summary>
    public DateTimeOffset ReceivedAt { get; set; }

    /// <summary>The same when the same answer comes twice.</summary>
    public string DeduplicationKey { get; set; } = "";
}

/// <summary>A reply whose sender could not be matched to any recipient. Somebody may need help from a telephone that nobody knows: people read these.</summary>
public sealed class StrayReply
{
    public long Id { get; set; }

    public ChannelKind Channel { get; set; }

    /// <summary>Personal data: never logged.</summary>
    public string Sender { get; set; } = "";

    public string Text { get; set; } = "";

    public DateTimeOffset At { get; set; }

    public DateTimeOffset ReceivedAt { get; set; }

    public string DeduplicationKey { get; set; } = "";
}
