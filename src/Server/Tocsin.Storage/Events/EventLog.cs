using Microsoft.EntityFrameworkCore;
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
        var seq = await db.Set<EventRecord>().MaxAsync(e => (long?)e.Seq, cancellationToken) ?? 0;
        foreach (var draft in drafts)
        {
            db.Add(new EventRecord
            {
                Seq = ++seq,
                At = now,
                Kind = draft.Kind,
                VisibleTo = draft.Visibility.Roles,
                VisibleToPerson = draft.Visibility.Person?.Value,
                Data = draft.Data,
            });
        }

        await db.SaveChangesAsync(cancellationToken);
        return seq;
    }
}
