using System.Globalization;
using Tocsin.Alerting.Audience;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Plans;

namespace Tocsin.Alerting.Escalation;

internal static class EscalationRules
{
    private const int MostRules = 20;

    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);

    public static void Check(
        IReadOnlyList<EscalationRule> rules, IReadOnlyList<AnswerChoice> answers, string path, List<RuleViolation> violations)
    {
        if (rules.Count > MostRules)
        {
            violations.Add(new(RuleCodes.EscalationTooManyRules, path));
            return;
        }

        if (rules.Count > 0 && answers.Count == 0)
            violations.Add(new(RuleCodes.EscalationWithoutAnswers, path));
        var offered = answers.Select(answer => answer.Key).ToHashSet(StringComparer.Ordinal);

        // A rule may only follow one that stands before it, so a chain always has a beginning.
        var before = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < rules.Count; i++)
        {
            var rule = rules[i];
            var here = string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]");
            if (rule.After is not null && !before.Contains(rule.After))
                violations.Add(new(RuleCodes.EscalationOrderInvalid, here + ".after"));
            if (!Key.IsValid(rule.Key))
                violations.Add(new(RuleCodes.KeyInvalid, here + ".key"));
            else if (!before.Add(rule.Key))
                violations.Add(new(RuleCodes.KeyTwice, here + ".key"));
            CheckRule(rule, offered, here, violations);
        }
    }

    private static void CheckRule(EscalationRule rule, HashSet<string> offered, string path, List<RuleViolation> violations)
    {
        if (rule.Answers.Any(answer => !offered.Contains(answer)))
            violations.Add(new(RuleCodes.AnswerUnknown, path + ".answers"));
        if (rule.Minimum is not ({ Count: >= 1, Percent: null } or { Count: null, Percent: >= 1 and <= 100 }))
            violations.Add(new(RuleCodes.MinimumInvalid, path + ".minimum"));
        if (rule.Within < Shortest || rule.Within > ChannelPlan.LongestExpiry)
            violations.Add(new(RuleCodes.WithinOutOfRange, path + ".within"));
        if (rule.Of is not null)
            AudienceRules.Check(rule.Of, path + ".of", violations);
        if (rule.Then is not EscalationAction.Notify notify)
            return;
        AudienceRules.Check(notify.Audience, path + ".then.audience", violations);
        if (notify.Audience.Include.TermCount == 0)
            violations.Add(new(RuleCodes.AudienceEmpty, path + ".then.audience"));
        if (notify.Plan is not null)
            ChannelPlanRules.Check(notify.Plan, path + ".then.plan", violations);
    }
}
