using System.Text.Json;

namespace Tocsin.Server.Features.Events;

/// <summary>Events in order. <paramref name="Through"/> is the number to resume from; it may be past the last event, where others were not for this session.</summary>
/// <param name="Reset">The client's number is from before what is kept, or from another installation: throw away what was derived, then go on from <paramref name="Through"/>.</param>
internal sealed record EventBatch(long Through, IReadOnlyList<SessionEvent> Events, bool Reset = false);

internal sealed record SessionEvent(long Seq, DateTimeOffset At, string Kind, JsonElement Data);
