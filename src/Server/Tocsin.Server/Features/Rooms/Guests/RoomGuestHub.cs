using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.SignalR;
using Tocsin.Server.Access;
using Tocsin.Server.Features.Events;

namespace Tocsin.Server.Features.Rooms.Guests;

/// <summary>The line of a guest of a room: the events that name this guest, which are those of that room. There is nothing else here.</summary>
internal sealed class RoomGuestHub(EventTail tail) : Hub, IRoomGuestHub
{
    /// <summary>As the session's line: batches of events after <paramref name="after"/>, without end.</summary>
    public async IAsyncEnumerable<EventBatch> Subscribe(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!ActorClaims.TryGetActor(Context.User!, null, out var actor)) yield break;
        await foreach (var batch in tail.ReadAsync(actor.AsEventReader, after, cancellationToken))
            yield return batch;
    }
}
