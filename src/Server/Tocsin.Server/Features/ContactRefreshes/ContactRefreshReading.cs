using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.AlertsApi;
using Tocsin.Server.Features.Directory;
using Tocsin.Storage;
using Tocsin.Storage.ContactRefreshes;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Notices;

namespace Tocsin.Server.Features.ContactRefreshes;

/// <summary>Campaigns, how they go, and who has not answered.</summary>
internal static class ContactRefreshReading
{
    private const int MaximumPage = 100;

    /// <summary>The latest first.</summary>
    public static async Task<Results<Ok<ContactRefreshPage>, ProblemHttpResult>> ListAsync(
        IDbContextFactory<TocsinDbContext> contexts, string? after, int? limit, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MaximumPage) return CommonRefusals.InvalidInput.ToProblem($"limit is 1 to {MaximumPage}.");
        if (!NumberCursor.TryParse(after, out var before)) return CommonRefusals.InvalidInput.ToProblem("after is not a cursor of this list.");
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var take = limit ?? 30;
        var found = await db.Set<ContactRefresh>().AsNoTracking().Where(r => before == null || r.Number < before).OrderByDescending(r => r.Number).Take(take + 1).ToListAsync(cancellationToken);
        var shown = found.Take(take).ToList();
        var counts = await CountAsync(db, [.. shown.Select(r => r.Id)], cancellationToken);
        return TypedResults.Ok(new ContactRefreshPage(
            [.. shown.Select(r => ContactRefreshSummary.Of(r, counts(r.Id)))], found.Count > take ? shown[^1].Number.ToString(CultureInfo.InvariantCulture) : null));
    }

    public static async Task<Results<Ok<ContactRefreshDetail>, ProblemHttpResult>> GetAsync(
        Guid id, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await FindAsync(db, id, cancellationToken) is { } refresh ? TypedResults.Ok(await DescribeAsync(db, refresh, cancellationToken)) : CommonRefusals.NotFound.ToProblem();
    }

    /// <summary>By name. With <c>standing</c>, those of whom it is true: <c>waiting</c>, <c>confirmed</c>, <c>changed</c>, <c>untold</c> or <c>not-theirs</c>.</summary>
    public static async Task<Results<Ok<Page<ContactRefreshPerson>>, ProblemHttpResult>> PeopleAsync(
        Guid id, string? standing, string? after, int? limit, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        if (!WireWord.TryParse(standing, out RefreshStanding? wanted)) return CommonRefusals.InvalidInput.ToProblem(fields: FieldErrors.One("standing", FieldCodes.Unreadable).ByPath);
        if (!Paging.TryRead(after, out PeopleCursor? cursor)) return CommonRefusals.InvalidInput.ToProblem(fields: FieldErrors.One("after", FieldCodes.Unreadable).ByPath);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(db, id, cancellationToken) is not { } refresh) return CommonRefusals.NotFound.ToProblem();
        var take = Paging.LimitOf(limit);
        var rows = await RefreshPeopleQuery.ListAsync(db, refresh.Id, wanted, cursor, take + 1, cancellationToken);
        var next = rows.Count > take ? Paging.CursorOf(new PeopleCursor(rows[take - 1].Person.SortKey, rows[take - 1].Person.Id)) : null;
        return TypedResults.Ok(new Page<ContactRefreshPerson>([.. rows.Take(take).Select(ViewOf)], next));
    }

    public static async Task<ContactRefreshDetail> DescribeAsync(TocsinDbContext db, ContactRefresh refresh, CancellationToken cancellationToken)
    {
        var counts = await CountAsync(db, [refresh.Id], cancellationToken);
        var sent = await db.Set<RefreshDelivery>().Where(d => d.RefreshId == refresh.Id && !d.IsReminder)
            .GroupBy(d => d.State).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);
        return new ContactRefreshDetail(
            ContactRefreshSummary.Of(refresh, counts(refresh.Id)),
            refresh.Title,
            refresh.Body,
            refresh.RemindAt,
            refresh.Writing != RefreshWriting.Messages,
            new ContactRefreshSent(
                sent.GetValueOrDefault(NoticeState.Waiting), sent.GetValueOrDefault(NoticeState.Sent), sent.GetValueOrDefault(NoticeState.Failed), sent.GetValueOrDefault(NoticeState.Withdrawn)));
    }

    public static Task<ContactRefresh?> FindAsync(TocsinDbContext db, Guid id, CancellationToken cancellationToken) =>
        db.Set<ContactRefresh>().AsNoTracking().FirstOrDefaultAsync(r => r.Id == new ContactRefreshId(id), cancellationToken);

    private static ContactRefreshPerson ViewOf(RefreshRow row) =>
        new(row.Person.Id, row.Person.DisplayName, row.Person.JobTitle, row.Asked.Standing, row.Asked.Channel, row.Asked.AnsweredAt);

    private static async Task<Func<ContactRefreshId, ContactRefreshCounts>> CountAsync(TocsinDbContext db, List<ContactRefreshId> refreshes, CancellationToken cancellationToken)
    {
        var counts = await db.Set<RefreshPerson>().Where(row => refreshes.Contains(row.RefreshId)).GroupBy(row => new { row.RefreshId, row.Standing })
            .Select(group => new { group.Key.RefreshId, group.Key.Standing, Count = group.Count() }).ToListAsync(cancellationToken);
        return id =>
        {
            int Of(RefreshStanding standing) => counts.Where(row => row.RefreshId == id && row.Standing == standing).Sum(row => row.Count);
            return new ContactRefreshCounts(
                counts.Where(row => row.RefreshId == id).Sum(row => row.Count),
                Of(RefreshStanding.Confirmed), Of(RefreshStanding.Changed), Of(RefreshStanding.Waiting), Of(RefreshStanding.Untold), Of(RefreshStanding.NotTheirs));
        };
    }
}
