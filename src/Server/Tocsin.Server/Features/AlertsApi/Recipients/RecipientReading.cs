using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Alerts.Board;
using Tocsin.Server.Features.Directory;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.AlertsApi.Recipients;

/// <summary>Everything that is known of one person in one alert.</summary>
internal static class RecipientReading
{
    private const string AccountPrefix = "account:";

    public static async Task<Results<Ok<RecipientDetail>, ProblemHttpResult>> GetAsync(
        Guid id, long recipientId, AlertBoard alerts, IDbContextFactory<TocsinDbContext> contexts, HttpContext context, CancellationToken cancellationToken)
    {
        if (await alerts.FindTimelineAsync(new RecipientId(recipientId), cancellationToken) is not { } known || known.Recipient.AlertId != new AlertId(id))
            return CommonRefusals.NotFound.ToProblem();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var row = (await RecipientPages.DescribeAsync(db, [known.Recipient], RecipientPages.MayCall(context.Actor()), cancellationToken))[0];
        return TypedResults.Ok(new RecipientDetail(
            row.Id, row.PersonId, row.Name, row.SiteName, row.Standing, row.Answer, row.AnsweredAt, row.Via, row.Unreachable, row.Comment, row.Phones, row.HasUnreadReply,
            [.. known.Deliveries.Reverse().Select(delivery => Describe(delivery, known))],
            await ReadHistoryAsync(db, known.Answers, cancellationToken)));
    }

    private static RecipientDelivery Describe(Delivery d, RecipientTimeline known) => new(
        new DeliveryId(d.Id),
        d.Channel,
        MaskedAddress.Of(d.Channel, d.Address),
        known.Purposes.GetValueOrDefault(d.MessageId),
        d.State,
        d.StateAt,
        d.Attempt,
        d.FailureCode,
        d.CarrierCode,
        d.CreatedAt,
        d.AcceptedAt,
        d.DeliveredAt,
        d.ReadAt,
        [.. known.Attempts[d.Id].Select(a => new FailedAttempt(a.Attempt, a.At, a.Result, a.FailureCode, a.CarrierCode))]);

    private static async Task<IReadOnlyList<GivenAnswerView>> ReadHistoryAsync(TocsinDbContext db, IReadOnlyList<AnswerRecord> answers, CancellationToken cancellationToken)
    {
        var accounts = answers.Select(answer => AccountOf(answer.EnteredBy)).OfType<Guid>().Distinct().ToList();
        var names = await db.Set<Account>().AsNoTracking().Where(a => accounts.Contains(a.Id))
            .Join(db.Set<Person>(), a => a.PersonId, p => p.Id, (a, p) => new { a.Id, p.DisplayName }).ToDictionaryAsync(a => a.Id, a => a.DisplayName, cancellationToken);
        return [.. answers.Reverse().Select(a => new GivenAnswerView(
            a.At,
            a.Choice,
            a.Comment,
            a.Via,
            AccountOf(a.EnteredBy) is { } account ? names.GetValueOrDefault(account) : null,
            a is { Latitude: { } latitude, Longitude: { } longitude } ? new PositionView(latitude, longitude, a.AccuracyMetres) : null))];
    }

    private static Guid? AccountOf(string? actor) =>
        actor is not null && actor.StartsWith(AccountPrefix, StringComparison.Ordinal) && Guid.TryParse(actor.AsSpan(AccountPrefix.Length), out var id) ? id : null;
}
