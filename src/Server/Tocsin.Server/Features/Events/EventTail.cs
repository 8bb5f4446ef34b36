using System.Runtime.CompilerServices;
using System.Text.Json;
using Tocsin.Storage.Events;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Events;

/// <summary>Follows the event log for all sessions: recent events from memory, older ones from the database.</summary>
/// <remarks>
/// One reader (<see cref="RunAsync"/>) takes new events from the log in order and keeps the last <see cref="Kept"/>; sessions read from there and never
/// touch the database while they keep up. The ring is replaced, never changed, so readers need no lock.
/// </remarks>
internal sealed class EventTail(EventLog log, EventSignal signal)
{
    // 4,096 events of at most 16 KiB bound the memory to 64 MiB; in practice events are some 200 bytes.
    private const int Kept = 4096;
    private const int BatchSize = 500;

    // A session that sees none of the events is told the number all the same, so that it need not go through them again when it reconnects.
    private const int SilentLimit = 2000;

    private readonly EventSignal published = new();
    private volatile Ring ring = new(0, []);

    /// <summary>The number up to which events are in memory; sessions that had this have everything.</summary>
    public long Head => ring.Through;

    /// <summary>Finds the head. Before the first session is let in, or its number would look as if it came from the future.</summary>
    public async Task InitialiseAsync(CancellationToken cancellationToken)
    {
        var head = await log.HeadAsync(cancellationToken);
        ring = new Ring(head, []);
        published.Announce(head);
    }

    /// <summary>Follows the log until cancelled. May be run again after a failure: sessions get what lies between from the database.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var head = Head;
        while (!cancellationToken.IsCancellationRequested)
        {
            var fresh = await log.ReadAsync(head, BatchSize, cancellationToken);
            if (fresh.Count > 0)
            {
                head = fresh[^1].Seq;
                ring = ring.Extend(fresh, Kept);
                published.Announce(head);
            }
            else
            {
                await signal.WaitAsync(head, cancellationToken);
            }
        }
    }

    /// <summary>Batches for <paramref name="reader"/> after <paramref name="after"/>, without end.</summary>
    public async IAsyncEnumerable<EventBatch> ReadAsync(EventReader reader, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var position = after;

        // A number past what this node has heard of may be another node's: only the log knows.
        if (after < 0 || (after > Head && after > await log.HeadAsync(cancellationToken)))
        {
            position = Head;
            yield return new EventBatch(position, [], Reset: true);
        }

        var told = position;
        while (!cancellationToken.IsCancellationRequested)
        {
            var next = await NextAsync(position, cancellationToken);
            if (next.Count == 0)
            {
                await published.WaitAsync(position, cancellationToken);
                continue;
            }

            position = next[^1].Seq;
            var visible = Visible(reader, next);
            if (visible.Count == 0 && position - told < SilentLimit) continue;
            told = position;
            yield return new EventBatch(position, visible);
        }
    }

    private async ValueTask<IReadOnlyList<EventRecord>> NextAsync(long after, CancellationToken cancellationToken)
    {
        var current = ring;
        if (after >= current.Through) return [];
        return current.TryTake(after, BatchSize, out var recent) ? recent : await log.ReadAsync(after, BatchSize, cancellationToken);
    }

    private static List<SessionEvent> Visible(EventReader reader, IReadOnlyList<EventRecord> records)
    {
        var visible = new List<SessionEvent>();
        foreach (var record in records)
        {
            if (reader.MaySee(record))
                visible.Add(new SessionEvent(record.Seq, record.At, record.Kind, JsonElement.Parse(record.Data)));
        }

        return visible;
    }

    /// <summary>The last events up to <paramref name="Through"/>, dense and in order.</summary>
    private sealed record Ring(long Through, EventRecord[] Events)
    {
        public Ring Extend(IReadOnlyList<EventRecord> fresh, int limit)
        {
            var all = new EventRecord[Math.Min(limit, Events.Length + fresh.Count)];
            var fromOld = all.Length - Math.Min(all.Length, fresh.Count);
            Array.Copy(Events, Events.Length - fromOld, all, 0, fromOld);
            for (var i = fromOld; i < all.Length; i++) all[i] = fresh[fresh.Count - (all.Length - i)];
            return new Ring(fresh[^1].Seq, all);
        }

        /// <returns>False when <paramref name="after"/> is older than what is kept here.</returns>
        public bool TryTake(long after, int limit, out IReadOnlyList<EventRecord> events)
        {
            var start = after - (Through - Events.Length);
            if (start < 0)
            {
                events = [];
                return false;
            }

            events = new ArraySegment<EventRecord>(Events, (int)start, Math.Min(limit, Events.Length - (int)start));
            return true;
        }
    }
}
