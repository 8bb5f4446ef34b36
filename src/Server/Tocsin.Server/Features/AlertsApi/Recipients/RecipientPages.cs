using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Alerts.Board;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.AlertsApi.Recipients;

/// <summary>People of a board, those first who need somebody to act.</summary>
internal static class RecipientPages
{
    public static async Task<Results<Ok<RecipientPage>, ProblemHttpResult>> ListAsync(
        Guid id, string? standing, string? answer, string? site, string? group, bool? unread, string? search, string? after, int? limit,
        AlertBoard alerts, IDbContextFactory<TocsinDbContext> contexts, HttpContext context, CancellationToken cancellationToken)
    {
        if (limit is < 1 or >= AlertBoard.LargestPage) return CommonRefusals.InvalidInput.ToProblem($"limit is 1 to {AlertBoard.LargestPage - 1}.");
        if (!RecipientQuery.TryParseCursor(after, out var cursor)) return CommonRefusals.InvalidInput.ToProblem("after is not a cursor of this list.");
        if (RecipientQuery.ParseFilter(standing, answer, site, group, unread, search) is not { } filter) return CommonRefusals.InvalidInput.ToProblem("A filter is not of its form.");
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var alert = new AlertId(id);
        if (!await db.Set<Alert>().AnyAsync(a => a.Id == alert, cancellationToken)) return CommonRefusals.NotFound.ToProblem();
        var take = limit ?? 100;
        var recipients = await alerts.ListRecipientsAsync(alert, filter, cursor, take + 1, cancellationToken);
        var rows = await DescribeAsync(db, [.. recipients.Take(take)], MayCall(context.Actor()), cancellationToken);
        return TypedResults.Ok(new RecipientPage(rows, recipients.Count > take ? RecipientQuery.WriteCursor(recipients[take - 1]) : null));
    }

    /// <summary>Only whoever acts on an alert needs telephone numbers.</summary>
    public static bool MayCall(Actor actor) => actor.Has(AlertsApiFeature.Crew);

    public static async Task<IReadOnlyList<RecipientRow>> DescribeAsync(
        TocsinDbContext db, IReadOnlyList<Recipient> recipients, bool withPhones, CancellationToken cancellationToken)
    {
        var sites = await db.Set<Site>().AsNoTracking().ToDictionaryAsync(site => site.Id, site => site.Name, cancellationToken);
        var comments = await ReadCommentsAsync(db, [.. recipients.Select(r => r.Id)], cancellationToken);
        var phones = withPhones ? await ReadPhonesAsync(db, [.. recipients.Select(r => r.PersonId)], cancellationToken) : null;
        return [.. recipients.Select(r => new RecipientRow(
            new RecipientId(r.Id),
            r.PersonId,
            r.Name,
            r.SiteId is { } site ? sites.GetValueOrDefault(site) : null,
            r.Standing,
            r.AnswerChoice,
            r.AnsweredAt,
            r.AnsweredVia,
            r.Unreachable,
            comments.GetValueOrDefault(r.Id),
            phones is null ? [] : [.. phones[r.PersonId]],
            r.HasUnreadReply))];
    }

    /// <summary>The last thing each of them wrote.</summary>
    public static async Task<Dictionary<long, string>> ReadCommentsAsync(TocsinDbContext db, List<long> recipients, CancellationToken cancellationToken)
    {
        var written = await db.Set<AnswerRecord>().AsNoTracking().Where(a => recipients.Contains(a.RecipientId) && a.Comment != null)
            .OrderBy(a => a.Id).Select(a => new { a.RecipientId, a.Comment }).ToListAsync(cancellationToken);
        var last = new Dictionary<long, string>();
        foreach (var answer in written) last[answer.RecipientId] = answer.Comment!;
        return last;
    }

    private static async Task<ILookup<PersonId, string>> ReadPhonesAsync(TocsinDbContext db, List<PersonId> people, CancellationToken cancellationToken)
    {
        var points = await db.Set<StoredContactPoint>().AsNoTracking()
            .Where(c => people.Contains(c.PersonId) && c.Enabled && (c.Kind == ContactPointKind.Mobile || c.Kind == ContactPointKind.Landline))
            .OrderBy(c => c.Rank).Select(c => new { c.PersonId, c.Address }).ToListAsync(cancellationToken);
        return points.ToLookup(point => point.PersonId, point => point.Address);
    }
}
