using Microsoft.EntityFrameworkCore;
using Tocsin.Storage.Bulk;
using Tocsin.Storage.Model;

namespace Tocsin.Storage.Events;

/// <summary>The numbered event stream as it is kept. Numbers are dense and in commit order.</summary>
public sealed class EventLog(IDbContextFactory<TocsinDbContext> contexts)
{
    /// <summary>The last number, or 0 when nothing happened yet.</summary>
    public async Task<long> HeadAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Set<EventRecord>().MaxAsync(e => (long?)e.Seq, cancellationToken) ?? 0;
    }

    /// <summary>The events after <paramref name="after"/>, whoever may see them, in order, at most <paramref name="limit"/>.</summary>
    public async Task<IReadOnlyList<EventRecord>> ReadAsync(long after, int limit, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Set<EventRecord>().AsNoTracking().Where(e => e.Seq > after).OrderBy(e => e.Seq).Take(limit).ToListAsync(cancellationToken);
    }

    /// <summary>Writes <paramref name="drafts"/> with the next numbers. The caller holds the log lock.</summary>
    /// <returns>The last number given, or null where there was none.</returns>
    internal static async Task<long?> AppendAsync(TocsinDbContext db, IReadOnlyList<EventDraft> drafts, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (drafts.Count == 0) return null;
        await using var command = db.CreateCommand("SELECT MAX(seq) FROM events");
        var seq = await command.ExecuteScalarAsync(cancellationToken) as long? ?? 0;
        var records = drafts.Select(draft => new EventRecord
        {
            Seq = ++seq,
            At = now,
            Kind = draft.Kind,
            VisibleTo = draft.Visibility.Roles,
            VisibleToPerson = draft.Visibility.Person?.Value,
            Data = draft.Data,
        }).ToList();
        await Table.InsertAsync(db, records, cancellationToken);
        return seq;
    }

    /// <summary>Past EF Core: an alert in the application writes an event for each person told.</summary>
    private static readonly BulkTable<EventRecord> Table = new(
        "events",
        new LongBulkColumn<EventRecord>("seq", e => e.Seq),
        new TimeBulkColumn<EventRecord>("at", e => e.At),
        new TextBulkColumn<EventRecord>("kind", e => e.Kind),
        new IntegerBulkColumn<EventRecord>("visible_to", e => (int)e.VisibleTo),
        new UuidBulkColumn<EventRecord>("visible_to_person", e => e.VisibleToPerson),
        new TextBulkColumn<EventRecord>("data", e => e.Data));
}
