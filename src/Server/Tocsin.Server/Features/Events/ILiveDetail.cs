using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Events;

/// <summary>Adds to an event, for sessions that follow it live, what each of them would have to ask for at once. Whoever comes later asks.</summary>
internal interface ILiveDetail
{
    /// <returns>The event's data with more members, as JSON; null where this has nothing to add. Called for one of several events with the same data.</returns>
    string? DetailOf(EventRecord record);
}
