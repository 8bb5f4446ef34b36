namespace Tocsin.Alerting.Audience;

internal static class AudienceRules
{
    /// <summary>An empty audience is allowed: a scenario may leave it to the one who raises the alert.</summary>
    public static void Check(AudienceExpression audience, string path, List<RuleViolation> violations)
    {
        if (audience.Include.TermCount > AudienceSelection.MaximumTerms)
            violations.Add(new(RuleCodes.AudienceTooManyTerms, path + ".include"));
        if (audience.Exclude.TermCount > AudienceSelection.MaximumTerms)
            violations.Add(new(RuleCodes.AudienceTooManyTerms, path + ".exclude"));
        if (audience.Exclude.Everyone)
            violations.Add(new(RuleCodes.AudienceExcludesEveryone, path + ".exclude.everyone"));
    }
}
