using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Access;

/// <summary>Notes when sessions and API tokens were last used, and writes it in batches: a request never waits for that.</summary>
/// <remarks>A crash loses at most one interval of it, which shortens an idle time of weeks by a minute.</remarks>
internal sealed partial class AccessUse(CommandStore store, TimeProvider time, ILogger<AccessUse> logger) : BackgroundService
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // Bounded by the number of living sessions and API tokens: only what was found in the database is touched.
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> seen = new();

    public void Touch(AccessGrant grant)
    {
        var now = time.GetUtcNow();
        if (grant.TryTouch(now, Step)) seen[grant.Id] = now;
    }

    /// <summary>Writes what was noted. Called each minute; tests call it themselves.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        var batch = seen.ToArray();
        if (batch.Length == 0) return;
        await store.CommitAsync((transaction, token) => WriteAsync(transaction, batch, token), cancellationToken);
        foreach (var pair in batch) seen.TryRemove(pair);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        WriteGate.BeUnhurried();
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await TryWriteAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private static async Task WriteAsync(CommandTransaction transaction, KeyValuePair<Guid, DateTimeOffset>[] batch, CancellationToken cancellationToken)
    {
        foreach (var (id, at) in batch)
        {
            var session = new SessionId(id);
            var changed = await transaction.Db.Set<Session>().Where(s => s.Id == session && s.LastSeenAt < at).ExecuteUpdateAsync(s => s.SetProperty(p => p.LastSeenAt, at), cancellationToken);
            if (changed > 0) continue;
            var apiToken = new ApiTokenId(id);
            await transaction.Db.Set<ApiToken>().Where(t => t.Id == apiToken).ExecuteUpdateAsync(t => t.SetProperty(p => p.LastUsedAt, at), cancellationToken);
        }
    }

    private async Task TryWriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            NotWritten(logger, exception.GetType().Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "When sessions were last used could not be written ({Failure}); trying again in a minute")]
    private static partial void NotWritten(ILogger logger, string failure);
}
