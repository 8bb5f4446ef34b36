using System.Globalization;
using Tocsin.Alerting.Channels;

namespace Tocsin.Alerting.Plans;

internal static class ChannelPlanRules
{
    private const int MostSteps = 8;
    private const int MostAttempts = 100;
    private const int MostReminders = 20;

    private static readonly TimeSpan ShortestDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1);

    public static void Check(ChannelPlan plan, string path, List<RuleViolation> violations)
    {
        if (plan.Expiry < ChannelPlan.ShortestExpiry || plan.Expiry > ChannelPlan.LongestExpiry)
            violations.Add(new(RuleCodes.ExpiryOutOfRange, path + ".expiry"));
        CheckSteps(plan, path + ".steps", violations);
        CheckRetry(plan.Retry, path + ".retry", violations);
        if (plan.Repeat is { } repeat && (repeat.Every < TimeSpan.FromMinutes(1) || repeat.Every > plan.Expiry))
            violations.Add(new(RuleCodes.RepeatIntervalOutOfRange, path + ".repeat.every"));
        if (plan.Repeat is { Times: < 1 or > MostReminders })
            violations.Add(new(RuleCodes.RepeatTimesOutOfRange, path + ".repeat.times"));
    }

    private static void CheckSteps(ChannelPlan plan, string path, List<RuleViolation> violations)
    {
        if (plan.Steps.Count is 0 or > MostSteps)
        {
            violations.Add(new(plan.Steps.Count == 0 ? RuleCodes.StepsMissing : RuleCodes.StepsTooMany, path));
            return;
        }

        // Once in the whole plan: more often is what repeating is for.
        var used = new HashSet<ChannelKind>();
        var before = TimeSpan.Zero;
        for (var i = 0; i < plan.Steps.Count; i++)
        {
            var step = plan.Steps[i];
            var here = string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]");
            if (step.Channels.Count == 0)
                violations.Add(new(RuleCodes.ChannelsMissing, here + ".channels"));
            if (!step.Channels.All(used.Add))
                violations.Add(new(RuleCodes.ChannelTwice, here + ".channels"));
            if (step.After < before || step.After >= plan.Expiry)
                violations.Add(new(RuleCodes.StepOutOfOrder, here + ".after"));
            before = step.After;
        }
    }

    private static void CheckRetry(RetryPolicy retry, string path, List<RuleViolation> violations)
    {
        if (retry.MaxAttempts is < 1 or > MostAttempts)
            violations.Add(new(RuleCodes.AttemptsOutOfRange, path + ".maxAttempts"));
        if (retry.FirstDelay < ShortestDelay || retry.FirstDelay > LongestDelay)
            violations.Add(new(RuleCodes.RetryDelayOutOfRange, path + ".firstDelay"));
        if (retry.MaxDelay < retry.FirstDelay || retry.MaxDelay > LongestDelay)
            violations.Add(new(RuleCodes.RetryDelayOutOfRange, path + ".maxDelay"));
    }
}
