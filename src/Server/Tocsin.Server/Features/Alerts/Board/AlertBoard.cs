using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Raising;
using Tocsin.Server.Features.Alerts.Raising;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Alerts.Board;

/// <summary>What the board reads. Numbers come from counters, rows by cursor: nothing here grows with the number of recipients but what is asked for.</summary>
internal sealed class AlertBoard(IDbContextFactory<TocsinDbContext> contexts, TimeProvider time)
{
    private readonly CostlyReading<AlertId, IReadOnlyList<PlaceCount>> byGroup = new(time);

    public const int LargestPage = 500;

    /// <summary>Alerts, the latest first.</summary>
    /// <param name="before">Only those with a lower number; null: from the latest on.</param>
    public async Task<IReadOnlyList<AlertSummary>> ListAsync(AlertState? state, long? before, int limit, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var alerts = await db.Set<Alert>().AsNoTracking()
            .Where(a => (state == null || a.State == state) && (before == null || a.Number < before))
            .OrderByDescending(a => a.Number).Take(Math.Clamp(limit, 1, LargestPage)).ToListAsync(cancellationToken);
        var summaries = new List<AlertSummary>(alerts.Count);
        foreach (var alert in alerts) summaries.Add(await SummariseAsync(db, alert, cancellationToken));
        return summaries;
    }

    /// <returns>Null where there is no such alert.</returns>
    public async Task<AlertDetails?> FindAsync(AlertId id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var alert = await db.Set<Alert>().AsNoTracking().FirstOrDefaultAsync(a => a.Id == id, cancellationToken);
        if (alert is null) return null;
        var messages = await db.Set<AlertMessage>().AsNoTracking().Where(m => m.AlertId == id).OrderBy(m => m.Id).ToListAsync(cancellationToken);
        var draft = JsonSerializer.Deserialize<AlertDraft>(alert.Draft, AlertingJson.Options)!;
        return new AlertDetails(await SummariseAsync(db, alert, cancellationToken), draft, messages);
    }

    /// <summary>Recipients in the board's order: who needs help or was not reached first.</summary>
    /// <param name="after">Where the page before ended; null: from the first on.</param>
    public async Task<IReadOnlyList<Recipient>> ListRecipientsAsync(AlertId alert, RecipientFilter filter, RecipientCursor? after, int limit, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var query = await FilterAsync(db, alert, filter, cancellationToken);
        if (after is { } cursor)
            query = query.Where(r => r.Standing > cursor.Standing || (r.Standing == cursor.Standing && r.Id > cursor.Id));
        return await query.OrderBy(r => r.Standing).ThenBy(r => r.Id).Take(Math.Clamp(limit, 1, LargestPage)).ToListAsync(cancellationToken);
    }

    /// <summary>Some recipients by id: the rows that an event names.</summary>
    public async Task<IReadOnlyList<Recipient>> ReadRecipientsAsync(AlertId alert, IReadOnlyCollection<RecipientId> recipients, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(recipients.Count, LargestPage, nameof(recipients));
        long[] ids = [.. recipients.Select(recipient => recipient.Value)];
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Set<Recipient>().AsNoTracking().Where(r => r.AlertId == alert && ids.Contains(r.Id)).OrderBy(r => r.Standing).ThenBy(r => r.Id).ToListAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<PlaceCount>> CountBySiteAsync(AlertId alert, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var counts = await db.Set<AlertCount>().AsNoTracking().Where(c => c.AlertId == alert && c.Kind == AlertCountKind.Site && c.Count != 0).ToListAsync(cancellationToken);
        var names = await db.Set<Site>().AsNoTracking().ToDictionaryAsync(s => s.Id.Value, s => s.Name, cancellationToken);
        return [.. counts.Select(count => (Key: CountKeys.Split(count.Key), count.Count))
            .GroupBy(count => count.Key.First, StringComparer.Ordinal)
            .Select(site =>
            {
                Guid? id = site.Key.Length == 0 ? null : Guid.Parse(site.Key);
                return new PlaceCount(id, id is { } known ? names.GetValueOrDefault(known) : null, site.ToDictionary(count => (Standing)int.Parse(count.Key.Second), count => count.Count));
            })
            .OrderBy(site => site.Name, StringComparer.CurrentCulture)];
    }

    /// <summary>Recipients by the groups that they are direct members of now. A person counts in each of their groups. Of a large alert up to five seconds old.</summary>
    public Task<IReadOnlyList<PlaceCount>> CountByGroupAsync(AlertId alert, CancellationToken cancellationToken) =>
        byGroup.GetAsync(alert, () => ReadByGroupAsync(alert, CancellationToken.None), cancellationToken);

    private async Task<IReadOnlyList<PlaceCount>> ReadByGroupAsync(AlertId alert, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var counts = await GroupCounts.ReadAsync(db, alert, cancellationToken);
        var names = await db.Set<PersonGroup>().AsNoTracking().ToDictionaryAsync(g => g.Id, g => g.Name, cancellationToken);
        return [.. counts.GroupBy(count => count.Group)
            .Select(group => new PlaceCount(group.Key.Value, names.GetValueOrDefault(group.Key), group.ToDictionary(count => count.Standing, count => count.Count)))
            .OrderBy(group => group.Name, StringComparer.CurrentCulture)];
    }

    /// <summary>All that happened with one person, for the page that explains it.</summary>
    /// <returns>Null where there is no such recipient.</returns>
    public async Task<RecipientTimeline?> FindTimelineAsync(RecipientId id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var recipient = await db.Set<Recipient>().AsNoTracking().FirstOrDefaultAsync(r => r.Id == id.Value, cancellationToken);
        if (recipient is null) return null;
        var deliveries = await db.Set<Delivery>().AsNoTracking().Where(d => d.RecipientId == recipient.Id).OrderBy(d => d.Id).Take(LargestPage).ToListAsync(cancellationToken);
        var attempts = await db.Set<DeliveryAttempt>().AsNoTracking()
            .Where(a => db.Set<Delivery>().Any(d => d.Id == a.DeliveryId && d.RecipientId == recipient.Id))
            .OrderBy(a => a.DeliveryId).ThenBy(a => a.Attempt).Take(LargestPage).ToListAsync(cancellationToken);
        var answers = await db.Set<AnswerRecord>().AsNoTracking().Where(a => a.RecipientId == recipient.Id).OrderBy(a => a.Id).Take(LargestPage).ToListAsync(cancellationToken);
        var purposes = await db.Set<AlertMessage>().AsNoTracking().Where(m => m.AlertId == recipient.AlertId).ToDictionaryAsync(m => m.Id, m => m.Purpose, cancellationToken);
        return new RecipientTimeline(recipient, deliveries, purposes, attempts.ToLookup(a => a.DeliveryId), answers);
    }

    /// <summary>Replies of nobody we know, the latest first.</summary>
    public async Task<IReadOnlyList<StrayReply>> ListStrayRepliesAsync(long? before, int limit, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Set<StrayReply>().AsNoTracking().Where(r => before == null || r.Id < before)
            .OrderByDescending(r => r.Id).Take(Math.Clamp(limit, 1, LargestPage)).ToListAsync(cancellationToken);
    }

    private static async Task<AlertSummary> SummariseAsync(TocsinDbContext db, Alert alert, CancellationToken cancellationToken)
    {
        var latest = await AlertMessages.CurrentAsync(db, alert.Id, cancellationToken);
        return new AlertSummary(alert, AlertMessages.TextOf(latest), await AlertTotals.ReadAsync(db, alert.Id, cancellationToken));
    }

    private static async Task<IQueryable<Recipient>> FilterAsync(TocsinDbContext db, AlertId alert, RecipientFilter filter, CancellationToken cancellationToken)
    {
        var query = db.Set<Recipient>().AsNoTracking().Where(r => r.AlertId == alert);
        if (filter.Standings is { Count: > 0 } standings) query = query.Where(r => standings.Contains(r.Standing));
        if (filter.Answer is { } answer) query = query.Where(r => r.AnswerChoice == answer);
        if (filter.Site is { } site) query = query.Where(r => r.SiteId == site);
        if (filter.HasUnreadReply) query = query.Where(r => r.HasUnreadReply);
        if (filter.Group is { } group)
        {
            var groups = await GroupCounts.WithNestedAsync(db, group, cancellationToken);
            query = query.Where(r => db.Set<GroupMember>().Any(m => groups.Contains(m.GroupId) && m.PersonId == r.PersonId));
        }

        foreach (var word in SearchText.Words(filter.Search).Take(RecipientFilter.MostWords))
        {
            var beginning = " " + word;
            query = query.Where(r => db.Set<Person>().Any(p => p.Id == r.PersonId && p.SearchText.Contains(beginning)));
        }

        return query;
    }
}

/// <summary>Which recipients; all conditions hold at once.</summary>
/// <param name="Search">Words that the person's name, number or title begin with.</param>
/// <param name="Group">Members of it and of the groups nested in it.</param>
internal sealed record RecipientFilter(
    IReadOnlyList<Standing>? Standings = null, string? Answer = null, SiteId? Site = null, GroupId? Group = null, string? Search = null, bool HasUnreadReply = false)
{
    public const int MostWords = 5;
}

/// <summary>Where a page ended.</summary>
internal readonly record struct RecipientCursor(Standing Standing, long Id);

/// <param name="Text">What it says now; that it is over, the state says.</param>
internal sealed record AlertSummary(Alert Alert, AlertText Text, AlertTotals Totals);

/// <param name="Messages">All that it said, in order.</param>
internal sealed record AlertDetails(AlertSummary Summary, AlertDraft Draft, IReadOnlyList<AlertMessage> Messages);

/// <param name="Id">Of the site or group; null for people without one.</param>
internal sealed record PlaceCount(Guid? Id, string? Name, IReadOnlyDictionary<Standing, long> Standing);

/// <param name="Purposes">What each message is for, by message id.</param>
/// <param name="Attempts">Those that carriers did not take, by delivery.</param>
internal sealed record RecipientTimeline(
    Recipient Recipient,
    IReadOnlyList<Delivery> Deliveries,
    IReadOnlyDictionary<long, Alerting.Channels.MessagePurpose> Purposes,
    ILookup<long, DeliveryAttempt> Attempts,
    IReadOnlyList<AnswerRecord> Answers);
