using Tocsin.Alerting;
using Tocsin.Alerting.Content;

namespace Tocsin.Storage.Alerts;

/// <summary>An alert that was raised. What it says now is in its latest <see cref="AlertMessage"/>; its numbers are in <see cref="AlertCount"/>.</summary>
public sealed class Alert
{
    public AlertId Id { get; set; }

    /// <summary>1, 2, 3 ... in the order of raising: what people call it ("alert 42").</summary>
    public long Number { get; set; }

    public AlertState State { get; set; }

    public AlertMode Mode { get; set; }

    /// <summary>As it is now: an escalation may have raised it.</summary>
    public Severity Severity { get; set; }

    /// <summary>1 when raised, one more with each update, all-clear or cancellation.</summary>
    public int Revision { get; set; } = 1;

    /// <summary><see cref="Alerting.Raising.AlertDraft"/> as <see cref="AlertingJson"/>: audience, plan, answers, escalation and attachment, as raised.</summary>
    public string Draft { get; set; } = "";

    /// <summary>The scenario it was raised from, or null.</summary>
    public ScenarioId? ScenarioId { get; set; }

    /// <summary>Who raised it, as in the audit trail: <c>account:UUID</c>, <c>token:UUID</c>, <c>system</c>.</summary>
    public string RaisedBy { get; set; } = "";

    /// <summary>The name as it was then.</summary>
    public string RaisedByName { get; set; } = "";

    public DateTimeOffset RaisedAt { get; set; }

    /// <summary>From here on nothing more is tried.</summary>
    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>When it was cleared, cancelled or expired; null while it is active.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>When its deliveries and what people wrote were deleted; null: they are there.</summary>
    public DateTimeOffset? PurgedAt { get; set; }

    /// <summary>People it is for: frozen when raised, plus those whom an escalation added.</summary>
    public int AudienceCount { get; set; }

    /// <summary>How many waves of people were added by escalations; wave 0 is the raising.</summary>
    public int LastWave { get; set; }

    /// <summary>What the raiser's client called this request, so that the same request sent again raises nothing twice; null where it gave none.</summary>
    public string? IdempotencyKey { get; set; }
}

/// <summary>Where an alert is in its life. Stored as the number.</summary>
public enum AlertState
{
    /// <summary>People are told, reminded, and their answers escalate.</summary>
    Active = 0,

    /// <summary>The danger is over; those reached were told so.</summary>
    AllClear = 1,

    /// <summary>It was a mistake; those reached were told so.</summary>
    Cancelled = 2,

    /// <summary>Its time ran out.</summary>
    Expired = 3,
}
