using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Deliveries;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Schema;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Alerts;

public abstract class ReceiptSpecification(DatabaseKind kind) : AlertingSpecification(kind)
{
    [Fact]
    public async Task Receipts_in_any_order_and_number_end_in_the_same_state()
    {
        var random = TestSeed.Random();
        await AddPeopleAsync(20);
        var alert = await RaiseAsync(Draft(ChannelKind.Sms));
        await UntilAsync(alert, t => CountOf(t, ChannelKind.Sms, DeliveryState.Accepted) == 20);
        var now = Time.GetUtcNow();
        for (var person = 0; person < 20; person++)
        {
            var delivery = Assert.Single(await DeliveriesAsync(alert, person));
            DeliveryReceipt[] receipts =
            [
                Receipt(delivery.ProviderMessageId!, ReceiptState.Enroute, now),
                Receipt(delivery.ProviderMessageId!, ReceiptState.Failed, now.AddSeconds(1), new FailureReason(FailureCodes.AbsentSubscriber)),
                Receipt(delivery.ProviderMessageId!, ReceiptState.Delivered, now.AddSeconds(2)),
                Receipt(delivery.ProviderMessageId!, ReceiptState.Delivered, now.AddSeconds(3)),
            ];
            var sequence = Enumerable.Range(0, 8).Select(_ => receipts[random.Next(receipts.Length)]).Concat(receipts).ToArray();
            random.Shuffle(sequence);
            await Task.WhenAll(sequence.Select(receipt => Node.Inbox.TakeReceiptAsync(receipt, Cancellation).AsTask()));
            var after = Assert.Single(await DeliveriesAsync(alert, person));
            Assert.Equal((DeliveryState.Delivered, now.AddSeconds(2)), (after.State, after.DeliveredAt!.Value));
        }

        Assert.Equal(20, CountOf(await Node.TotalsAsync(alert), Standing.Delivered));
    }

    [Fact]
    public async Task A_receipt_that_overtakes_its_outcome_waits_for_it()
    {
        await AddPeopleAsync(1);
        var answer = new TaskCompletionSource();
        Sms.Script = async _ =>
        {
            await answer.Task;
            return new DeliveryOutcome.Accepted(ScriptedChannel.Provider, "early-1");
        };
        var alert = await RaiseAsync(Draft(ChannelKind.Sms));
        await Eventually.HoldsAsync(() => !Sms.Sent.IsEmpty);
        await Node.Inbox.TakeReceiptAsync(Receipt("early-1", ReceiptState.Delivered, Time.GetUtcNow()), Cancellation);
        Assert.Equal(0, CountOf(await Node.TotalsAsync(alert), Standing.Delivered));
        answer.SetResult();
        await UntilAsync(alert, t => CountOf(t, Standing.Delivered) == 1);
        Assert.Empty(await Node.ReadAsync(db => Task.FromResult(db.Set<UnmatchedReceipt>().ToList())));
    }

    [Fact]
    public async Task A_message_that_arrived_after_an_unknown_outcome_is_not_sent_again()
    {
        await AddPeopleAsync(1);
        Sms.Script = _ => ValueTask.FromResult<DeliveryOutcome>(new DeliveryOutcome.OutcomeUnknown(new FailureReason(FailureCodes.CarrierTimeout)));
        var alert = await RaiseAsync(Draft(ChannelKind.Sms));
        await UntilAsync(alert, t => CountOf(t, ChannelKind.Sms, DeliveryState.Sending) == 1);
        await Eventually.HoldsAsync(async () => (await DeliveriesAsync(alert, 0))[0].LeaseOwner is null);
        var id = new DeliveryId(Assert.Single(Sms.Sent).DeliveryId.Value);
        await Node.Inbox.TakeReceiptAsync(Receipt(null, ReceiptState.Delivered, Time.GetUtcNow()) with { DeliveryId = id }, Cancellation);
        Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(1, CountOf(await Node.TotalsAsync(alert), Standing.Delivered));
        Assert.Single(Sms.Sent);
    }

    [Fact]
    public async Task A_person_is_failed_only_when_every_way_has_failed()
    {
        await AddPeopleAsync(1);
        var alert = await RaiseAsync(Draft(ChannelKind.Sms, ChannelKind.Email));
        await UntilAsync(alert, t => CountOf(t, ChannelKind.Sms, DeliveryState.Accepted) == 1 && CountOf(t, ChannelKind.Email, DeliveryState.Accepted) == 1);
        var deliveries = await DeliveriesAsync(alert, 0);
        await FailAsync(deliveries[0]);
        Assert.Equal(Standing.Sent, (await RecipientAsync(alert, 0)).Standing);
        await FailAsync(deliveries[1]);
        Assert.Equal(Standing.Failed, (await RecipientAsync(alert, 0)).Standing);
        await Node.Answers.AnswerAsync(AnswerTests.Answer(await RecipientAsync(alert, 0), "safe", Time.GetUtcNow()), Cancellation);
        Assert.Equal(Standing.Answered, (await RecipientAsync(alert, 0)).Standing);
    }

    [Fact]
    public async Task Receipts_of_nothing_that_we_sent_are_kept_for_a_day()
    {
        await Node.Inbox.TakeReceiptAsync(Receipt("unknown", ReceiptState.Delivered, Time.GetUtcNow()), Cancellation);
        Assert.Single(await Node.ReadAsync(db => Task.FromResult(db.Set<UnmatchedReceipt>().ToList())));
        await Time.AdvanceUntilAsync(() => Node.ReadAsync(db => Task.FromResult(!db.Set<UnmatchedReceipt>().Any())).GetAwaiter().GetResult(), TimeSpan.FromHours(1));
        Assert.True(Time.GetUtcNow() - ManualTimeProvider.DefaultStart >= TimeSpan.FromDays(1));
    }

    private async Task FailAsync(Delivery delivery) => await Node.Inbox.TakeReceiptAsync(
        Receipt(delivery.ProviderMessageId!, ReceiptState.Failed, Time.GetUtcNow(), new FailureReason(FailureCodes.Undeliverable)) with { Channel = delivery.Channel }, Cancellation);

    private static DeliveryReceipt Receipt(string? name, ReceiptState state, DateTimeOffset at, FailureReason? reason = null) =>
        new(ChannelKind.Sms, ScriptedChannel.Provider, name, null, state, reason, at);
}

public sealed class SqliteReceiptTests() : ReceiptSpecification(DatabaseKind.Sqlite);

public sealed class PostgreSqlReceiptTests() : ReceiptSpecification(DatabaseKind.PostgreSql);
