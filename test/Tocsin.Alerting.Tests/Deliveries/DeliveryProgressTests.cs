using FsCheck;
using FsCheck.Fluent;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Deliveries;

namespace Tocsin.Alerting.Tests.Deliveries;

public sealed class DeliveryProgressTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    private static readonly Gen<FailureReason> Reasons =
        from code in Gen.Elements(FailureCodes.Undeliverable, FailureCodes.AddressUnknown, FailureCodes.Expired)
        from carrier in Gen.Elements("0x0000000B", "550 5.1.1", null)
        select new FailureReason(code, carrier);

    // Few distinct moments, so that news of the same moment is common.
    private static readonly Gen<DateTimeOffset> Moments = Gen.Choose(0, 3).Select(seconds => Start.AddSeconds(seconds));

    private static readonly Gen<DeliveryProgress> OutcomeNews =
        from at in Moments
        from reason in Reasons
        from outcome in Gen.Elements<DeliveryOutcome>(
            new DeliveryOutcome.Accepted("sms-1", "42"),
            new DeliveryOutcome.RetryAfter(null, reason),
            new DeliveryOutcome.Rejected(reason),
            new DeliveryOutcome.OutcomeUnknown(reason))
        select DeliveryProgress.Of(outcome, at);

    private static readonly Gen<DeliveryProgress> ReceiptNews =
        from at in Moments
        from reason in Reasons
        from state in Gen.Elements(Enum.GetValues<ReceiptState>())
        from hasReason in Gen.Elements(true, false)
        select DeliveryProgress.Of(new DeliveryReceipt(ChannelKind.Sms, "sms-1", "42", null, state, hasReason ? reason : null, at));

    private static readonly Gen<DeliveryProgress> OurNews =
        from at in Moments
        from make in Gen.Elements<Func<DateTimeOffset, DeliveryProgress>>(
            DeliveryProgress.Planned, DeliveryProgress.Sending, DeliveryProgress.Withdrawn)
        select make(at);

    private static readonly Gen<DeliveryProgress> AnyNews = Gen.OneOf(OutcomeNews, ReceiptNews, OurNews);

    private static readonly Gen<DeliveryProgress[]> FewNews =
        from count in Gen.Choose(1, 5)
        from news in Gen.ArrayOf(AnyNews, count)
        select news;

    [Fact]
    public void Every_permutation_of_the_same_news_with_duplicates_ends_in_the_same_progress() =>
        Property.HoldsFor(FewNews, news =>
        {
            var expected = Apply(news);
            foreach (var permutation in Permutations([.. news, news[0]]))
                Assert.Equal(expected, Apply(permutation));
        });

    [Fact]
    public void Merging_is_commutative_associative_and_idempotent() =>
        Property.HoldsFor(Gen.ArrayOf(AnyNews, 3), news =>
        {
            var (a, b, c) = (news[0], news[1], news[2]);
            Assert.Equal(a.Merge(b), b.Merge(a));
            Assert.Equal(a.Merge(b).Merge(c), a.Merge(b.Merge(c)));
            Assert.Equal(a, a.Merge(a));
        });

    [Fact]
    public void News_never_lowers_the_state() =>
        Property.HoldsFor(Gen.ArrayOf(AnyNews, 2), news => Assert.True(news[0].Merge(news[1]).State >= news[0].State));

    [Theory]
    [InlineData(DeliveryState.Planned, 0)]
    [InlineData(DeliveryState.Sending, 1)]
    [InlineData(DeliveryState.Withdrawn, 2)]
    [InlineData(DeliveryState.Accepted, 3)]
    [InlineData(DeliveryState.Expired, 4)]
    [InlineData(DeliveryState.Failed, 5)]
    [InlineData(DeliveryState.Delivered, 6)]
    [InlineData(DeliveryState.Read, 7)]
    public void A_state_is_stored_as_a_number_that_never_changes(DeliveryState state, int stored) => Assert.Equal(stored, (int)state);

    [Fact]
    public void A_receipt_that_overtakes_its_own_outcome_is_kept()
    {
        var delivered = DeliveryProgress.Of(Receipt(ReceiptState.Delivered));

        var progress = delivered.Merge(DeliveryProgress.Of(new DeliveryOutcome.Accepted("sms-1", "42"), Start.AddSeconds(1)));

        Assert.Equal(DeliveryState.Delivered, progress.State);
    }

    [Fact]
    public void What_arrived_after_all_is_delivered_even_after_we_gave_up()
    {
        var givenUp = new DeliveryProgress(DeliveryState.Failed, Start, new FailureReason(FailureCodes.AttemptsExhausted));

        Assert.Equal(new DeliveryProgress(DeliveryState.Delivered, Start), givenUp.Merge(DeliveryProgress.Of(Receipt(ReceiptState.Delivered))));
    }

    [Fact]
    public void A_withdrawal_that_comes_too_late_does_not_hide_that_the_carrier_has_it()
    {
        var accepted = DeliveryProgress.Of(new DeliveryOutcome.Accepted("sms-1", null), Start);

        Assert.Equal(accepted, accepted.Merge(DeliveryProgress.Withdrawn(Start.AddSeconds(-1))));
        Assert.Equal(accepted, DeliveryProgress.Withdrawn(Start.AddSeconds(-1)).Merge(accepted));
    }

    [Fact]
    public void The_first_of_two_failures_is_the_one_that_is_shown()
    {
        var first = DeliveryProgress.Of(new DeliveryOutcome.Rejected(new FailureReason(FailureCodes.AddressUnknown)), Start);
        var second = DeliveryProgress.Of(new DeliveryOutcome.Rejected(new FailureReason(FailureCodes.CarrierRefused)), Start.AddSeconds(1));

        Assert.Equal(first, second.Merge(first));
    }

    private static DeliveryReceipt Receipt(ReceiptState state) => new(ChannelKind.Sms, "sms-1", "42", null, state, null, Start);

    private static DeliveryProgress Apply(IEnumerable<DeliveryProgress> news) =>
        news.Aggregate(DeliveryProgress.Planned(Start), (progress, next) => progress.Merge(next));

    private static IEnumerable<DeliveryProgress[]> Permutations(DeliveryProgress[] news)
    {
        if (news.Length <= 1)
        {
            yield return news;
            yield break;
        }

        for (var i = 0; i < news.Length; i++)
        {
            DeliveryProgress[] rest = [.. news[..i], .. news[(i + 1)..]];
            foreach (var tail in Permutations(rest))
                yield return [news[i], .. tail];
        }
    }
}
