using Tocsin.Alerting.Audience;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Escalation;
using Tocsin.Alerting.Plans;
using Tocsin.Alerting.Scenarios;

namespace Tocsin.Alerting.Raising;

/// <summary>Everything that is decided when an alert is raised: variables are filled in, nothing is looked up any more. Kept with the alert, as <see cref="AlertingJson"/>.</summary>
public sealed record AlertDraft
{
    public required AlertMode Mode { get; init; }

    public required Severity Severity { get; init; }

    public required AlertText Text { get; init; }

    public required AudienceExpression Audience { get; init; }

    public ChannelPlan Plan { get; init; } = ChannelPlan.AllAtOnce;

    /// <summary>In order; empty where no answer is asked for.</summary>
    public IReadOnlyList<AnswerChoice> Answers { get; init; } = StandardAnswers.All;

    public IReadOnlyList<EscalationRule> Escalation { get; init; } = [];

    public Attachment? Attachment { get; init; }

    /// <summary>The public is shown it, too; null: it is for its audience alone.</summary>
    public PublicNotice? Public { get; init; }

    /// <summary>The scenario it comes from, or null.</summary>
    public ScenarioId? Scenario { get; init; }
}
