using FsCheck.Fluent;
using Tocsin.Alerting.Deliveries;

namespace Tocsin.Alerting.Tests.Deliveries;

public sealed class RecipientProgressTests
{
    [Fact]
    public void Somebody_for_whom_nothing_could_be_planned_has_failed() =>
        Assert.Equal(RecipientState.Failed, RecipientProgress.Of([], hasAnswered: false));

    [Fact]
    public void An_answer_outweighs_everything_even_where_no_delivery_is_known_to_have_arrived()
    {
        Assert.Equal(RecipientState.Answered, RecipientProgress.Of([DeliveryState.Failed], hasAnswered: true));
        Assert.Equal(RecipientState.Answered, RecipientProgress.Of([], hasAnswered: true));
    }

    [Theory]
    [InlineData(RecipientState.Failed, DeliveryState.Failed, DeliveryState.Expired)]
    [InlineData(RecipientState.NotReached, DeliveryState.Failed, DeliveryState.Planned)]
    [InlineData(RecipientState.NotReached, DeliveryState.Failed, DeliveryState.Sending)]
    [InlineData(RecipientState.NotReached, DeliveryState.Withdrawn, DeliveryState.Withdrawn)]
    [InlineData(RecipientState.Sent, DeliveryState.Failed, DeliveryState.Accepted)]
    [InlineData(RecipientState.Delivered, DeliveryState.Accepted, DeliveryState.Delivered)]
    [InlineData(RecipientState.Read, DeliveryState.Read, DeliveryState.Failed)]
    public void The_best_news_of_all_deliveries_is_what_the_board_says(RecipientState expected, DeliveryState one, DeliveryState other) =>
        Assert.Equal(expected, RecipientProgress.Of([one, other], hasAnswered: false));

    [Fact]
    public void The_order_of_deliveries_does_not_matter() =>
        Property.HoldsFor(Gen.ArrayOf(Gen.Elements(Enum.GetValues<DeliveryState>())), states =>
        {
            var reversed = states.Reverse().ToArray();
            Assert.Equal(RecipientProgress.Of(states, false), RecipientProgress.Of(reversed, false));
        });
}
