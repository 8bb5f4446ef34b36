using Tocsin.Alerting.Content;

namespace Tocsin.Alerting.Scenarios;

/// <summary>Whether a scenario can be kept and raised. All violations at once, so that a person mends them in one go.</summary>
public static class ScenarioValidation
{
    private const int LongestLink = 500;

    /// <returns>Empty if all is well.</returns>
    public static IReadOnlyList<RuleViolation> Validate(ScenarioDefinition scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        var violations = new List<RuleViolation>();
        if (scenario.Format is < 1 or > ScenarioDefinition.CurrentFormat)
            violations.Add(new("format-unknown", "format"));
        TextRules.CheckOneLine(scenario.Name, ContentBounds.ScenarioName, "name", "name", violations);
        if (!Key.IsValid(scenario.Icon))
            violations.Add(new("icon-invalid", "icon"));
        ContentRules.Check(scenario.Content, "content", violations);
        AnswerRules.Check(scenario.Answers, "answers", violations);
        Audience.AudienceRules.Check(scenario.Audience, "audience", violations);
        Plans.ChannelPlanRules.Check(scenario.Plan, "plan", violations);
        Escalation.EscalationRules.Check(scenario.Escalation, scenario.Answers, "escalation", violations);
        CheckAttachment(scenario.Attachment, violations);
        return violations;
    }

    private static void CheckAttachment(Attachment? attachment, List<RuleViolation> violations)
    {
        if (attachment is not Attachment.Link link)
            return;
        if (!link.Url.IsAbsoluteUri || link.Url.Scheme != Uri.UriSchemeHttps || link.Url.OriginalString.Length > LongestLink)
            violations.Add(new("link-invalid", "attachment.url"));
        if (link.Label is not null)
            TextRules.CheckOneLine(link.Label, ContentBounds.AnswerLabel, "label", "attachment.label", violations);
    }
}
