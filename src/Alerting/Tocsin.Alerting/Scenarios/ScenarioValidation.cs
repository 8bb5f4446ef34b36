using Tocsin.Alerting.Content;

namespace Tocsin.Alerting.Scenarios;

/// <summary>Whether a scenario can be kept and raised. All violations at once, so that a person mends them in one go.</summary>
public static class ScenarioValidation
{
    /// <returns>Empty if all is well.</returns>
    public static IReadOnlyList<RuleViolation> Validate(ScenarioDefinition scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        var violations = new List<RuleViolation>();
        if (scenario.Format is < 1 or > ScenarioDefinition.CurrentFormat)
            violations.Add(new(RuleCodes.FormatUnknown, "format"));
        TextRules.CheckOneLine(scenario.Name, ContentBounds.ScenarioName, TextCodes.Name, "name", violations);
        if (!Key.IsValid(scenario.Icon))
            violations.Add(new(RuleCodes.IconInvalid, "icon"));
        ContentRules.Check(scenario.Content, "content", violations);
        AlertParts.Check(
            scenario.Audience, scenario.Plan, scenario.Answers, scenario.Escalation, scenario.Attachment, violations);
        return violations;
    }
}
