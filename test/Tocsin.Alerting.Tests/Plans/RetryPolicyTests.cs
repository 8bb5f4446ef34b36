using FsCheck;
using FsCheck.Fluent;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Deliveries;
using Tocsin.Alerting.Plans;

namespace Tocsin.Alerting.Tests.Plans;

public sealed class RetryPolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 15, 13, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Expiry = Now.AddHours(4);
    private static readonly RetryPolicy Policy = new(10, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(2));
    private static readonly FailureReason Throttled = new(FailureCodes.CarrierThrottled, "0x00000058");

    [Fact]
    public void What_the_carrier_took_is_not_sent_again() =>
        Assert.IsType<RetryDecision.Done>(Policy.NextAttempt(1, new DeliveryOutcome.Accepted("sms-1", "1"), Now, Expiry, 7));

    [Fact]
    public void What_the_carrier_refused_for_good_is_given_up_with_its_reason() => Assert.Equal(
        new RetryDecision.GiveUp(DeliveryState.Failed, Throttled),
        Policy.NextAttempt(1, new DeliveryOutcome.Rejected(Throttled), Now, Expiry, 7));

    [Fact]
    public void Delays_double_from_the_first_to_the_cap_less_at_most_a_quarter() =>
        Property.HoldsFor(Gen.Zip(Gen.Choose(1, 9), Gen.Choose(0, int.MaxValue)), parts =>
        {
            var (attempt, seed) = parts;
            var full = TimeSpan.FromSeconds(Math.Min(120, 5 * Math.Pow(2, attempt - 1)));

            Assert.InRange(DelayAfter(attempt, new DeliveryOutcome.OutcomeUnknown(Throttled), seed), full * 0.75, full);
        });

    [Fact]
    public void The_same_question_has_the_same_answer_and_different_deliveries_spread()
    {
        var delays = Enumerable.Range(0, 100).Select(seed => DelayAfter(5, new DeliveryOutcome.OutcomeUnknown(Throttled), seed)).ToArray();

        Assert.Equal(delays[42], DelayAfter(5, new DeliveryOutcome.OutcomeUnknown(Throttled), 42));
        Assert.Equal(100, delays.Distinct().Count());
    }

    [Fact]
    public void A_carriers_wish_is_a_minimum_up_to_a_quarter_of_an_hour() =>
        Property.HoldsFor(Gen.Zip(Gen.Choose(1, 100_000), Gen.Choose(0, int.MaxValue)), parts =>
        {
            var wish = TimeSpan.FromSeconds(parts.Item1);
            var honoured = wish < RetryPolicy.LongestCarrierWait ? wish : RetryPolicy.LongestCarrierWait;

            Assert.InRange(DelayAfter(1, new DeliveryOutcome.RetryAfter(wish, Throttled), parts.Item2), honoured, honoured * 1.25);
        });

    [Theory]
    [InlineData(-5)]
    [InlineData(0)]
    public void A_wish_of_nothing_or_less_is_no_wish(int seconds) => Assert.InRange(
        DelayAfter(1, new DeliveryOutcome.RetryAfter(TimeSpan.FromSeconds(seconds), Throttled), 3), TimeSpan.FromSeconds(3.75), TimeSpan.FromSeconds(5));

    [Fact]
    public void The_last_attempt_is_the_last() => Assert.Equal(
        new RetryDecision.GiveUp(DeliveryState.Failed, new FailureReason(FailureCodes.AttemptsExhausted, "0x00000058")),
        Policy.NextAttempt(10, new DeliveryOutcome.RetryAfter(null, Throttled), Now, Expiry, 7));

    [Fact]
    public void What_could_only_be_sent_after_expiry_has_expired() => Assert.Equal(
        new RetryDecision.GiveUp(DeliveryState.Expired, new FailureReason(FailureCodes.Expired, "0x00000058")),
        Policy.NextAttempt(1, new DeliveryOutcome.RetryAfter(TimeSpan.FromMinutes(1), Throttled), Now, Now.AddMinutes(1), 7));

    [Fact]
    public void Reminders_follow_each_other_by_the_interval_until_there_were_enough_or_the_alert_expires()
    {
        var policy = new RepeatPolicy(TimeSpan.FromMinutes(5), 3);

        Assert.Equal(Now.AddMinutes(5), policy.NextReminder(Now, 0, Expiry));
        Assert.Null(policy.NextReminder(Now, 3, Expiry));
        Assert.Null(policy.NextReminder(Now, 0, Now.AddMinutes(5)));
    }

    [Theory]
    [InlineData(StepCondition.Always, RecipientState.Answered, true)]
    [InlineData(StepCondition.UnlessAnswered, RecipientState.Read, true)]
    [InlineData(StepCondition.UnlessAnswered, RecipientState.Answered, false)]
    [InlineData(StepCondition.UnlessDelivered, RecipientState.Sent, true)]
    [InlineData(StepCondition.UnlessDelivered, RecipientState.Delivered, false)]
    [InlineData(StepCondition.UnlessDelivered, RecipientState.Failed, true)]
    public void A_later_step_goes_unless_its_condition_made_it_needless(StepCondition condition, RecipientState recipient, bool expected) =>
        Assert.Equal(expected, condition.Holds(recipient));

    private static TimeSpan DelayAfter(int attempt, DeliveryOutcome outcome, long seed) =>
        Assert.IsType<RetryDecision.TryAgain>(Policy.NextAttempt(attempt, outcome, Now, Now.AddDays(7), seed)).At - Now;
}
