using System.Collections.Concurrent;
using System.Diagnostics;

namespace Tocsin.Rehearsal.Carriers;

/// <summary>What reached people, by address, whichever carrier brought it.</summary>
/// <param name="judge">What is wrong with a text that came to an address, or null.</param>
public sealed class Arrivals(Func<string, string, string?> judge)
{
    private const int MostComplaints = 20;

    private readonly Dictionary<string, int[]> byAddress = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> complaints = new();
    private readonly List<(Func<bool> IsReached, TaskCompletionSource Reached)> waiting = [];
    private readonly Lock gate = new();
    private TaskCompletionSource roomMade = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int most = int.MaxValue;
    private int total;
    private long firstAt;
    private long lastNewAt;

    /// <summary>Messages, duplicates included.</summary>
    public int Total => Volatile.Read(ref total);

    /// <summary>Different addresses that got at least one.</summary>
    public int Addresses
    {
        get
        {
            lock (gate) return byAddress.Count;
        }
    }

    /// <summary>When the first message was there (<see cref="Stopwatch.GetTimestamp"/>), or 0.</summary>
    public long FirstAt => Volatile.Read(ref firstAt);

    /// <summary>When the last address got its first message, or 0.</summary>
    public long LastNewAt => Volatile.Read(ref lastNewAt);

    /// <summary>What was wrong with texts that came, the first few.</summary>
    public IReadOnlyCollection<string> Complaints => complaints;

    /// <summary>How many messages carriers may take in all before they stop reading, give or take what one read brings. A kill can so be made to come in the midst of it.</summary>
    public void Allow(int messages)
    {
        lock (gate)
        {
            most = messages;
            if (total < most) roomMade.TrySetResult();
        }
    }

    /// <summary>Completes once carriers may take a message.</summary>
    public Task HasRoomAsync()
    {
        lock (gate)
        {
            if (total < most) return Task.CompletedTask;
            if (roomMade.Task.IsCompleted) roomMade = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return roomMade.Task;
        }
    }

    /// <param name="life">Which life of a server sent it: a message may come twice only from two lives.</param>
    public void Take(string address, string text, int life)
    {
        var now = Stopwatch.GetTimestamp();
        if (judge(address, text) is { } complaint && complaints.Count < MostComplaints) complaints.Enqueue(complaint);
        lock (gate)
        {
            if (firstAt == 0) firstAt = now;
            total++;
            var isNew = !byAddress.TryGetValue(address, out var lives);
            byAddress[address] = [.. lives ?? [], life];
            if (isNew) lastNewAt = now;
            Complete();
        }
    }

    /// <summary>In which lives each address got its messages, in order.</summary>
    public IReadOnlyDictionary<string, int[]> Snapshot()
    {
        lock (gate) return new Dictionary<string, int[]>(byAddress, StringComparer.Ordinal);
    }

    /// <summary>Completes once this many messages have come, duplicates included.</summary>
    public Task TotalReachesAsync(int wanted) => ReachesAsync(() => total >= wanted);

    /// <summary>Completes once this many different addresses have got something.</summary>
    public Task AddressesReachAsync(int wanted) => ReachesAsync(() => byAddress.Count >= wanted);

    private Task ReachesAsync(Func<bool> isReached)
    {
        lock (gate)
        {
            if (isReached()) return Task.CompletedTask;
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Add((isReached, reached));
            return reached.Task;
        }
    }

    private void Complete()
    {
        for (var i = waiting.Count - 1; i >= 0; i--)
        {
            if (!waiting[i].IsReached()) continue;
            waiting[i].Reached.TrySetResult();
            waiting.RemoveAt(i);
        }
    }
}
