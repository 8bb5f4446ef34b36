using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.SignalR;
using Tocsin.Server.Access;

namespace Tocsin.Server.Features.Events;

/// <summary>The session's line: every event that this session may see, in order, from the number it last had.</summary>
internal sealed class EventHub(EventTail tail) : Hub
{
    /// <summary>Streams batches of events after <paramref name="after"/>, without end. Each batch says up to which number the log was gone through.</summary>
    public async IAsyncEnumerable<EventBatch> Subscribe(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!ActorClaims.TryGetActor(Context.User!, null, out var actor)) yield break;
        await foreach (var batch in tail.ReadAsync(actor.AsEventReader, after, cancellationToken))
            yield return batch;
    }
}
