using Microsoft.EntityFrameworkCore;
using Npgsql;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Events;
using Tocsin.Storage.Model;
using Tocsin.Storage.PostgreSql;
using Tocsin.Storage.Schema;
using Tocsin.Storage.Sqlite;

namespace Tocsin.Storage.Commands;

/// <summary>Runs commands in transactions and publishes their events after commit.</summary>
public sealed class CommandStore(IDbContextFactory<TocsinDbContext> contexts, WriteGate gate, EventSignal signal, TimeProvider time)
{
    // A deadlock or serialisation failure names a victim that is expected to try again; three rounds have always been enough.
    private const int MaximumRounds = 4;

    // Whoever had long work give way is gone soon; during a large alert others follow.
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(8);

    /// <summary>How long work may be kept from its end by others before they wait for it: an alert has told its people by then, and what comes without pause is answers and receipts.</summary>
    internal static readonly TimeSpan StarvesAfter = TimeSpan.FromMinutes(2);

    /// <summary>Runs <paramref name="work"/> in one transaction: its changes, events and audit records are committed together or not at all.</summary>
    public async Task<T> CommitAsync<T>(Func<CommandTransaction, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        for (var round = 1; ; round++)
        {
            try
            {
                return await CommitOnceAsync(work, cancellationToken);
            }
            catch (Exception exception) when (round < MaximumRounds && IsTransient(exception))
            {
                // Run again from the start with a fresh context.
            }
        }
    }

    /// <inheritdoc cref="CommitAsync{T}"/>
    public Task CommitAsync(Func<CommandTransaction, CancellationToken, Task> work, CancellationToken cancellationToken) =>
        CommitAsync(
            async (transaction, token) =>
            {
                await work(transaction, token);
                return true;
            },
            cancellationToken);

    /// <summary>As <see cref="CommitAsync{T}"/>, for work of seconds: on SQLite it gives way. Where another writer waits, all of it is undone, and done again once nobody does.</summary>
    /// <remarks>
    /// So an alert does not wait for it, and it is one transaction all the same. Where writers come without pause it is undone again and again; having been so for
    /// <see cref="StarvesAfter"/>, it asks those who wait for twice the patience each time, until the work fits in: it ends, whatever goes on.
    /// </remarks>
    public async Task<T> CommitGivingWayAsync<T>(Func<CommandTransaction, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        var begun = time.GetUtcNow();
        var patience = WriteGate.HurriedPatience;
        for (var pause = ShortestPause; ; pause = pause < LongestPause ? pause * 2 : pause)
        {
            using var mustGiveWay = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
            try
            {
                return await CommitOnceGivingWayAsync(work, patience, mustGiveWay, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested && (mustGiveWay.IsCancellationRequested || IsTransient(exception)))
            {
                if (time.GetUtcNow() - begun >= StarvesAfter) patience *= 2;
                await Task.Delay(pause, time, cancellationToken);
            }
        }
    }

    private async Task<T> CommitOnceGivingWayAsync<T>(
        Func<CommandTransaction, CancellationToken, Task<T>> work, TimeSpan patience, CancellationTokenSource mustGiveWay, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var checkpoint = await LateCheckpoint.PrepareAsync(db, cancellationToken);
        using var turn = await gate.EnterGivingWayAsync(db.Kind, patience, mustGiveWay, cancellationToken);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(mustGiveWay.Token, cancellationToken);
        return await CommitInAsync(db, work, either.Token);
    }

    private async Task<T> CommitOnceAsync<T>(Func<CommandTransaction, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        using var turn = await gate.EnterAsync(db.Kind, cancellationToken);
        return await CommitInAsync(db, work, cancellationToken);
    }

    private async Task<T> CommitInAsync<T>(TocsinDbContext db, Func<CommandTransaction, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var databaseTransaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        var command = new CommandTransaction(db, now);
        await ClaimKeyAsync(command, cancellationToken);
        var result = await work(command, cancellationToken);
        KeepKey(command);
        if (db.ChangeTracker.HasChanges()) await db.SaveChangesAsync(cancellationToken);
        var head = await AppendAsync(command, cancellationToken);
        // From here on a cancelled request must not leave the caller in doubt: the commit is carried to its end.
        await databaseTransaction.CommitAsync(CancellationToken.None);
        IdempotentRequest.Current?.MarkCommitted();
        command.RunAfterCommit();
        if (head is { } seq) signal.Announce(seq);
        return result;
    }

    /// <summary>Before the work: of two requests with the same key, the second waits for the first, and then must not be judged by what the first did.</summary>
    private static async Task ClaimKeyAsync(CommandTransaction command, CancellationToken cancellationToken)
    {
        if (IdempotentRequest.Current is not { MustClaim: true } request) return;
        if (command.Db.Kind == DatabaseKind.PostgreSql)
        {
            var name = $"{request.Actor} {request.Key}";
            await command.Db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({name}, 0))", cancellationToken);
        }

        if (await command.Db.Set<IdempotencyRecord>().AnyAsync(r => r.Actor == request.Actor && r.Key == request.Key, cancellationToken))
            throw new IdempotencyKeyTakenException();
    }

    /// <summary>With what the command did. One that was refused did nothing and tells nobody: it may be tried again.</summary>
    private static void KeepKey(CommandTransaction command)
    {
        if (IdempotentRequest.Current is not { MustClaim: true } request) return;
        if (!command.Db.ChangeTracker.HasChanges() && command.Events.Count == 0 && command.Audits.Count == 0) return;
        request.MarkKept();
        command.Db.Add(new IdempotencyRecord { Actor = request.Actor, Key = request.Key, RequestHash = request.RequestHash, CreatedAt = command.Now });
    }

    /// <summary>Numbers and writes events and audit records under the log lock, so that commit order is number order and no reader ever sees a gap fill up later.</summary>
    private async Task<long?> AppendAsync(CommandTransaction command, CancellationToken cancellationToken)
    {
        if (command.Events.Count == 0 && command.Audits.Count == 0) return null;
        await LogLock.TakeAsync(command.Db, cancellationToken);
        await AuditChain.AppendAsync(command.Db, command.Audits, command.Now, cancellationToken);
        var head = await EventLog.AppendAsync(command.Db, command.Events, command.Now, cancellationToken);
        if (head is { } seq) await NodeNotification.SendAsync(command.Db, seq, signal.Node, cancellationToken);
        return head;
    }

    /// <summary>EF Core wraps what the database says: what it saves once, and all that it runs once more, for want of a strategy that retries by itself.</summary>
    private static bool IsTransient(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure }) return true;
        }

        return false;
    }
}
