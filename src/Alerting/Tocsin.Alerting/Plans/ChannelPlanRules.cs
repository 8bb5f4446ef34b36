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
            violations.Add(new("expiry-out-of-range", path + ".expiry"));
        CheckSteps(plan, path + ".steps", violations);
        CheckRetry(plan.Retry, path + ".retry", violations);
        if (plan.Repeat is { } repeat && (repeat.Every < TimeSpan.FromMinutes(1) || repeat.Every > plan.Expiry))
            violations.Add(new("repeat-interval-out-of-range", path + ".repeat.every"));
        if (plan.Repeat is { Times: < 1 or > MostReminders })
            violations.Add(new("repeat-times-out-of-range", path + ".repeat.times"));
    }

    private static void CheckSteps(ChannelPlan plan, string path, List<RuleViolation> violations)
    {
        if (plan.Steps.Count is 0 or > MostSteps)
        {
            violations.Add(new(plan.Steps.Count == 0 ? "steps-missing" : "steps-too-many", path));
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
                violations.Add(new("channels-missing", here + ".channels"));
            if (!step.Channels.All(used.Add))
                violations.Add(new("channel-twice", here + ".channels"));
            if (step.After < before || step.After >= plan.Expiry)
                violations.Add(new("step-out-of-order", here + ".after"));
            before = step.After;
        }
    }

    private static void CheckRetry(RetryPolicy retry, string path, List<RuleViolation> violations)
    {
        if (retry.MaxAttempts is < 1 or > MostAttempts)
            violations.Add(new("attempts-out-of-range", path + ".maxAttempts"));
        if (retry.FirstDelay < ShortestDelay || retry.FirstDelay > LongestDelay)
            violations.Add(new("retry-delay-out-of-range", path + ".firstDelay"));
        if (retry.MaxDelay < retry.FirstDelay || retry.MaxDelay > LongestDelay)
            violations.Add(new("retry-delay-out-of-range", path + ".maxDelay"));
    }
}
