using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Alerts;
using Tocsin.Server.Features.Alerts.Raising;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.AlertsApi.Board;

/// <summary>What became of an alert, the latest first: what it said, from its messages, and what it did of itself, from the audit trail.</summary>
internal static class AlertTimeline
{
    private const int MaximumPage = 500;

    public static async Task<Results<Ok<TimelinePage>, ProblemHttpResult>> GetAsync(
        Guid id, int? limit, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MaximumPage) return CommonRefusals.InvalidInput.ToProblem($"limit is 1 to {MaximumPage}.");
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var alert = await db.Set<Alert>().AsNoTracking().FirstOrDefaultAsync(a => a.Id == new AlertId(id), cancellationToken);
        if (alert is null) return CommonRefusals.NotFound.ToProblem();
        var entries = await ReadMessagesAsync(db, alert, cancellationToken);
        entries.AddRange(await ReadEscalationsAsync(db, alert.Id, cancellationToken));
        if (alert is { State: AlertState.Expired, EndedAt: { } expired }) entries.Add(new TimelineEntry(expired, TimelineKind.Expired, null, null, null));
        return TypedResults.Ok(new TimelinePage([.. entries.OrderByDescending(entry => entry.At).Take(limit ?? 200)], null));
    }

    private static async Task<List<TimelineEntry>> ReadMessagesAsync(TocsinDbContext db, Alert alert, CancellationToken cancellationToken)
    {
        var messages = await db.Set<AlertMessage>().AsNoTracking().Where(m => m.AlertId == alert.Id).OrderBy(m => m.Id).ToListAsync(cancellationToken);
        var entries = new List<TimelineEntry> { new(alert.RaisedAt, TimelineKind.Raised, alert.RaisedByName, null, alert.AudienceCount) };
        foreach (var message in messages)
        {
            // The first words are the raising; later ones for newcomers stand beside an update that says the same.
            if (KindOf(message.Purpose) is not { } kind) continue;
            var text = kind == TimelineKind.Reminded ? null : AlertMessages.TextOf(message).Body;
            entries.Add(new TimelineEntry(message.CreatedAt, kind, message.CreatedBy == "system" ? null : message.CreatedByName, text, null));
        }

        return entries;
    }

    private static async Task<IEnumerable<TimelineEntry>> ReadEscalationsAsync(TocsinDbContext db, AlertId alert, CancellationToken cancellationToken)
    {
        var subject = $"alert:{alert}";
        var records = await db.Set<AuditRecord>().AsNoTracking().Where(r => r.Subject == subject && r.Action == AlertEvents.Escalated)
            .Select(r => new { r.At, r.Detail }).ToListAsync(cancellationToken);
        return records.Select(record => new TimelineEntry(record.At, TimelineKind.Escalated, null, null, ToldIn(record.Detail)));
    }

    private static long? ToldIn(string detail)
    {
        using var json = JsonDocument.Parse(detail);
        return json.RootElement.TryGetProperty("told", out var told) && told.TryGetInt64(out var count) ? count : null;
    }

    private static TimelineKind? KindOf(MessagePurpose purpose) => purpose switch
    {
        MessagePurpose.Reminder => TimelineKind.Reminded,
        MessagePurpose.Update => TimelineKind.Updated,
        MessagePurpose.AllClear => TimelineKind.AllClear,
        MessagePurpose.Cancellation => TimelineKind.Cancelled,
        _ => null,
    };
}

internal enum TimelineKind
{
    Raised,
    Reminded,
    Updated,
    AllClear,
    Cancelled,
    Escalated,
    Expired,
}

/// <param name="By">Whoever did it; absent where the alert did it of itself.</param>
/// <param name="Text">What was said, where something new was.</param>
/// <param name="Count">How many people it concerned, where that is known.</param>
internal sealed record TimelineEntry(DateTimeOffset At, TimelineKind Kind, string? By, LocalizedText? Text, long? Count);

/// <param name="Next">Always absent: an alert's timeline is short.</param>
internal sealed record TimelinePage(IReadOnlyList<TimelineEntry> Items, string? Next);
