using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Deliveries;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Features.Alerts.Raising;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Schema;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Alerts;

public abstract class FollowUpSpecification(DatabaseKind kind) : AlertingSpecification(kind)
{
    [Fact]
    public async Task An_all_clear_goes_where_the_alert_went_and_calls_back_the_rest()
    {
        await AddPeopleAsync(300);
        Sms.Script = message => ValueTask.FromResult(Number(message) % 3 == 0 && message.Purpose == MessagePurpose.Alert
            ? new DeliveryOutcome.RetryAfter(TimeSpan.FromMinutes(10), new FailureReason(FailureCodes.CarrierUnavailable))
            : Sms.Accept());
        var alert = await RaiseAsync(Draft(ChannelKind.Sms));
        await UntilAsync(alert, t => CountOf(t, ChannelKind.Sms, DeliveryState.Accepted) == 200 && CountOf(t, ChannelKind.Sms, DeliveryState.Sending) == 100);
        await UntilAsync(alert, _ => Sms.Sent.Count == 300);
        await NothingInHandAsync(alert);
        Assert.IsType<FollowUpResult.Done>(await Node.FollowUp.AllClearAsync(alert, null, AuditActor.System, Cancellation));
        var totals = await UntilAsync(alert, t => CountOf(t, ChannelKind.Sms, DeliveryState.Accepted) == 400);
        Assert.Equal(100, CountOf(totals, ChannelKind.Sms, DeliveryState.Withdrawn));
        Time.Advance(TimeSpan.FromHours(1));
        var ending = Sms.Sent.Where(message => message.Purpose == MessagePurpose.AllClear).ToList();
        Assert.Equal(200, ending.Count);
        Assert.DoesNotContain(ending, message => Number(message) % 3 == 0);
        Assert.All(ending, message => Assert.Empty(message.Answers));
        Assert.StartsWith("Fin d'alerte", ending[0].Title.Replace('’', '\''), StringComparison.Ordinal);
        Assert.Equal(500, Sms.Sent.Count);
    }

    [Fact]
    public async Task Whoever_was_not_told_yet_is_told_the_new_words_and_only_once()
    {
        await AddPeopleAsync(2);
        var isUp = false;
        Sms.Script = message => ValueTask.FromResult(isUp || Number(message) == 0
            ? Sms.Accept()
            : new DeliveryOutcome.RetryAfter(TimeSpan.FromSeconds(30), new FailureReason(FailureCodes.CarrierUnavailable)));
        var alert = await RaiseAsync(Draft(ChannelKind.Sms));
        await UntilAsync(alert, t => CountOf(t, ChannelKind.Sms, DeliveryState.Accepted) == 1 && CountOf(t, ChannelKind.Sms, DeliveryState.Sending) == 1);
        await NothingInHandAsync(alert);
        Assert.IsType<FollowUpResult.Done>(await Node.FollowUp.UpdateAsync(alert, Text("Incendie maîtrisé"), Severity.Severe, AuditActor.System, Cancellation));
        await UntilAsync(alert, t => CountOf(t, ChannelKind.Sms, DeliveryState.Accepted) == 2);
        isUp = true;
        await AdvanceUntilAsync(() => Sms.Sent.Count(message => Number(message) == 1) == 2, TimeSpan.FromSeconds(5));
        await UntilAsync(alert, t => CountOf(t, ChannelKind.Sms, DeliveryState.Accepted) == 3);
        Assert.Equal([(MessagePurpose.Alert, "Incendie"), (MessagePurpose.Update, "Incendie maîtrisé")], Told(0));
        Assert.Equal([(MessagePurpose.Alert, "Incendie"), (MessagePurpose.Alert, "Incendie maîtrisé")], Told(1));
    }

    [Fact]
    public async Task Old_words_that_have_not_left_are_never_sent_and_nobody_is_left_in_silence()
    {
        await AddPeopleAsync(1);
        var isUp = false;
        Email.Script = _ => ValueTask.FromResult(isUp ? Email.Accept() : new DeliveryOutcome.RetryAfter(TimeSpan.FromSeconds(30), new FailureReason(FailureCodes.CarrierUnavailable)));
        var alert = await RaiseAsync(Draft(ChannelKind.Sms, ChannelKind.Email));
        await UntilAsync(alert, t => CountOf(t, ChannelKind.Sms, DeliveryState.Accepted) == 1 && CountOf(t, ChannelKind.Email, DeliveryState.Sending) == 1);
        await NothingInHandAsync(alert);
        var before = Email.Sent.Count;

        Assert.IsType<FollowUpResult.Done>(await Node.FollowUp.UpdateAsync(alert, Text("Incendie maîtrisé"), null, AuditActor.System, Cancellation));
        await UntilAsync(alert, t => CountOf(t, ChannelKind.Sms, DeliveryState.Accepted) == 2);
        isUp = true;
        await AdvanceUntilAsync(() => Email.Sent.Count > before, TimeSpan.FromSeconds(5));
        await UntilAsync(alert, t => CountOf(t, ChannelKind.Email, DeliveryState.Accepted) == 1);

        Assert.Equal([(MessagePurpose.Alert, "Incendie"), (MessagePurpose.Update, "Incendie maîtrisé")], Told(0));
        Assert.All(Email.Sent.Skip(before), message => Assert.Equal((MessagePurpose.Alert, "Incendie maîtrisé"), (message.Purpose, message.Title)));
    }

    [Fact]
    public async Task A_cancellation_calls_back_what_has_not_left()
    {
        await AddPeopleAsync(2);
        Sms.Script = message => ValueTask.FromResult(Number(message) == 0
            ? Sms.Accept()
            : new DeliveryOutcome.RetryAfter(TimeSpan.FromSeconds(30), new FailureReason(FailureCodes.CarrierUnavailable)));
        var alert = await RaiseAsync(Draft(ChannelKind.Sms));
        await UntilAsync(alert, t => CountOf(t, ChannelKind.Sms, DeliveryState.Accepted) == 1 && CountOf(t, ChannelKind.Sms, DeliveryState.Sending) == 1);
        await NothingInHandAsync(alert);

        Assert.IsType<FollowUpResult.Done>(await Node.FollowUp.CancelAsync(alert, null, AuditActor.System, Cancellation));

        var totals = await UntilAsync(alert, t => CountOf(t, ChannelKind.Sms, DeliveryState.Accepted) == 2);
        Assert.Equal(1, CountOf(totals, ChannelKind.Sms, DeliveryState.Withdrawn));
        Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal([MessagePurpose.Alert, MessagePurpose.Cancellation], Told(0).Select(told => told.Purpose));
        Assert.Equal([MessagePurpose.Alert], Told(1).Select(told => told.Purpose).Distinct());
    }

    [Fact]
    public async Task What_is_in_flight_when_an_alert_is_cancelled_is_not_tried_again()
    {
        await AddPeopleAsync(1);
        var outcome = new TaskCompletionSource<DeliveryOutcome>();
        Sms.Script = message => message.Purpose == MessagePurpose.Alert ? new(outcome.Task) : ValueTask.FromResult(Sms.Accept());
        var alert = await RaiseAsync(Draft(ChannelKind.Sms));
        await Eventually.HoldsAsync(() => !Sms.Sent.IsEmpty);
        Assert.IsType<FollowUpResult.Done>(await Node.FollowUp.CancelAsync(alert, null, AuditActor.System, Cancellation));
        await UntilAsync(alert, t => CountOf(t, ChannelKind.Sms, DeliveryState.Accepted) == 1);
        outcome.SetResult(new DeliveryOutcome.RetryAfter(TimeSpan.FromSeconds(1), new FailureReason(FailureCodes.CarrierThrottled)));
        await UntilAsync(alert, t => CountOf(t, ChannelKind.Sms, DeliveryState.Withdrawn) == 1);
        Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal([MessagePurpose.Alert, MessagePurpose.Cancellation], Sms.Sent.Select(message => message.Purpose));
    }

    [Fact]
    public async Task Later_steps_and_reminders_do_not_follow_an_alert_that_is_over()
    {
        await AddPeopleAsync(3);
        var plan = DispatchSpecification.TwoSteps(StepCondition.Always) with { Repeat = new RepeatPolicy(TimeSpan.FromMinutes(1), 5) };
        var alert = await RaiseAsync(Draft(ChannelKind.Sms) with { Plan = plan });
        await UntilAsync(alert, t => CountOf(t, ChannelKind.Sms, DeliveryState.Accepted) == 3);
        await Node.FollowUp.AllClearAsync(alert, null, AuditActor.System, Cancellation);
        await UntilAsync(alert, t => CountOf(t, ChannelKind.Sms, DeliveryState.Accepted) == 6);
        for (var minute = 0; minute < 10; minute++) Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(3, CountOf(await Node.TotalsAsync(alert), ChannelKind.Email, DeliveryState.Withdrawn));
        Assert.Equal((6, 0), (Sms.Sent.Count, Email.Sent.Count));
    }

    [Fact]
    public async Task An_alert_ends_once()
    {
        await AddPeopleAsync(1);
        var alert = await RaiseAsync(Draft(ChannelKind.Sms));
        await Node.FollowUp.AllClearAsync(alert, null, AuditActor.System, Cancellation);
        Assert.Equal(new FollowUpResult.Over(AlertState.AllClear), await Node.FollowUp.CancelAsync(alert, null, AuditActor.System, Cancellation));
        await UntilAsync(alert, t => t.Recipients == 1);
    }

    [Fact]
    public async Task Somebody_who_was_not_reached_can_be_told_again_by_hand()
    {
        await AddPeopleAsync(2);
        var isUp = false;
        Sms.Script = message => ValueTask.FromResult(isUp || Number(message) == 0 ? Sms.Accept() : new DeliveryOutcome.Rejected(new FailureReason(FailureCodes.AddressUnknown)));
        var alert = await RaiseAsync(Draft(ChannelKind.Sms));
        await UntilAsync(alert, t => CountOf(t, Standing.Failed) == 1 && CountOf(t, Standing.Sent) == 1);
        isUp = true;
        Assert.Equal(new TellAgainResult.Started(1), await Node.Get<TellAgain>().ToFailedAsync(alert, AuditActor.System, Cancellation));
        await UntilAsync(alert, t => CountOf(t, Standing.Sent) == 2);
        Assert.Equal(2, Told(1).Count);
    }

    private Task NothingInHandAsync(Alerting.AlertId alert) =>
        Eventually.HoldsAsync(() => new ValueTask<bool>(Node.ReadAsync(db => Task.FromResult(!db.Set<Delivery>().Any(d => d.AlertId == alert && d.State == DeliveryState.Sending && d.LeaseOwner != null)))));

    private List<(MessagePurpose Purpose, string Title)> Told(int person) =>
        [.. Sms.Sent.Where(message => Number(message) == person).Select(message => (message.Purpose, message.Title))];

    private static int Number(OutboundMessage message) => int.Parse(message.Address.AsSpan(4), System.Globalization.CultureInfo.InvariantCulture);
}

public sealed class SqliteFollowUpTests() : FollowUpSpecification(DatabaseKind.Sqlite);

public sealed class PostgreSqlFollowUpTests() : FollowUpSpecification(DatabaseKind.PostgreSql);
