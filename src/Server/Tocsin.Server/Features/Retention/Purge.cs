using Microsoft.EntityFrameworkCore;
using Tocsin.Server.Features.Identities;
using Tocsin.Server.Features.Rooms.Files;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Bulletins;
using Tocsin.Storage.ContactRefreshes;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Identities;
using Tocsin.Storage.Model;
using Tocsin.Storage.Notices;
using Tocsin.Storage.Rooms;

namespace Tocsin.Server.Features.Retention;

/// <summary>Deletes what is older than it is kept, some thousand rows a transaction, so that an alert raised meanwhile does not wait. See <see cref="RetentionOptions"/>.</summary>
/// <remarks>Safe on several nodes at once, and to be cut off anywhere: what is left goes the next time.</remarks>
internal sealed partial class Purge(
    CommandStore store, IDbContextFactory<TocsinDbContext> contexts, RetentionOptions options, RoomFileOptions files, TimeProvider time, ILogger<Purge> logger) : BackgroundService
{
    // Some ten milliseconds of the writer.
    private const int Batch = 1_000;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await PurgeKeysAsync(cancellationToken);
        await PurgeHandoversAsync(cancellationToken);
        await PurgeImportsAsync(cancellationToken);
        await PurgeFilesAsync(cancellationToken);
        await PurgeAlertsAsync(cancellationToken);
        await PurgeBulletinsAsync(cancellationToken);
        await PurgeContactRefreshesAsync(cancellationToken);
        await PurgeTestMessagesAsync(cancellationToken);
        await PurgeContactChangesAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        WriteGate.BeUnhurried();
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                NotPurged(logger, exception.GetType().Name);
            }
        }
    }

    private Task PurgeKeysAsync(CancellationToken cancellationToken)
    {
        var before = Before(options.IdempotencyKeyDays);
        return InBatchesAsync(
            (db, token) => db.Set<IdempotencyRecord>().Where(key => db.Set<IdempotencyRecord>().Where(old => old.CreatedAt < before).OrderBy(old => old.CreatedAt).Take(Batch)
                .Any(old => old.Actor == key.Actor && old.Key == key.Key)).ExecuteDeleteAsync(token),
            cancellationToken);
    }

    /// <summary>Few at a time, and small: one transaction takes them all.</summary>
    private Task<int> PurgeHandoversAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - DeviceHandovers.Lifetime;
        return store.CommitAsync((transaction, token) => transaction.Db.Set<DeviceHandover>().Where(handover => handover.OpenedAt < before).ExecuteDeleteAsync(token), cancellationToken);
    }

    private async Task PurgeImportsAsync(CancellationToken cancellationToken)
    {
        var before = Before(options.ImportDays);
        await store.CommitAsync(
            (transaction, token) => transaction.Db.Set<PeopleImport>().Where(import => import.State == PeopleImportState.Ready && import.ChangedAt < before)
                .ExecuteUpdateAsync(set => set.SetProperty(import => import.State, PeopleImportState.Discarded), token),
            cancellationToken);
        foreach (var import in await ReadAsync(db => db.Set<PeopleImport>().Where(i => i.ChangedAt < before && i.State != PeopleImportState.Applying && db.Set<PeopleImportLine>().Any(line => line.ImportId == i.Id)).Select(i => i.Id), cancellationToken))
        {
            await InBatchesAsync(
                async (db, token) =>
                {
                    var some = await db.Set<PeopleImportLine>().Where(line => line.ImportId == import).OrderBy(line => line.Line).Select(line => line.Line).Take(Batch).ToListAsync(token);
                    var last = some.LastOrDefault();
                    return some.Count == 0 ? 0 : await db.Set<PeopleImportLine>().Where(line => line.ImportId == import && line.Line <= last).ExecuteDeleteAsync(token);
                },
                cancellationToken);
        }
    }

    /// <summary>Uploads that were given up or left, some parts a transaction: each part is half a megabyte.</summary>
    private async Task PurgeFilesAsync(CancellationToken cancellationToken)
    {
        const int parts = 16;
        var before = time.GetUtcNow() - TimeSpan.FromHours(files.UploadHours);
        var given = await ReadAsync(db => db.Set<RoomFile>().Where(f => f.EntrySeq == null && (f.IsDiscarded || f.ChangedAt < before)).Select(f => new { f.RoomId, f.Id }), cancellationToken);
        foreach (var file in given)
        {
            // Nobody adds to it, or carries it in an entry, from here on.
            var isLeft = await store.CommitAsync(
                (transaction, token) => transaction.Db.Set<RoomFile>()
                    .Where(f => f.RoomId == file.RoomId && f.Id == file.Id && f.EntrySeq == null && (f.IsDiscarded || f.ChangedAt < before))
                    .ExecuteUpdateAsync(set => set.SetProperty(f => f.IsDiscarded, true), token),
                cancellationToken);
            if (isLeft == 0) continue;
            await InBatchesAsync(
                async (db, token) =>
                {
                    var some = await db.Set<RoomFileChunk>().Where(c => c.RoomId == file.RoomId && c.FileId == file.Id).OrderBy(c => c.Number).Select(c => c.Number).Take(parts).ToListAsync(token);
                    var last = some.LastOrDefault();
                    return some.Count == 0 ? 0 : await db.Set<RoomFileChunk>().Where(c => c.RoomId == file.RoomId && c.FileId == file.Id && c.Number <= last).ExecuteDeleteAsync(token);
                },
                cancellationToken);
            await store.CommitAsync(
                (transaction, token) => transaction.Db.Set<RoomFile>().Where(f => f.RoomId == file.RoomId && f.Id == file.Id).ExecuteDeleteAsync(token), cancellationToken);
        }
    }

    private async Task PurgeAlertsAsync(CancellationToken cancellationToken)
    {
        var before = Before(options.DeliveryDays);
        foreach (var alert in await ReadAsync(db => db.Set<Alert>().Where(a => a.PurgedAt == null && a.EndedAt < before).OrderBy(a => a.Number).Select(a => a.Id), cancellationToken))
        {
            long after = 0;
            while (await PurgeRecipientsAsync(alert, after, cancellationToken) is { } through) after = through;
            await store.CommitAsync(
                (transaction, token) => transaction.Db.Set<Alert>().Where(a => a.Id == alert).ExecuteUpdateAsync(set => set.SetProperty(a => a.PurgedAt, transaction.Now), token), cancellationToken);
        }
    }

    /// <summary>The deliveries, their attempts and the answers of some of an alert's recipients.</summary>
    /// <returns>The last of these recipients; null when there is none any more.</returns>
    private Task<long?> PurgeRecipientsAsync(Alerting.AlertId alert, long after, CancellationToken cancellationToken) => store.CommitAsync<long?>(
        async (transaction, token) =>
        {
            var db = transaction.Db;
            var some = await db.Set<Recipient>().Where(r => r.AlertId == alert && r.Id > after).OrderBy(r => r.Id).Select(r => r.Id).Take(Batch / 4).ToListAsync(token);
            if (some.Count == 0) return null;
            await db.Set<DeliveryAttempt>().Where(attempt => db.Set<Delivery>().Any(d => some.Contains(d.RecipientId) && d.Id == attempt.DeliveryId)).ExecuteDeleteAsync(token);
            await db.Set<Delivery>().Where(d => some.Contains(d.RecipientId)).ExecuteDeleteAsync(token);
            await db.Set<AnswerRecord>().Where(answer => some.Contains(answer.RecipientId)).ExecuteDeleteAsync(token);
            return some[^1];
        },
        cancellationToken);

    /// <summary>Each message's way, who opened it and what people asked. The bulletin with its versions and approvals stays.</summary>
    private async Task PurgeBulletinsAsync(CancellationToken cancellationToken)
    {
        var before = Before(options.DeliveryDays);
        var old = await ReadAsync(
            db => db.Set<Bulletin>().Where(b => b.EndedAt < before
                && (db.Set<BulletinDelivery>().Any(d => d.BulletinId == b.Id) || db.Set<BulletinReading>().Any(r => r.BulletinId == b.Id) || db.Set<BulletinQuestion>().Any(q => q.BulletinId == b.Id)))
                .OrderBy(b => b.Number).Select(b => b.Id),
            cancellationToken);
        foreach (var bulletin in old)
        {
            await InBatchesAsync(
                (db, token) => db.Set<BulletinDelivery>().Where(d => db.Set<BulletinDelivery>().Where(some => some.BulletinId == bulletin).OrderBy(some => some.Id).Take(Batch)
                    .Any(some => some.Id == d.Id)).ExecuteDeleteAsync(token),
                cancellationToken);
            await InBatchesAsync(
                (db, token) => db.Set<BulletinReading>().Where(r => r.BulletinId == bulletin && db.Set<BulletinReading>().Where(some => some.BulletinId == bulletin).OrderBy(some => some.PersonId).Take(Batch)
                    .Any(some => some.PersonId == r.PersonId)).ExecuteDeleteAsync(token),
                cancellationToken);
            await InBatchesAsync(
                (db, token) => db.Set<BulletinQuestion>().Where(q => db.Set<BulletinQuestion>().Where(some => some.BulletinId == bulletin).OrderBy(some => some.Id).Take(Batch)
                    .Any(some => some.Id == q.Id)).ExecuteDeleteAsync(token),
                cancellationToken);
        }
    }

    /// <summary>Each message's way. What became of each person stays, without their numbers: it is what the next campaign is compared with.</summary>
    private async Task PurgeContactRefreshesAsync(CancellationToken cancellationToken)
    {
        var before = Before(options.DeliveryDays);
        var old = await ReadAsync(
            db => db.Set<ContactRefresh>().Where(r => r.EndedAt < before && db.Set<RefreshDelivery>().Any(d => d.RefreshId == r.Id)).OrderBy(r => r.Number).Select(r => r.Id), cancellationToken);
        foreach (var refresh in old)
        {
            await InBatchesAsync(
                (db, token) => db.Set<RefreshDelivery>().Where(d => db.Set<RefreshDelivery>().Where(some => some.RefreshId == refresh).OrderBy(some => some.Id).Take(Batch)
                    .Any(some => some.Id == d.Id)).ExecuteDeleteAsync(token),
                cancellationToken);
        }
    }

    /// <summary>But the last of each channel: readiness says when that was.</summary>
    private Task PurgeTestMessagesAsync(CancellationToken cancellationToken)
    {
        var before = Before(options.DeliveryDays);
        return InBatchesAsync(
            (db, token) => db.Set<TestMessage>().Where(m => m.AskedAt < before && db.Set<TestMessage>().Any(later => later.Channel == m.Channel && later.Id > m.Id)).ExecuteDeleteAsync(token),
            cancellationToken);
    }

    private Task PurgeContactChangesAsync(CancellationToken cancellationToken)
    {
        var before = Before(options.DeliveryDays);
        return InBatchesAsync(
            (db, token) => db.Set<ContactChangeNotice>().Where(n => db.Set<ContactChangeNotice>().Where(old => old.ChangedAt < before).OrderBy(old => old.Id).Take(Batch).Any(old => old.Id == n.Id)).ExecuteDeleteAsync(token),
            cancellationToken);
    }

    private async Task InBatchesAsync(Func<TocsinDbContext, CancellationToken, Task<int>> delete, CancellationToken cancellationToken)
    {
        while (await store.CommitAsync((transaction, token) => delete(transaction.Db, token), cancellationToken) > 0)
        {
        }
    }

    private async Task<List<T>> ReadAsync<T>(Func<TocsinDbContext, IQueryable<T>> query, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await query(db).ToListAsync(cancellationToken);
    }

    private DateTimeOffset Before(int days) => time.GetUtcNow() - TimeSpan.FromDays(days);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What is no longer kept could not be deleted ({Failure}); trying again later")]
    private static partial void NotPurged(ILogger logger, string failure);
}
