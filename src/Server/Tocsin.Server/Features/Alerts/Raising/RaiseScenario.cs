using Tocsin.Alerting;
using Tocsin.Alerting.Audience;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Raising;
using Tocsin.Server.Features.Alerts.Scenarios;
using Tocsin.Storage.Audit;

namespace Tocsin.Server.Features.Alerts.Raising;

/// <summary>Raises a prepared scenario: variables filled in, and what the raiser decides otherwise.</summary>
internal sealed class RaiseScenario(RaiseAlert raise)
{
    public Task<RaiseResult> RaiseAsync(
        StoredScenario scenario, ScenarioChoices choices, AuditActor actor, string? idempotencyKey, CancellationToken cancellationToken)
    {
        var violations = TryFill(scenario, choices, out var draft);
        return draft is null
            ? Task.FromResult<RaiseResult>(new RaiseResult.Refused(violations))
            : raise.RaiseAsync(draft, actor, idempotencyKey, cancellationToken);
    }

    /// <summary>The alert that the scenario comes to; also for the page that shows it before it is raised.</summary>
    /// <param name="draft">Null where there are violations.</param>
    public static IReadOnlyList<RuleViolation> TryFill(StoredScenario scenario, ScenarioChoices choices, out AlertDraft? draft)
    {
        draft = null;
        var definition = scenario.Definition;
        var violations = definition.Content.Fill(choices.Variables, out var text);
        if (text is null) return violations;
        draft = new AlertDraft
        {
            Mode = choices.Mode ?? definition.Mode,
            Severity = definition.Severity,
            Text = text,
            Audience = choices.Audience ?? definition.Audience,
            Plan = definition.Plan,
            Answers = definition.Answers,
            Escalation = definition.Escalation,
            Attachment = definition.Attachment,
            Scenario = scenario.Id,
        };
        return violations;
    }
}

/// <summary>What the raiser decides.</summary>
/// <param name="Variables">By name.</param>
/// <param name="Mode">Null: the scenario's.</param>
/// <param name="Audience">Null: the scenario's.</param>
internal sealed record ScenarioChoices(IReadOnlyDictionary<string, string> Variables, AlertMode? Mode = null, AudienceExpression? Audience = null);
