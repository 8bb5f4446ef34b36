using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Tocsin.Alerting;
using Tocsin.Server.Features.Accounts.SignIn;

namespace Tocsin.Server.Features.Rooms;

/// <summary>Passes on what is worth nothing a moment later (somebody types, somebody has read), sealed, to the members' sessions on this node. Nothing of it is kept here.</summary>
internal sealed class RoomSignals(TimeProvider time)
{
    /// <summary>How many one person sends in a row, and one a second from then on.</summary>
    public const int InARow = 12;

    private const int MostRemembered = 20_000;

    // What a session does not take in time is worth nothing any more: the oldest is dropped first.
    private const int MostWaiting = 64;
    private static readonly TimeSpan refill = TimeSpan.FromSeconds(1);

    private readonly Lock padlock = new();
    private readonly RecentlyUsedTable<PersonId, TokenBucket> taken = new(MostRemembered);
    private readonly ConcurrentDictionary<Guid, Listener> listeners = new();

    public bool TryTake(PersonId person)
    {
        lock (padlock)
        {
            return taken.GetOrAdd(person, () => new TokenBucket()).TryTake(time.GetUtcNow(), InARow, refill) == TimeSpan.Zero;
        }
    }

    public void Publish(IReadOnlySet<PersonId> to, RoomSignal signal)
    {
        foreach (var (_, listener) in listeners)
        {
            if (to.Contains(listener.Person)) listener.Waiting.Writer.TryWrite(signal);
        }
    }

    /// <summary>What is sent to this person's rooms from now on, without end.</summary>
    public async IAsyncEnumerable<RoomSignal> FollowAsync(PersonId person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid();
        var waiting = Channel.CreateBounded<RoomSignal>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        listeners[id] = new Listener(person, waiting);
        try
        {
            await foreach (var signal in waiting.Reader.ReadAllAsync(cancellationToken)) yield return signal;
        }
        finally
        {
            listeners.TryRemove(id, out _);
        }
    }

    private sealed record Listener(PersonId Person, Channel<RoomSignal> Waiting);
}

/// <param name="Signal">As a member's device sealed it, in base64: docs/protocol/rooms.md.</param>
internal sealed record RoomSignal(RoomId RoomId, byte[] Signal);
