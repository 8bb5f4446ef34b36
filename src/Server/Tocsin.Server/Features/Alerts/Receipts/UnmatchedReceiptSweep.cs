using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting.Channels;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Schema;

namespace Tocsin.Server.Features.Alerts.Receipts;

/// <summary>Now and then joins receipts that two nodes, each unaware of the other's transaction, left apart from their outcomes; and drops those that never had one.</summary>
internal sealed partial class UnmatchedReceiptSweep(
    CommandStore store,
    DatabaseOptions database,
    IDbContextFactory<TocsinDbContext> contexts,
    AlertCatalog catalog,
    AlertWakeUps wakeUps,
    TimeProvider time,
    ILogger<UnmatchedReceiptSweep> logger) : BackgroundService
{
    private const int MostKept = 100_000;
    private const int AtOnce = 1_000;

    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // With one node nothing can be missed, so only what is old has to go.
        using var timer = new PeriodicTimer(database.Kind == DatabaseKind.Sqlite ? TimeSpan.FromHours(1) : TimeSpan.FromSeconds(10), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                SweepFailed(logger, exception.GetType().Name);
            }
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        if (!await AnyAsync(cancellationToken)) return;
        await store.CommitAsync((transaction, token) => UnmatchedReceipts.DropAsync(transaction.Db, transaction.Now - Kept, MostKept, token), cancellationToken);
        if (database.Kind == DatabaseKind.Sqlite) return;
        while (await store.CommitAsync(JoinAsync, cancellationToken) == AtOnce)
        {
        }
    }

    /// <summary>What is taken out is applied in the same transaction: neither without the other.</summary>
    private async Task<int> JoinAsync(CommandTransaction transaction, CancellationToken cancellationToken)
    {
        var matched = await UnmatchedReceipts.TakeMatchedAsync(transaction.Db, AtOnce, cancellationToken);
        if (matched.Count > 0)
            await new NewsBatch(transaction, catalog, wakeUps).ApplyAsync([.. matched.Select(receipt => new News.ReceiptCame(receipt.ToReceipt()))], cancellationToken);
        return matched.Count;
    }

    private async Task<bool> AnyAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Set<UnmatchedReceipt>().AnyAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Early receipts could not be gone through ({Failure})")]
    private static partial void SweepFailed(ILogger logger, string failure);
}

internal static class UnmatchedReceiptReading
{
    public static DeliveryReceipt ToReceipt(this UnmatchedReceipt early) => new(
        early.Channel,
        early.ProviderId,
        early.ProviderMessageId,
        null,
        early.State,
        early.FailureCode is { } code ? new FailureReason(code, early.CarrierCode) : null,
        early.At);
}
