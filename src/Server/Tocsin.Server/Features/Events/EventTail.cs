using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Tocsin.Storage.Events;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Events;

/// <summary>Follows the event log for all sessions: what is new is handed to those that may see it, and to no other; older events are read from memory or the database.</summary>
/// <remarks>
/// One reader (<see cref="RunAsync"/>) takes new events from the log in order and keeps the last <see cref="Kept"/>. A session that has everything waits in a queue of its own, into which it gets
/// what it may see: an event for one person costs what that person's sessions cost, however many others there are. A session that does not keep up is taken out of the queue, and reads
/// what it missed. The ring is replaced, never changed.
/// </remarks>
internal sealed class EventTail(EventLog log, EventSignal signal, IEnumerable<ILiveDetail> details, TimeProvider time)
{
    // 4,096 events of at most 16 KiB bound the memory to 64 MiB; in practice events are some 200 bytes.
    private const int Kept = 4096;
    private const int BatchSize = 500;

    // A session that sees none of the events is told the number now and then, so that it need not go through them again when it reconnects.
    private const int SilentLimit = 2000;
    private static readonly TimeSpan silence = TimeSpan.FromSeconds(30);

    private readonly Lock padlock = new();
    private readonly Dictionary<Guid, List<Follower>> byPerson = [];
    private readonly HashSet<Follower> followers = [];
    private volatile Ring ring = new(0, []);
    private long toldSilentlyAt;

    /// <summary>The number up to which events are in memory; sessions that had this have everything.</summary>
    public long Head => ring.Through;

    /// <summary>Finds the head. Before the first session is let in, or its number would look as if it came from the future.</summary>
    public async Task InitialiseAsync(CancellationToken cancellationToken) => ring = new Ring(await log.HeadAsync(cancellationToken), []);

    /// <summary>Follows the log until cancelled. May be run again after a failure: sessions get what lies between from the database.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var fresh = await log.ReadAsync(Head, BatchSize, cancellationToken);
            if (fresh.Count > 0) Publish(fresh);
            else await signal.WaitAsync(Head, cancellationToken);
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
            if (TryFollow(reader, position) is { } follower)
            {
                try
                {
                    while (await follower.Waiting.Reader.WaitToReadAsync(cancellationToken))
                    {
                        var batch = follower.Take(BatchSize);
                        told = position = batch.Through;
                        yield return batch;
                    }
                }
                finally
                {
                    Unfollow(follower);
                }
            }
            else
            {
                var missed = await MissedAsync(position, cancellationToken);
                if (missed.Count == 0) continue;
                position = missed[^1].Seq;
                var visible = missed.Where(reader.MaySee).Select(record => new SessionEvent(record.Seq, record.At, record.Kind, JsonElement.Parse(record.Data))).ToList();
                if (visible.Count == 0 && position - told < SilentLimit) continue;
                told = position;
                yield return new EventBatch(position, visible);
            }
        }
    }

    private void Publish(IReadOnlyList<EventRecord> fresh)
    {
        lock (padlock)
        {
            ring = ring.Extend(fresh, Kept);
            (string Text, JsonElement Parsed) last = default;
            foreach (var record in fresh)
            {
                // What goes to all of a room is written for each of them, alike.
                SessionEvent Live()
                {
                    if (last.Text != record.Data) last = (record.Data, JsonElement.Parse(details.Select(detail => detail.DetailOf(record)).FirstOrDefault(found => found is not null) ?? record.Data));
                    return new SessionEvent(record.Seq, record.At, record.Kind, last.Parsed);
                }

                if (record.VisibleTo == Roles.None)
                {
                    if (record.VisibleToPerson is not { } person || !byPerson.TryGetValue(person, out var addressed)) continue;
                    var live = Live();
                    foreach (var follower in addressed) follower.Add(record.Seq, live);
                }
                else
                {
                    SessionEvent? live = null;
                    foreach (var follower in followers)
                    {
                        if (follower.Reader.MaySee(record)) follower.Add(record.Seq, live ??= Live());
                    }
                }
            }

            TellSilently();
        }
    }

    private void TellSilently()
    {
        if (toldSilentlyAt != 0 && time.GetElapsedTime(toldSilentlyAt) < silence) return;
        toldSilentlyAt = time.GetTimestamp();
        foreach (var follower in followers)
        {
            if (Head - follower.Given >= SilentLimit) follower.Add(Head, null);
        }
    }

    /// <returns>Null while there is something after <paramref name="position"/> that is to be read first.</returns>
    private Follower? TryFollow(EventReader reader, long position)
    {
        lock (padlock)
        {
            if (position < Head) return null;
            var follower = new Follower(reader, position);
            followers.Add(follower);
            if (!byPerson.TryGetValue(reader.Person.Value, out var same)) byPerson[reader.Person.Value] = same = [];
            same.Add(follower);
            return follower;
        }
    }

    private void Unfollow(Follower follower)
    {
        lock (padlock)
        {
            followers.Remove(follower);
            var person = follower.Reader.Person.Value;
            var same = byPerson[person];
            same.Remove(follower);
            if (same.Count == 0) byPerson.Remove(person);
        }
    }

    private async ValueTask<IReadOnlyList<EventRecord>> MissedAsync(long after, CancellationToken cancellationToken) =>
        ring.TryTake(after, BatchSize, out var recent) ? recent : await log.ReadAsync(after, BatchSize, cancellationToken);

    /// <summary>A session that has had everything up to <paramref name="from"/>, and what it may see of all after that. Changed under the tail's lock.</summary>
    private sealed class Follower(EventReader reader, long from)
    {
        /// <summary>Of events that a session has not taken yet. Whoever has more to come reads them.</summary>
        private const int MostWaiting = 1000;

        public EventReader Reader => reader;

        /// <summary>The last number that went into the queue, or that it began with.</summary>
        public long Given { get; private set; } = from;

        /// <summary>Completed once it was full.</summary>
        public Channel<(long Seq, SessionEvent? Event)> Waiting { get; } =
            Channel.CreateBounded<(long, SessionEvent?)>(new BoundedChannelOptions(MostWaiting) { SingleReader = true, SingleWriter = true });

        /// <param name="happened">Null: nothing for this session, up to this number.</param>
        public void Add(long seq, SessionEvent? happened)
        {
            // What another node had told it of already.
            if (seq <= Given) return;
            if (Waiting.Writer.TryWrite((seq, happened))) Given = seq;
            else Waiting.Writer.TryComplete();
        }

        /// <summary>What waits, of which there is some.</summary>
        public EventBatch Take(int limit)
        {
            var events = new List<SessionEvent>();
            long through = 0;
            while (events.Count < limit && Waiting.Reader.TryRead(out var next))
            {
                through = next.Seq;
                if (next.Event is { } happened) events.Add(happened);
            }

            return new EventBatch(through, events);
        }
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
