using System.Collections.Concurrent;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Events;
using Tocsin.Storage.Schema;

namespace Tocsin.Server.Features.Alerts.Dispatch;

/// <summary>This process as the others see it: it enters itself, gives signs of life, keeps what it has in hand, and takes over what dead nodes had.</summary>
/// <remarks>With SQLite there are no others: whatever was in hand at start belonged to a process that is gone, and nothing needs to be renewed.</remarks>
internal sealed partial class NodeLife(
    CommandStore store, DatabaseOptions database, EventSignal events, AlertWakeUps wakeUps, TimeProvider time, ILogger<NodeLife> logger) : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    // Four beats missed. Shorter would take a node for dead that only collects garbage; longer lets its deliveries wait.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ForEver = TimeSpan.FromDays(365);

    private readonly ConcurrentDictionary<long, DateTimeOffset> inHand = [];
    private readonly PeriodicTimer beats = new(Beat, time);
    private long id;

    /// <summary>Known once the host has started this service.</summary>
    public long Id => Volatile.Read(ref id);

    /// <summary>Until when a delivery that is taken now is this node's unless renewed.</summary>
    public DateTimeOffset LeaseFrom(DateTimeOffset now) => now + (database.Kind == DatabaseKind.Sqlite ? ForEver : Lease);

    /// <summary>Keeps the lease of a delivery until <see cref="LetGo"/>.</summary>
    public void Keep(long delivery, DateTimeOffset takenAt)
    {
        if (database.Kind == DatabaseKind.PostgreSql) inHand[delivery] = takenAt;
    }

    public void LetGo(long delivery)
    {
        if (database.Kind == DatabaseKind.PostgreSql) inHand.TryRemove(delivery, out _);
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await store.CommitAsync((transaction, token) => ServerNodes.RemoveAsync(transaction.Db, [Id], transaction.Now, token), cancellationToken);
    }

    public override void Dispose()
    {
        beats.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        database.Kind == DatabaseKind.Sqlite ? Task.CompletedTask : Task.WhenAll(BeatAsync(stoppingToken), ListenAsync(stoppingToken));

    private async Task EnterAsync(CancellationToken cancellationToken) =>
        Volatile.Write(ref id, await store.CommitAsync((transaction, token) => ServerNodes.EnterAsync(transaction.Db, transaction.Now, token), cancellationToken));

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        while (await beats.WaitForNextTickAsync(cancellationToken))
        {
            try
            {
                await BeatOnceAsync(cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                BeatMissed(logger, exception.GetType().Name);
            }
        }
    }

    private async Task BeatOnceAsync(CancellationToken cancellationToken)
    {
        var isKnown = await store.CommitAsync(
            async (transaction, token) =>
            {
                var now = transaction.Now;
                if (!await ServerNodes.BeatAsync(transaction.Db, Id, now, token)) return false;
                var old = inHand.Where(held => now - held.Value > Lease / 3).Select(held => held.Key).ToList();
                if (old.Count > 0) await DeliveryLeases.RenewAsync(transaction.Db, Id, old, LeaseFrom(now), token);
                foreach (var delivery in old) inHand.TryUpdate(delivery, now, inHand.GetValueOrDefault(delivery));
                if (await ServerNodes.RemoveSilentAsync(transaction.Db, now - Silence, now, token) > 0) transaction.AfterCommit(wakeUps.PulseAll);
                return true;
            },
            cancellationToken);
        if (isKnown) return;

        // The others gave us up (a pause longer than the silence they allow), and have what we had. We are somebody new.
        GivenUp(logger);
        await EnterAsync(cancellationToken);
    }

    /// <summary>What other nodes commit may be for our loops, too. What this one commits wakes those that it is for, and no other: during an alert that is a hundred commits a second.</summary>
    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        var seen = events.HeadOfOthers;
        while (true)
        {
            await events.WaitForOthersAsync(seen, cancellationToken);
            seen = events.HeadOfOthers;
            wakeUps.PulseAll();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "This node's sign of life could not be given ({Failure})")]
    private static partial void BeatMissed(ILogger logger, string failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The other nodes thought this one dead and took over what it had in hand; it goes on as a new one")]
    private static partial void GivenUp(ILogger logger);
}
