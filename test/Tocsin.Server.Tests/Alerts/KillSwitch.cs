using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Tocsin.Storage;

namespace Tocsin.Server.Tests.Alerts;

/// <summary>Ends a node as SIGKILL would, at a transaction's commit: just before it, or just after. From then on the node's database is out of its reach.</summary>
internal sealed class KillSwitch(DatabaseOptions database) : DbTransactionInterceptor, IDbContextFactory<TocsinDbContext>
{
    private readonly TaskCompletionSource killed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DbContextOptions<TocsinDbContext>? options;
    private int commitsLeft = int.MaxValue;
    private bool dies;
    private bool diesAfter;

    public Task Killed => killed.Task;

    /// <summary>Kills at the <paramref name="commits"/>th commit from now, counted from 1.</summary>
    public void KillAt(int commits, bool afterCommit) => (commitsLeft, diesAfter, dies) = (commits, afterCommit, true);

    public void KillNow() => killed.TrySetResult();

    public TocsinDbContext CreateDbContext()
    {
        RefuseIfDead();
        return new TocsinDbContext(options ??= Build());
    }

    public override ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        RefuseIfDead();
        if (dies && Interlocked.Decrement(ref commitsLeft) == 0 && !diesAfter)
        {
            killed.TrySetResult();
            RefuseIfDead();
        }

        return ValueTask.FromResult(result);
    }

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        if (dies && commitsLeft == 0 && diesAfter)
        {
            killed.TrySetResult();
            RefuseIfDead();
        }

        return Task.CompletedTask;
    }

    private void RefuseIfDead()
    {
        if (killed.Task.IsCompleted) throw new IOException("This node was killed.");
    }

    private DbContextOptions<TocsinDbContext> Build()
    {
        var builder = new DbContextOptionsBuilder<TocsinDbContext>();
        StorageRegistration.Configure(builder, database);
        builder.AddInterceptors(this);
        return builder.Options;
    }
}
