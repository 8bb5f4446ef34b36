using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting.Channels;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Schema;

namespace Tocsin.Server.Features.Alerts.Receipts;

/// <summary>Now and then joins receipts that two nodes, each unaware of the other's transaction, left apart from their outcomes; and drops those that never had one.</summary>
internal sealed partial class UnmatchedReceiptSweep(
    CommandStore store, DatabaseOptions database, IDbContextFactory<TocsinDbContext> contexts, NewsJournal journal, TimeProvider time, ILogger<UnmatchedReceiptSweep> logger) : BackgroundService
{
    private const int MostKept = 100_000;

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
        foreach (var receipt in await ReadMatchedAsync(cancellationToken)) await journal.CommitAsync(new News.ReceiptCame(receipt), cancellationToken);
        await store.CommitAsync((transaction, token) => UnmatchedReceipts.TakeMatchedAsync(transaction.Db, token), cancellationToken);
    }

    private async Task<bool> AnyAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Set<UnmatchedReceipt>().AnyAsync(cancellationToken);
    }

    private async Task<List<DeliveryReceipt>> ReadMatchedAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var matched = await db.Set<UnmatchedReceipt>().AsNoTracking()
            .Where(r => db.Set<Delivery>().Any(d => d.ProviderId == r.ProviderId && d.ProviderMessageId == r.ProviderMessageId))
            .OrderBy(r => r.Id).Take(1_000).ToListAsync(cancellationToken);
        return [.. matched.Select(UnmatchedReceiptReading.ToReceipt)];
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
