using System.Text.Json;
using Tocsin.Alerting;
using Tocsin.Server.Features.Events;
using Tocsin.Storage.Events;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Rooms;

/// <summary>The last short contents that were appended on this node: sessions get them with their news, instead of each asking for them.</summary>
internal sealed class LiveEntries : ILiveDetail
{
    /// <summary>Longer entries are read when they are wanted.</summary>
    public const int LongestEntry = 4 * 1024;

    // With the base64 of what they hold at most 6 MiB; the news of an entry follows its commit by milliseconds.
    private const int MostKept = 1024;

    private readonly Lock padlock = new();
    private readonly Dictionary<(RoomId Room, long Seq), byte[]> kept = [];
    private readonly Queue<(RoomId Room, long Seq)> order = new();

    /// <summary>Of a content, which is told to members alone. A change of the roster is told also to who was removed.</summary>
    public void Keep(RoomId room, long seq, byte[] entry)
    {
        if (entry.Length > LongestEntry) return;
        lock (padlock)
        {
            if (!kept.TryAdd((room, seq), entry)) return;
            order.Enqueue((room, seq));
            if (order.Count > MostKept) kept.Remove(order.Dequeue());
        }
    }

    public string? DetailOf(EventRecord record)
    {
        if (record.Kind != RoomAppending.EntryAppended || JsonSerializer.Deserialize<RoomEventData>(record.Data, EventJson.Options) is not { } news) return null;
        byte[]? entry;
        lock (padlock) kept.TryGetValue((news.RoomId, news.Seq), out entry);
        return entry is null ? null : JsonSerializer.Serialize(news with { Entry = entry }, EventJson.Options);
    }
}
