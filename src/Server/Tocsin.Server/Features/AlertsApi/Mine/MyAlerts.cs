using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Deliveries;
using Tocsin.Alerting.Scenarios;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Alerts;
using Tocsin.Server.Features.Alerts.Answers;
using Tocsin.Server.Features.Alerts.Raising;
using Tocsin.Server.Features.AlertsApi.Acting;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;

namespace Tocsin.Server.Features.AlertsApi.Mine;

/// <summary>The alerts that were sent to whoever is signed in, and their own answers.</summary>
internal static class MyAlerts
{
    private const int MaximumPage = 100;

    /// <summary>The latest first.</summary>
    public static async Task<Results<Ok<MyAlertPage>, ProblemHttpResult>> ListAsync(
        string? state, string? after, int? limit, IDbContextFactory<TocsinDbContext> contexts, HttpContext context, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MaximumPage) return CommonRefusals.InvalidInput.ToProblem($"limit is 1 to {MaximumPage}.");
        if (!WireWord.TryParse<AlertState>(state, out var wanted)) return CommonRefusals.InvalidInput.ToProblem("state is not one of the states.");
        if (!NumberCursor.TryParse(after, out var before)) return CommonRefusals.InvalidInput.ToProblem("after is not a cursor of this list.");
        if (context.Actor().Person is not { } person) return TypedResults.Ok(new MyAlertPage([], null));
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var take = limit ?? 30;
        var mine = await db.Set<Recipient>().AsNoTracking().Where(r => r.PersonId == person)
            .Join(db.Set<Alert>().AsNoTracking(), r => r.AlertId, a => a.Id, (r, a) => new { Recipient = r, Alert = a })
            .Where(row => (before == null || row.Alert.Number < before) && (wanted == null || row.Alert.State == wanted))
            .OrderByDescending(row => row.Alert.Number).Take(take + 1).ToListAsync(cancellationToken);
        var page = mine.Take(take).ToList();
        var words = await LatestWordsAsync(db, [.. page.Select(row => row.Alert.Id)], cancellationToken);
        return TypedResults.Ok(new MyAlertPage(
            [.. page.Select(row => MyAlert.Of(row.Alert, row.Recipient, words[row.Alert.Id], context.Actor()))],
            mine.Count > take ? page[^1].Alert.Number.ToString(CultureInfo.InvariantCulture) : null));
    }

    public static async Task<Results<NoContent, ProblemHttpResult>> AnswerAsync(
        Guid id, RuleBody<MyAnswer> body, AnswerAlert answers, TimeProvider time, HttpContext context, CancellationToken cancellationToken)
    {
        if (body.Refused is { } refused) return refused;
        if (await FindAsync(id, answers, context, cancellationToken) is not { } me) return CommonRefusals.NotFound.ToProblem();
        var given = body.Value;
        var answer = new RecipientAnswer(
            me.Alert,
            me.Id,
            given.Choice,
            given.Comment,
            given.Position is { } position ? new AnswerPosition(position.Latitude, position.Longitude, position.AccuracyMetres) : null,
            AnswerVia.InApp,
            null,
            AnswerClientId.Of(context, given.Choice, given.Comment),
            given.At ?? time.GetUtcNow());
        return EnteredAnswers.ToAnswer(await answers.AnswerAsync(answer, cancellationToken));
    }

    /// <summary>It was shown on the person's screen: what was delivered in the app counts as read.</summary>
    public static async Task<Results<NoContent, ProblemHttpResult>> MarkSeenAsync(
        Guid id, AnswerAlert answers, IChannelInbox inbox, IDbContextFactory<TocsinDbContext> contexts, TimeProvider time, HttpContext context, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, answers, context, cancellationToken) is not { } me) return CommonRefusals.NotFound.ToProblem();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var unread = await db.Set<Delivery>().AsNoTracking()
            .Where(d => d.RecipientId == me.Recipient.Id && d.Channel == ChannelKind.InApp && d.State != DeliveryState.Read && d.ProviderId != null)
            .Select(d => new { d.Id, d.ProviderId }).ToListAsync(cancellationToken);
        foreach (var delivery in unread)
        {
            var receipt = new DeliveryReceipt(ChannelKind.InApp, delivery.ProviderId!, null, new DeliveryId(delivery.Id), ReceiptState.Read, null, time.GetUtcNow());
            await inbox.TakeReceiptAsync(receipt, cancellationToken);
        }

        return TypedResults.NoContent();
    }

    private static async Task<LinkHolder?> FindAsync(Guid id, AnswerAlert answers, HttpContext context, CancellationToken cancellationToken) =>
        context.Actor().Person is { } person ? await answers.FindRecipientAsync(new AlertId(id), person, cancellationToken) : null;

    /// <summary>The last thing that each alert says, be it that it is over.</summary>
    private static async Task<Dictionary<AlertId, AlertMessage>> LatestWordsAsync(TocsinDbContext db, List<AlertId> alerts, CancellationToken cancellationToken)
    {
        var messages = await db.Set<AlertMessage>().AsNoTracking().Where(m => alerts.Contains(m.AlertId) && m.Purpose != MessagePurpose.Reminder).ToListAsync(cancellationToken);
        return messages.GroupBy(message => message.AlertId).ToDictionary(group => group.Key, group => group.MaxBy(message => message.Id)!);
    }
}

/// <param name="UpdatedAt">When it said what it says now.</param>
/// <param name="Answers">What can be answered; empty once the alert has ended.</param>
/// <param name="Answered">The answer that counts; absent before one was given.</param>
/// <param name="RaisedByMe">Whoever reads has raised it: to them it is no news.</param>
internal sealed record MyAlert(
    AlertId Id,
    long Number,
    AlertState State,
    AlertMode Mode,
    Severity Severity,
    LocalizedText Title,
    LocalizedText Body,
    DateTimeOffset RaisedAt,
    DateTimeOffset UpdatedAt,
    int Revision,
    IReadOnlyList<AnswerChoice> Answers,
    Attachment? Attachment,
    MyGivenAnswer? Answered,
    bool RaisedByMe)
{
    public static MyAlert Of(Alert alert, Recipient me, AlertMessage latest, Actor reader)
    {
        var draft = CataloguedAlert.From(alert).Draft;
        var text = AlertMessages.TextOf(latest);
        return new MyAlert(
            alert.Id, alert.Number, alert.State, alert.Mode, alert.Severity, text.Title, text.Body, alert.RaisedAt, latest.CreatedAt, alert.Revision,
            alert.State == AlertState.Active ? draft.Answers : [],
            draft.Attachment,
            me is { AnswerChoice: { } choice, AnsweredAt: { } at } ? new MyGivenAnswer(choice, at) : null,
            string.Equals(alert.RaisedBy, reader.Id, StringComparison.Ordinal));
    }
}

internal sealed record MyGivenAnswer(string Choice, DateTimeOffset At);

internal sealed record MyAlertPage(IReadOnlyList<MyAlert> Items, string? Next);

/// <param name="Choice">Key of one of the alert's answers.</param>
/// <param name="At">When it was given, where it was kept on the device meanwhile; absent: now.</param>
internal sealed record MyAnswer(string? Choice = null, string? Comment = null, MyPosition? Position = null, DateTimeOffset? At = null);

/// <summary>Degrees, WGS 84.</summary>
internal sealed record MyPosition(double Latitude, double Longitude, double? AccuracyMetres = null);
