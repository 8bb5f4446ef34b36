using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Audience;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Escalation;
using Tocsin.Alerting.Plans;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Model;
using Tocsin.Storage.Schema;

namespace Tocsin.Server.Tests.Alerts;

public abstract class EscalationSpecification(DatabaseKind kind) : AlertingSpecification(kind)
{
    [Fact]
    public async Task Those_who_have_not_answered_are_reminded_as_often_as_the_plan_says()
    {
        await AddPeopleAsync(3);
        var draft = Draft(ChannelKind.Sms);
        var alert = await RaiseAsync(draft with { Plan = draft.Plan with { Repeat = new RepeatPolicy(TimeSpan.FromMinutes(2), 2) } });
        await UntilAsync(alert, _ => Sms.Sent.Count == 3);
        await AnswerAsync(alert, 0);
        await AdvanceUntilAsync(() => Sms.Sent.Count == 5, TimeSpan.FromSeconds(10));
        await AnswerAsync(alert, 1);
        await AdvanceUntilAsync(() => Sms.Sent.Count == 6, TimeSpan.FromSeconds(10));
        for (var minute = 0; minute < 10; minute++) Time.Advance(TimeSpan.FromMinutes(1));
        await UntilAsync(alert, t => t.Deliveries[ChannelKind.Sms].Values.Sum() == 6);
        Assert.Equal([MobileOf(1), MobileOf(2), MobileOf(2)], Sms.Sent.Where(message => message.Purpose == MessagePurpose.Reminder).Select(message => message.Address).Order());
        Assert.Empty(await TimersAsync(alert, AlertTimerKind.Reminder));
    }

    [Fact]
    public async Task Too_few_answers_tell_more_people_and_enough_tell_nobody()
    {
        await AddPeopleAsync(6);
        var enough = Rule("enough", 1, new EscalationAction.Notify(Those(4)));
        var tooFew = Rule("too-few", 3, new EscalationAction.Notify(Those(5)));
        var alert = await RaiseAsync(Draft(ChannelKind.Sms) with { Audience = Those(0, 1, 2, 3), Escalation = [enough, tooFew] });
        await UntilAsync(alert, _ => Sms.Sent.Count == 4);
        await AnswerAsync(alert, 0);
        await AnswerAsync(alert, 1);
        await AdvanceUntilAsync(() => Sms.Sent.Count == 5, TimeSpan.FromSeconds(10));
        await UntilAsync(alert, t => t.Recipients == 5 && CountOf(t, Standing.Sent) == 3);
        Assert.Equal(MobileOf(5), Sms.Sent.Last().Address);
        Assert.Equal((1, MessagePurpose.Alert), ((await RecipientAsync(alert, 5)).Wave, Sms.Sent.Last().Purpose));
        var escalated = await Node.ReadAsync(db => db.Set<EventRecord>().Where(e => e.Kind == "alert.escalated").OrderBy(e => e.Seq).Select(e => e.Data).ToListAsync(Cancellation));
        Assert.Collection(escalated, first => Assert.Contains("\"met\"", first, StringComparison.Ordinal), second => Assert.Contains("\"fired\"", second, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_deputies_of_silent_holders_are_told()
    {
        await AddPeopleAsync(3);
        var function = new CrisisFunction { Id = new FunctionId(Guid.CreateVersion7()), NameFr = "Directeur de crise", CreatedAt = Time.GetUtcNow(), ChangedAt = Time.GetUtcNow() };
        await Node.Store.CommitAsync(
            (transaction, token) => DirectoryBulkLoader.LoadAsync(
                transaction.Db,
                new DirectoryLoad
                {
                    Functions = [function],
                    FunctionHolders =
                    [
                        new FunctionHolder { FunctionId = function.Id, PersonId = People[0].Id, Rank = FunctionHolder.Holder },
                        new FunctionHolder { FunctionId = function.Id, PersonId = People[2].Id, Rank = 1 },
                    ],
                },
                token),
            Cancellation);
        var alert = await RaiseAsync(Draft(ChannelKind.Sms) with { Audience = Those(0, 1), Escalation = [Rule("deputies", 2, new EscalationAction.NotifyDeputies())] });
        await UntilAsync(alert, _ => Sms.Sent.Count == 2);
        await AdvanceUntilAsync(() => Sms.Sent.Count == 3, TimeSpan.FromSeconds(10));
        await UntilAsync(alert, t => CountOf(t, Standing.Sent) == 3);
        Assert.Equal(MobileOf(2), Sms.Sent.Last().Address);
    }

    [Fact]
    public async Task An_escalation_can_raise_the_severity_and_remind()
    {
        await AddPeopleAsync(2);
        var draft = Draft(ChannelKind.Sms) with { Severity = Severity.Advisory, Escalation = [Rule("louder", 1, new EscalationAction.RaiseSeverity(Severity.Extreme))] };
        var alert = await RaiseAsync(draft);
        await UntilAsync(alert, _ => Sms.Sent.Count == 2);
        await AdvanceUntilAsync(() => Sms.Sent.Count == 4, TimeSpan.FromSeconds(10));
        Assert.Equal([Severity.Advisory, Severity.Advisory, Severity.Extreme, Severity.Extreme], Sms.Sent.Select(message => message.Severity));
        Assert.Equal(Severity.Extreme, (await Node.Board.FindAsync(alert, Cancellation))!.Summary.Alert.Severity);
        await UntilAsync(alert, t => t.Deliveries[ChannelKind.Sms].GetValueOrDefault(Alerting.Deliveries.DeliveryState.Accepted) == 4);
    }

    private async Task AnswerAsync(AlertId alert, int person) =>
        await Node.Answers.AnswerAsync(AnswerTests.Answer(await RecipientAsync(alert, person), "safe", Time.GetUtcNow()), Cancellation);

    private AudienceExpression Those(params int[] people) => new() { Include = new AudienceSelection { People = [.. people.Select(person => People[person].Id)] } };

    private static EscalationRule Rule(string key, int minimum, EscalationAction action) =>
        new() { Key = key, Minimum = new EscalationMinimum(Count: minimum), Within = TimeSpan.FromMinutes(3), Then = action };

    private Task<List<AlertTimer>> TimersAsync(AlertId alert, AlertTimerKind timer) =>
        Node.ReadAsync(db => db.Set<AlertTimer>().AsNoTracking().Where(t => t.AlertId == alert && t.Kind == timer).ToListAsync(Cancellation));
}

public sealed class SqliteEscalationTests() : EscalationSpecification(DatabaseKind.Sqlite);

public sealed class PostgreSqlEscalationTests() : EscalationSpecification(DatabaseKind.PostgreSql);
