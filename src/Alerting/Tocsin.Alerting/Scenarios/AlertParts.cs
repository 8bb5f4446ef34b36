using Tocsin.Alerting.Audience;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Escalation;
using Tocsin.Alerting.Plans;

namespace Tocsin.Alerting.Scenarios;

/// <summary>What a scenario and an alert have in common.</summary>
internal static class AlertParts
{
    private const int LongestLink = 500;

    public static void Check(
        AudienceExpression audience,
        ChannelPlan plan,
        IReadOnlyList<AnswerChoice> answers,
        IReadOnlyList<EscalationRule> escalation,
        Attachment? attachment,
        List<RuleViolation> violations)
    {
        AnswerRules.Check(answers, "answers", violations);
        AudienceRules.Check(audience, "audience", violations);
        ChannelPlanRules.Check(plan, "plan", violations);
        EscalationRules.Check(escalation, answers, "escalation", violations);
        CheckAttachment(attachment, violations);
    }

    private static void CheckAttachment(Attachment? attachment, List<RuleViolation> violations)
    {
        if (attachment is not Attachment.Link link)
            return;
        if (!link.Url.IsAbsoluteUri || link.Url.Scheme != Uri.UriSchemeHttps || link.Url.OriginalString.Length > LongestLink)
            violations.Add(new(RuleCodes.LinkInvalid, "attachment.url"));
        if (link.Label is not null)
            TextRules.CheckOneLine(link.Label, ContentBounds.AnswerLabel, TextCodes.Label, "attachment.label", violations);
    }
}
