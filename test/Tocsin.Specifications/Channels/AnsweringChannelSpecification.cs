using Tocsin.Alerting.Channels;

namespace Tocsin.Specifications.Channels;

/// <summary>What the dispatcher relies on in a channel that also reports on its messages, and brings back what people answer.</summary>
public abstract class AnsweringChannelSpecification : AlertChannelSpecification
{
    private IAnsweringCarrier Answering => (IAnsweringCarrier)Carrier;

    [Fact]
    public async Task Receipt_names_the_message_that_it_is_for()
    {
        var first = await AcceptedAsync(1);
        var second = await AcceptedAsync(2);

        Assert.True(await Answering.SendReceiptAsync(second.ProviderMessageId!, delivered: false));
        Assert.True(await Answering.SendReceiptAsync(first.ProviderMessageId!, delivered: true));

        Assert.Collection(
            Inbox.Receipts,
            receipt => Assert.Equal((second.ProviderId, second.ProviderMessageId, ReceiptState.Failed), (receipt.ProviderId, receipt.ProviderMessageId, receipt.State)),
            receipt => Assert.Equal((first.ProviderId, first.ProviderMessageId, ReceiptState.Delivered), (receipt.ProviderId, receipt.ProviderMessageId, receipt.State)));
        Assert.NotNull(Inbox.Receipts[0].Reason);
        Assert.All(Inbox.Receipts, receipt => Assert.Equal(Kind, receipt.Channel));
    }

    [Fact]
    public async Task Receipt_that_the_carrier_sends_twice_says_the_same_twice_or_once()
    {
        var accepted = await AcceptedAsync(1);

        Assert.True(await Answering.SendReceiptAsync(accepted.ProviderMessageId!, delivered: true));
        Assert.True(await Answering.SendReceiptAsync(accepted.ProviderMessageId!, delivered: true));

        Assert.InRange(Inbox.Receipts.Count, 1, 2);
        Assert.Single(Inbox.Receipts.Select(receipt => (receipt.ProviderId, receipt.ProviderMessageId, receipt.State)).Distinct());
    }

    [Fact]
    public async Task Receipt_that_could_not_be_kept_is_not_acknowledged_and_is_taken_when_it_comes_again()
    {
        var accepted = await AcceptedAsync(1);
        Inbox.FailNext(1);

        Assert.False(await Answering.SendReceiptAsync(accepted.ProviderMessageId!, delivered: true));
        Assert.True(await Answering.SendReceiptAsync(accepted.ProviderMessageId!, delivered: true));

        Assert.Equal(2, Inbox.Receipts.Count);
        Assert.All(Inbox.Receipts, receipt => Assert.Equal((accepted.ProviderMessageId, ReceiptState.Delivered), (receipt.ProviderMessageId, receipt.State)));
    }

    [Fact]
    public async Task Reply_reaches_the_inbox_with_its_sender_and_its_words()
    {
        Assert.True(await Answering.SendReplyAsync(Address(7), "1 je suis à l'abri"));

        var reply = Assert.Single(Inbox.Replies);
        Assert.Equal((Kind, Address(7), "1 je suis à l'abri"), (reply.Channel, reply.From, reply.Text));
        Assert.InRange(reply.DeduplicationKey.Length, 1, 128);
    }

    [Fact]
    public async Task Reply_that_could_not_be_kept_comes_again_under_the_same_key()
    {
        Inbox.FailNext(1);

        Assert.False(await Answering.SendReplyAsync(Address(7), "1"));
        Assert.True(await Answering.SendReplyAsync(Address(7), "1"));

        Assert.Equal(2, Inbox.Replies.Count);
        Assert.Equal(Inbox.Replies[0].DeduplicationKey, Inbox.Replies[1].DeduplicationKey);
    }

    [Fact]
    public async Task Person_who_changes_their_mind_and_back_is_heard_three_times()
    {
        foreach (var text in (string[])["1", "2", "1"])
            Assert.True(await Answering.SendReplyAsync(Address(7), text));

        Assert.Equal(["1", "2", "1"], Inbox.Replies.Select(reply => reply.Text));
        Assert.Equal(3, Inbox.Replies.Select(reply => reply.DeduplicationKey).Distinct(StringComparer.Ordinal).Count());
    }
}
