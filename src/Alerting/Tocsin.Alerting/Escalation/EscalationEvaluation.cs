using System.Runtime.InteropServices;

namespace Tocsin.Alerting.Escalation;

/// <summary>How a rule's deadline ended. Stored; a rule is decided once.</summary>
public enum EscalationVerdict
{
    /// <summary>Enough had answered. What hangs on its firing never comes.</summary>
    Met,

    /// <summary>Too few had: its action is due.</summary>
    Fired,
}

/// <summary>A rule that is decided.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DecidedRule(string Key, EscalationVerdict Verdict, DateTimeOffset At);

/// <summary>How many of a rule's people have answered what it asks.</summary>
/// <param name="Recipients">How many recipients of the alert the rule counts among.</param>
/// <param name="Answered">How many of them have, as their current answer, one that counts.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct EscalationCount(long Recipients, long Answered);

/// <summary>What an evaluation comes to.</summary>
/// <param name="Decided">Rules newly decided, in the order of the rules. Store them, with the actions of those that fired, in one transaction.</param>
/// <param name="NextCheckAt">The earliest deadline still to come, or null: nothing is left to decide.</param>
public sealed record EscalationResult(IReadOnlyList<DecidedRule> Decided, DateTimeOffset? NextCheckAt);

/// <summary>Decides which rules are due. Pure: what was decided before is a parameter, so asking twice with what the first said decides nothing twice.</summary>
public static class EscalationEvaluation
{
    /// <param name="count">Asked once for each rule whose deadline has passed, and for no other.</param>
    /// <param name="decided">All that was decided before for this alert.</param>
    /// <param name="endsAt">When the alert expires, or ended: a deadline from then on is never due.</param>
    /// <remarks>
    /// A level that waits for another counts its time from the moment at which that one fired, so a server that was down gives each level its time. The
    /// count is taken at the deadline (or as soon after as someone asks), because people change their answers.
    /// </remarks>
    public static EscalationResult Evaluate(
        IReadOnlyList<EscalationRule> rules,
        Func<EscalationRule, EscalationCount> count,
        IReadOnlyCollection<DecidedRule> decided,
        DateTimeOffset raisedAt,
        DateTimeOffset endsAt,
        DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(count);
        ArgumentNullException.ThrowIfNull(decided);
        var known = decided.ToDictionary(rule => rule.Key, StringComparer.Ordinal);
        var news = new List<DecidedRule>();
        DateTimeOffset? next = null;
        foreach (var rule in rules)
        {
            if (known.ContainsKey(rule.Key) || DeadlineOf(rule, known, raisedAt) is not { } deadline || deadline >= endsAt)
                continue;
            if (deadline > now)
            {
                next = next is null || deadline < next ? deadline : next;
                continue;
            }

            var (recipients, answered) = count(rule);
            var verdict = answered < rule.Minimum.Among(recipients) ? EscalationVerdict.Fired : EscalationVerdict.Met;
            news.Add(new DecidedRule(rule.Key, verdict, now));
        }

        return new EscalationResult(news, EarliestOf(next, NextOfChained(rules, news, known, endsAt)));
    }

    private static DateTimeOffset? DeadlineOf(EscalationRule rule, Dictionary<string, DecidedRule> decided, DateTimeOffset raisedAt)
    {
        if (rule.After is null)
            return raisedAt + rule.Within;
        return decided.TryGetValue(rule.After, out var before) && before.Verdict == EscalationVerdict.Fired ? before.At + rule.Within : null;
    }

    /// <summary>The earliest deadline whose clock a rule that fired just now has started.</summary>
    private static DateTimeOffset? NextOfChained(
        IReadOnlyList<EscalationRule> rules, List<DecidedRule> news, Dictionary<string, DecidedRule> known, DateTimeOffset endsAt)
    {
        DateTimeOffset? next = null;
        foreach (var fired in news.Where(rule => rule.Verdict == EscalationVerdict.Fired))
        {
            foreach (var rule in rules.Where(rule => rule.After == fired.Key && !known.ContainsKey(rule.Key)))
            {
                var deadline = fired.At + rule.Within;
                if (deadline < endsAt)
                    next = EarliestOf(next, deadline);
            }
        }

        return next;
    }

    private static DateTimeOffset? EarliestOf(DateTimeOffset? a, DateTimeOffset? b) => a is null || b < a ? b ?? a : a;
}
