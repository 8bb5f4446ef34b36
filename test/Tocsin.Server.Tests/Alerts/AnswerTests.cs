using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Deliveries;
using Tocsin.Server.Features.Alerts.Answers;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Schema;

namespace Tocsin.Server.Tests.Alerts;

public abstract class AnswerSpecification(DatabaseKind kind) : AlertingSpecification(kind)
{
    [Fact]
    public async Task The_last_answer_counts_and_all_are_kept()
    {
        var (alert, recipient) = await RaiseToOneAsync();
        var now = Time.GetUtcNow();
        await Node.Answers.AnswerAsync(AnswerTests.Answer(recipient, "need-help", now.AddSeconds(-1)), Cancellation);
        Assert.Equal(1, CountOf(await Node.TotalsAsync(alert), Standing.NeedsHelp));
        Time.Advance(TimeSpan.FromSeconds(5));
        await Node.Answers.AnswerAsync(AnswerTests.Answer(recipient, "safe", Time.GetUtcNow()), Cancellation);

        // This one was given before the others, and comes late.
        await Node.Answers.AnswerAsync(AnswerTests.Answer(recipient, "coming", now.AddSeconds(-3)), Cancellation);
        var totals = await Node.TotalsAsync(alert);
        Assert.Equal((1, 0), (CountOf(totals, Standing.Answered), CountOf(totals, Standing.NeedsHelp)));
        Assert.Equal([("safe", 1L)], totals.Answers.Select(answer => (answer.Key, answer.Value)));
        Assert.Equal(["need-help", "safe", "coming"], (await AnswersAsync(alert)).Select(answer => answer.Choice));
    }

    [Fact]
    public async Task The_same_answer_sent_twice_is_kept_once()
    {
        var (alert, recipient) = await RaiseToOneAsync();
        var answer = AnswerTests.Answer(recipient, "safe", Time.GetUtcNow());
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Node.Answers.AnswerAsync(answer, Cancellation)));
        await Node.Answers.AnswerAsync(answer, Cancellation);
        Assert.Single(await AnswersAsync(alert));
    }

    [Fact]
    public async Task What_is_no_answer_of_the_alert_is_refused()
    {
        var (_, recipient) = await RaiseToOneAsync();
        Assert.Equal(AnswerResult.UnknownChoice, await Node.Answers.AnswerAsync(AnswerTests.Answer(recipient, "party", Time.GetUtcNow()), Cancellation));
        Assert.Equal(AnswerResult.Empty, await Node.Answers.AnswerAsync(AnswerTests.Answer(recipient, null, Time.GetUtcNow()), Cancellation));
        Assert.Equal(AnswerResult.OutOfBounds, await Node.Answers.AnswerAsync(AnswerTests.Answer(recipient, "safe", Time.GetUtcNow()) with { Position = new AnswerPosition(91, 0, null) }, Cancellation));
    }

    [Fact]
    public async Task An_answer_dated_in_the_future_does_not_outlive_later_ones()
    {
        var (alert, recipient) = await RaiseToOneAsync();
        await Node.Answers.AnswerAsync(AnswerTests.Answer(recipient, "safe", Time.GetUtcNow().AddYears(1)), Cancellation);
        Time.Advance(TimeSpan.FromSeconds(1));
        await Node.Answers.AnswerAsync(AnswerTests.Answer(recipient, "need-help", Time.GetUtcNow()), Cancellation);
        Assert.Equal("need-help", (await RecipientAsync(alert, 0)).AnswerChoice);
    }

    [Fact]
    public async Task A_link_finds_its_recipient_until_it_is_revoked()
    {
        var (alert, recipient) = await RaiseToOneAsync();
        var token = Assert.Single(Sms.Sent).AnswerLink!.Segments[^1];
        var holder = await Node.Answers.FindLinkHolderAsync(token, Cancellation);
        Assert.Equal((recipient.Id, alert), (holder!.Id.Value, holder.Alert));
        Assert.Null(await Node.Answers.FindLinkHolderAsync(token[..^1] + (token[^1] == 'A' ? 'B' : 'A'), Cancellation));
        Assert.Null(await Node.Answers.FindLinkHolderAsync("nonsense", Cancellation));
        Assert.True(await Node.Get<RevokeLink>().RevokeAsync(holder.Id, Storage.Audit.AuditActor.System, Cancellation));
        Assert.Null(await Node.Answers.FindLinkHolderAsync(token, Cancellation));
    }

    [Fact]
    public async Task An_sms_is_matched_to_the_latest_alert_sent_to_its_number()
    {
        var (_, _) = await RaiseToOneAsync();
        var (latest, _) = await RaiseToOneAsync();
        await Node.Inbox.TakeReplyAsync(Reply(MobileOf(0), "1", "reply-1"), Cancellation);
        await Node.Inbox.TakeReplyAsync(Reply(MobileOf(0), "1", "reply-1"), Cancellation);
        var recipient = await RecipientAsync(latest, 0);
        Assert.Equal((Standing.Answered, "safe", AnswerVia.Sms), (recipient.Standing, recipient.AnswerChoice, recipient.AnsweredVia!.Value));
        Assert.Equal("1", Assert.Single(await AnswersAsync(latest)).Comment);
        Assert.Equal(DeliveryState.Read, Assert.Single(await DeliveriesAsync(latest, 0)).State);
    }

    [Fact]
    public async Task Words_that_are_no_answer_are_kept_for_people_to_read()
    {
        var (alert, _) = await RaiseToOneAsync();
        await Node.Inbox.TakeReplyAsync(Reply(MobileOf(0), "Quel bâtiment ?", "reply-1"), Cancellation);
        var totals = await Node.TotalsAsync(alert);
        Assert.Equal((1, 1), (totals.UnreadReplies, CountOf(totals, Standing.Read)));
        Assert.Equal((null, "Quel bâtiment ?"), Assert.Single((await AnswersAsync(alert)).Select(answer => (answer.Choice, answer.Comment))));
        await Node.Answers.MarkReplyReadAsync(new RecipientId((await RecipientAsync(alert, 0)).Id), Cancellation);
        Assert.Equal(0, (await Node.TotalsAsync(alert)).UnreadReplies);
    }

    [Fact]
    public async Task A_reply_of_a_stranger_is_kept_for_people_to_read()
    {
        await RaiseToOneAsync();
        await Node.Inbox.TakeReplyAsync(Reply("+33700000000", "au secours \0", "reply-1"), Cancellation);
        await Node.Inbox.TakeReplyAsync(Reply("+33700000000", "au secours", "reply-1"), Cancellation);
        Assert.Equal("au secours ", Assert.Single(await Node.Board.ListStrayRepliesAsync(null, 10, Cancellation)).Text);
    }

    private async Task<(AlertId Alert, Recipient Recipient)> RaiseToOneAsync()
    {
        if (People.Count == 0) await AddPeopleAsync(1);
        var alert = await RaiseAsync(Draft(ChannelKind.Sms));
        await UntilAsync(alert, t => CountOf(t, ChannelKind.Sms, DeliveryState.Accepted) == 1);
        return (alert, await RecipientAsync(alert, 0));
    }

    private Task<List<AnswerRecord>> AnswersAsync(AlertId alert) =>
        Node.ReadAsync(db => db.Set<AnswerRecord>().AsNoTracking().Where(answer => answer.AlertId == alert).OrderBy(answer => answer.Id).ToListAsync(Cancellation));

    private InboundReply Reply(string from, string text, string key) => new(ChannelKind.Sms, ScriptedChannel.Provider, from, text, null, key, Time.GetUtcNow());
}

internal static class AnswerTests
{
    private static int count;

    public static RecipientAnswer Answer(Recipient recipient, string? choice, DateTimeOffset at) =>
        new(recipient.AlertId, new RecipientId(recipient.Id), choice, null, null, AnswerVia.Link, null, $"client-{Interlocked.Increment(ref count)}", at);
}

public sealed class SqliteAnswerTests() : AnswerSpecification(DatabaseKind.Sqlite);

public sealed class PostgreSqlAnswerTests() : AnswerSpecification(DatabaseKind.PostgreSql);
