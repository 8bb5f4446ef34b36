using Tocsin.Alerting.Audience;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Escalation;
using Tocsin.Alerting.Plans;

namespace Tocsin.Alerting.Scenarios;

/// <summary>Whether an alert can be raised as it stands: its texts are filled in (or were written freely, so that a brace is a brace) and somebody is named.</summary>
public static class AlertValidation
{
    /// <returns>All violations at once; empty if all is well. Whether the audience comes to anybody is the directory's to say.</returns>
    public static IReadOnlyList<RuleViolation> Validate(
        AlertText text,
        AudienceExpression audience,
        ChannelPlan plan,
        IReadOnlyList<AnswerChoice> answers,
        IReadOnlyList<EscalationRule> escalation,
        Attachment? attachment)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(audience);
        var violations = new List<RuleViolation>();
        ContentRules.CheckText(text.Title, text.Body, "", violations);
        if (audience.Include.TermCount == 0)
            violations.Add(new(RuleCodes.AudienceEmpty, "audience.include"));
        AlertParts.Check(audience, plan, answers, escalation, attachment, violations);
        return violations;
    }

    /// <summary>Whether <paramref name="text"/> can follow up an alert.</summary>
    public static IReadOnlyList<RuleViolation> ValidateText(AlertText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var violations = new List<RuleViolation>();
        ContentRules.CheckText(text.Title, text.Body, "", violations);
        return violations;
    }
}
