using Tocsin.Alerting.Escalation;

namespace Tocsin.Alerting.Tests.Escalation;

public sealed class EscalationEvaluationTests
{
    private static readonly DateTimeOffset Raised = new(2026, 1, 15, 13, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Ends = Raised.AddHours(4);

    private static readonly EscalationRule[] Levels =
    [
        Rule("remind", 5, null),
        Rule("deputies", 10, "remind"),
        Rule("director", 10, "deputies"),
    ];

    [Fact]
    public void Before_the_first_deadline_nothing_is_due_and_the_next_check_is_the_deadline() =>
        AssertResult(Evaluate([], Raised.AddMinutes(4), answered: 0), [], Raised.AddMinutes(5));

    [Fact]
    public void At_the_deadline_too_few_answers_fire_the_rule_and_start_the_next_levels_clock() => AssertResult(
        Evaluate([], Raised.AddMinutes(5), answered: 2),
        [new("remind", EscalationVerdict.Fired, Raised.AddMinutes(5))],
        Raised.AddMinutes(15));

    [Fact]
    public void Enough_answers_settle_the_rule_and_all_that_hangs_on_it() => AssertResult(
        Evaluate([], Raised.AddMinutes(5), answered: 3),
        [new("remind", EscalationVerdict.Met, Raised.AddMinutes(5))],
        null);

    [Fact]
    public void A_rule_fires_once() => AssertResult(
        Evaluate([new("remind", EscalationVerdict.Fired, Raised.AddMinutes(5))], Raised.AddMinutes(6), answered: 0),
        [],
        Raised.AddMinutes(15));

    [Fact]
    public void A_server_that_was_down_gives_each_level_its_time()
    {
        var late = Evaluate([], Raised.AddMinutes(60), answered: 0);

        AssertResult(late, [new("remind", EscalationVerdict.Fired, Raised.AddMinutes(60))], Raised.AddMinutes(70));
    }

    [Fact]
    public void Nothing_is_due_once_the_alert_has_ended() =>
        AssertResult(
            EscalationEvaluation.Evaluate(Levels, _ => new(10, 0), [], Raised, Raised.AddMinutes(5), Raised.AddMinutes(30)), [], null);

    [Fact]
    public void Only_rules_whose_deadline_has_passed_are_counted()
    {
        var asked = new List<string>();

        EscalationEvaluation.Evaluate(
            [Rule("soon", 5, null), Rule("later", 30, null)],
            rule =>
            {
                asked.Add(rule.Key);
                return new(10, 10);
            },
            [],
            Raised,
            Ends,
            Raised.AddMinutes(5));

        Assert.Equal(["soon"], asked);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(100, 50)]
    [InlineData(101, 51)]
    public void A_share_is_rounded_up_to_people(long recipients, long expected) =>
        Assert.Equal(expected, new EscalationMinimum(Percent: 50).Among(recipients));

    [Fact]
    public void Walking_from_check_to_check_decides_every_level_once_in_order()
    {
        var decided = new List<DecidedRule>();
        DateTimeOffset? next = Raised;
        while (next is { } now)
        {
            var result = Evaluate(decided, now, answered: 0);
            decided.AddRange(result.Decided);
            next = result.NextCheckAt;
        }

        Assert.Equal(
            [("remind", 5), ("deputies", 15), ("director", 25)],
            decided.Select(rule => (rule.Key, (int)(rule.At - Raised).TotalMinutes)));
    }

    private static EscalationResult Evaluate(IReadOnlyCollection<DecidedRule> decided, DateTimeOffset now, long answered) =>
        EscalationEvaluation.Evaluate(Levels, _ => new(10, answered), decided, Raised, Ends, now);

    private static void AssertResult(EscalationResult result, DecidedRule[] decided, DateTimeOffset? next)
    {
        Assert.Equal(decided, result.Decided);
        Assert.Equal(next, result.NextCheckAt);
    }

    private static EscalationRule Rule(string key, int minutes, string? after) => new()
    {
        Key = key,
        Answers = ["coming"],
        Minimum = new(Count: 3),
        Within = TimeSpan.FromMinutes(minutes),
        After = after,
        Then = new EscalationAction.Remind(),
    };
}
