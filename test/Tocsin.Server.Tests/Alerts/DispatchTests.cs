using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Deliveries;
using Tocsin.Alerting.Plans;
using Tocsin.Alerting.Raising;
using Tocsin.Server.Features.Alerts.Raising;
using Tocsin.Server.Features.Settings;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Model;
using Tocsin.Storage.Schema;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Alerts;

public abstract class DispatchSpecification(DatabaseKind kind) : AlertingSpecification(kind)
{
    [Fact]
    public async Task Everyone_is_told_once_by_each_channel_of_the_plan()
    {
        await AddPeopleAsync(700);
        var alert = await RaiseAsync(Draft(ChannelKind.Sms, ChannelKind.Email));
        var totals = await UntilAsync(alert, t => CountOf(t, ChannelKind.Sms, DeliveryState.Accepted) == 700 && CountOf(t, ChannelKind.Email, DeliveryState.Accepted) == 700);
        Assert.Equal(700, CountOf(totals, Standing.Sent));
        Assert.Equal(Enumerable.Range(0, 700).Select(MobileOf).Order(), Sms.Sent.Select(message => message.Address).Order());
        Assert.Equal(Enumerable.Range(0, 700).Select(MailboxOf).Order(), Email.Sent.Select(message => message.Address).Order());
        Assert.All(Sms.Sent, message => Assert.StartsWith("https://alerte.example/a/", message.AnswerLink!.AbsoluteUri, StringComparison.Ordinal));
        Assert.Equal(700, Sms.Sent.Select(message => message.AnswerLink).Distinct().Count());
    }

    [Fact]
    public async Task A_device_whose_subscription_is_gone_is_told_of_no_further_alert()
    {
        var push = new ScriptedChannel(ChannelKind.WebPush);

        // One that has no such channel would take its deliveries, too.
        await Node.StopAsync();
        await StartNodeAsync(push, Sms);
        await AddPeopleAsync(1);
        StoredContactPoint Device(string name) => new()
        {
            Id = new ContactPointId(Guid.CreateVersion7()),
            PersonId = People[0].Id,
            Kind = ContactPointKind.App,
            Address = $"https://push.example/{name}",
            ChannelData = name,
            CreatedAt = Time.GetUtcNow(),
            ChangedAt = Time.GetUtcNow(),
        };
        await Node.Store.CommitAsync(
            (transaction, _) =>
            {
                transaction.Db.AddRange(Device("old"), Device("new"), Device("refused"));
                return Task.CompletedTask;
            },
            Cancellation);
        push.Script = message => ValueTask.FromResult(message.Address switch
        {
            "old" => new DeliveryOutcome.Rejected(new FailureReason(FailureCodes.SubscriptionGone, "410")),
            "refused" => new DeliveryOutcome.Rejected(new FailureReason(FailureCodes.CarrierRefused, "403")),
            _ => push.Accept(),
        });
        var alert = await RaiseAsync(Draft(ChannelKind.WebPush));
        await UntilAsync(alert, t => CountOf(t, ChannelKind.WebPush, DeliveryState.Failed) == 2 && CountOf(t, ChannelKind.WebPush, DeliveryState.Accepted) == 1);
        Assert.Equal(
            ["new", "refused"],
            await Node.ReadAsync(db => db.Set<StoredContactPoint>().Where(point => point.Kind == ContactPointKind.App).OrderBy(point => point.Address).Select(point => point.ChannelData!).ToListAsync(Cancellation)));
        Assert.Single(await Node.ReadAsync(db => db.Set<AuditRecord>().Where(record => record.Action == "push-subscription.removed").ToListAsync(Cancellation)));
    }

    [Fact]
    public async Task The_same_request_raises_once()
    {
        await AddPeopleAsync(3);
        var first = Assert.IsType<RaiseResult.Raised>(await Node.Raise.RaiseAsync(Draft(ChannelKind.Sms), AuditActor.System, "key-1", Cancellation));
        var second = Assert.IsType<RaiseResult.Raised>(await Node.Raise.RaiseAsync(Draft(ChannelKind.Sms), AuditActor.System, "key-1", Cancellation));
        Assert.Equal(first with { Again = true }, second);
        await UntilAsync(first.Id, t => CountOf(t, ChannelKind.Sms, DeliveryState.Accepted) == 3);
        Assert.Equal(3, Sms.Sent.Count);
    }

    [Fact]
    public async Task Whoever_has_no_language_of_their_own_is_written_to_in_the_organisations_of_that_moment()
    {
        await AddPeopleAsync(2);
        await Node.Store.CommitAsync(
            async (transaction, token) =>
            {
                await transaction.Db.Set<Person>().Where(person => person.Id == People[0].Id).ExecuteUpdateAsync(set => set.SetProperty(person => person.Language, (ContentLanguage?)null), token);
            },
            Cancellation);
        var draft = Draft(ChannelKind.Sms) with { Text = new AlertText(new LocalizedText("Incendie", "Fire"), new LocalizedText("Évacuez.", "Leave.")) };
        var before = await RaiseAsync(draft);
        await UntilAsync(before, t => CountOf(t, ChannelKind.Sms, DeliveryState.Accepted) == 2);
        await Node.Store.CommitAsync((transaction, token) => DefaultLanguage.WriteAsync(transaction, ContentLanguage.En, token), Cancellation);
        var after = await RaiseAsync(draft);
        await UntilAsync(after, t => CountOf(t, ChannelKind.Sms, DeliveryState.Accepted) == 2);
        string[] TitlesOf(int person) => [.. Sms.Sent.Where(message => message.Address == MobileOf(person)).Select(message => message.Title)];
        Assert.Equal(["Incendie", "Fire"], TitlesOf(0));
        Assert.Equal(["Incendie", "Incendie"], TitlesOf(1));
    }

    [Fact]
    public async Task An_audience_of_nobody_is_refused()
    {
        var refused = Assert.IsType<RaiseResult.Refused>(await Node.Raise.RaiseAsync(Draft(ChannelKind.Sms), AuditActor.System, null, Cancellation));
        Assert.Equal("audience-empty", Assert.Single(refused.Violations).Code);
    }

    [Fact]
    public async Task What_a_carrier_postpones_is_tried_again_when_its_time_comes()
    {
        await AddPeopleAsync(1);
        var attempts = 0;
        Sms.Script = _ => ValueTask.FromResult(++attempts < 3
            ? new DeliveryOutcome.RetryAfter(TimeSpan.FromSeconds(30), new FailureReason(FailureCodes.CarrierThrottled))
            : Sms.Accept());
        var alert = await RaiseAsync(Draft(ChannelKind.Sms));
        await AdvanceUntilAsync(() => attempts == 3, TimeSpan.FromSeconds(1));
        await UntilAsync(alert, t => CountOf(t, ChannelKind.Sms, DeliveryState.Accepted) == 1);
        Assert.Equal([1, 2, 3], Sms.Sent.Select(message => message.Attempt));
        Assert.Single(Sms.Sent.Select(message => message.IdempotencyKey).Distinct());
        Assert.True(Time.GetUtcNow() - ManualTimeProvider.DefaultStart >= TimeSpan.FromSeconds(60));
        var timeline = await Node.Board.FindTimelineAsync(new((await RecipientAsync(alert, 0)).Id), Cancellation);
        Assert.Equal([AttemptResult.Postponed, AttemptResult.Postponed], timeline!.Attempts.SelectMany(a => a).Select(a => a.Result));
    }

    [Fact]
    public async Task What_a_carrier_refuses_for_good_fails_with_its_reason()
    {
        await AddPeopleAsync(2);
        Sms.Script = message => ValueTask.FromResult<DeliveryOutcome>(message.Address == MobileOf(0)
            ? new DeliveryOutcome.Rejected(new FailureReason(FailureCodes.AddressUnknown, "0x0000000B"))
            : Sms.Accept());
        var alert = await RaiseAsync(Draft(ChannelKind.Sms));
        var totals = await UntilAsync(alert, t => CountOf(t, Standing.Failed) == 1 && CountOf(t, Standing.Sent) == 1);
        Assert.Equal(1, totals.Failures[ChannelKind.Sms][FailureCodes.AddressUnknown]);
        var delivery = Assert.Single(await DeliveriesAsync(alert, 0));
        Assert.Equal((DeliveryState.Failed, "0x0000000B"), (delivery.State, delivery.CarrierCode));
    }

    [Fact]
    public async Task A_channel_that_is_not_configured_fails_at_once_and_says_so()
    {
        await AddPeopleAsync(1);
        await Node.StopAsync();
        await StartNodeAsync(Sms);
        var alert = await RaiseAsync(Draft(ChannelKind.Sms, ChannelKind.Email));
        var totals = await UntilAsync(alert, t => CountOf(t, Standing.Sent) == 1 && CountOf(t, ChannelKind.Email, DeliveryState.Failed) == 1);
        Assert.Equal(1, totals.Failures[ChannelKind.Email][FailureCodes.NotConfigured]);
    }

    [Fact]
    public async Task A_person_whom_no_channel_can_reach_stands_on_the_board_as_failed()
    {
        await AddPeopleAsync(1);
        var alert = await RaiseAsync(Draft(ChannelKind.WebPush));
        await UntilAsync(alert, t => CountOf(t, Standing.Failed) == 1);
        Assert.Equal(UnreachableReason.NoUsableChannel, (await RecipientAsync(alert, 0)).Unreachable);
    }

    [Fact]
    public async Task A_later_step_is_withdrawn_for_whoever_answered()
    {
        await AddPeopleAsync(2);
        var alert = await RaiseAsync(Draft(ChannelKind.Sms) with { Plan = TwoSteps(StepCondition.UnlessAnswered) });
        await UntilAsync(alert, t => CountOf(t, ChannelKind.Sms, DeliveryState.Accepted) == 2);
        await Node.Answers.AnswerAsync(AnswerTests.Answer(await RecipientAsync(alert, 0), "safe", Time.GetUtcNow()), Cancellation);
        await UntilAsync(alert, t => CountOf(t, ChannelKind.Email, DeliveryState.Withdrawn) == 1);
        await AdvanceUntilAsync(() => !Email.Sent.IsEmpty, TimeSpan.FromSeconds(10));
        await UntilAsync(alert, t => CountOf(t, ChannelKind.Email, DeliveryState.Accepted) == 1);
        Assert.Equal(MailboxOf(1), Assert.Single(Email.Sent).Address);
    }

    [Fact]
    public async Task A_step_that_is_only_for_the_unreached_is_withdrawn_when_its_time_comes()
    {
        await AddPeopleAsync(2);
        var alert = await RaiseAsync(Draft(ChannelKind.Sms) with { Plan = TwoSteps(StepCondition.UnlessDelivered) });
        await UntilAsync(alert, t => CountOf(t, ChannelKind.Sms, DeliveryState.Accepted) == 2);
        var reached = Assert.Single(await DeliveriesAsync(alert, 0), d => d.Channel == ChannelKind.Sms);
        await Node.Inbox.TakeReceiptAsync(
            new DeliveryReceipt(ChannelKind.Sms, ScriptedChannel.Provider, reached.ProviderMessageId, null, ReceiptState.Delivered, null, Time.GetUtcNow()), Cancellation);
        await AdvanceUntilAsync(() => !Email.Sent.IsEmpty, TimeSpan.FromSeconds(10));
        var totals = await UntilAsync(alert, t => CountOf(t, ChannelKind.Email, DeliveryState.Accepted) == 1 && CountOf(t, ChannelKind.Email, DeliveryState.Withdrawn) == 1);
        Assert.Equal(1, CountOf(totals, Standing.Delivered));
        Assert.Equal(MailboxOf(1), Assert.Single(Email.Sent).Address);
    }

    [Fact]
    public async Task What_has_not_left_when_the_alert_expires_is_counted_as_expired()
    {
        await AddPeopleAsync(2);
        Sms.Script = _ => ValueTask.FromResult<DeliveryOutcome>(new DeliveryOutcome.RetryAfter(null, new FailureReason(FailureCodes.CarrierUnavailable)));
        var alert = await RaiseAsync(Draft(ChannelKind.Sms) with
        {
            Plan = new ChannelPlan { Steps = [new PlanStep { Channels = [ChannelKind.Sms] }], Expiry = TimeSpan.FromMinutes(5), Retry = new RetryPolicy(100, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)) },
        });
        await UntilAsync(alert, t => CountOf(t, ChannelKind.Sms, DeliveryState.Sending) == 2);
        for (var minute = 0; minute < 12; minute++) Time.Advance(TimeSpan.FromSeconds(30));
        await UntilAsync(alert, t => CountOf(t, ChannelKind.Sms, DeliveryState.Expired) == 2 && CountOf(t, Standing.Failed) == 2);
        await Eventually.HoldsAsync(async () => (await Node.Board.FindAsync(alert, Cancellation))!.Summary.Alert.State == AlertState.Expired);
    }

    internal static ChannelPlan TwoSteps(StepCondition condition) => new()
    {
        Steps =
        [
            new PlanStep { Channels = [ChannelKind.Sms] },
            new PlanStep { Channels = [ChannelKind.Email], After = TimeSpan.FromMinutes(5), Condition = condition },
        ],
    };
}

public sealed class SqliteDispatchTests() : DispatchSpecification(DatabaseKind.Sqlite);

public sealed class PostgreSqlDispatchTests() : DispatchSpecification(DatabaseKind.PostgreSql);
