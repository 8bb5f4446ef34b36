using Microsoft.EntityFrameworkCore;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Model;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Tests.Commands;

/// <summary>Work of seconds on SQLite, which has one writer: whoever waits goes first, and the work is whole all the same.</summary>
public sealed class GivingWayTests(SqliteStorage storage) : IClassFixture<SqliteStorage>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Long_work_is_undone_where_somebody_waits_and_is_done_again_afterwards()
    {
        var begun = new TaskCompletionSource();
        var rounds = 0;
        var longWork = storage.Store.CommitGivingWayAsync(
            async (transaction, token) =>
            {
                await AddAsync(transaction, "long", token);
                begun.TrySetResult();
                if (++rounds == 1) await Task.Delay(Timeout.InfiniteTimeSpan, token);
                return rounds;
            },
            Cancellation);
        await begun.Task.WaitAsync(Cancellation);

        await storage.Store.CommitAsync((transaction, token) => AddAsync(transaction, "alert", token), Cancellation);

        Assert.Equal(["alert"], await KeysAsync("alert", "long"));
        await storage.Time.AdvanceUntilAsync(() => longWork.IsCompleted, TimeSpan.FromSeconds(1), "the long work is done again");
        Assert.Equal(2, await longWork);
        Assert.Equal(["alert", "long"], await KeysAsync("alert", "long"));
    }

    [Fact]
    public async Task Who_waited_before_long_work_got_its_turn_is_heard_too()
    {
        using var gate = new WriteGate();
        using var mustGiveWay = new CancellationTokenSource();
        var asked = new TaskCompletionSource();
        await using var registration = mustGiveWay.Token.Register(asked.SetResult);
        var first = await gate.EnterAsync(DatabaseKind.Sqlite, Cancellation);
        var longWork = gate.EnterGivingWayAsync(DatabaseKind.Sqlite, mustGiveWay, Cancellation).AsTask();

        // Queued behind both: nobody who could be asked is at work yet.
        var alert = gate.EnterAsync(DatabaseKind.Sqlite, Cancellation).AsTask();
        first.Dispose();

        using (await longWork) await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        (await alert.WaitAsync(TimeSpan.FromSeconds(30), Cancellation)).Dispose();
    }

    [Fact]
    public async Task Long_work_that_is_no_longer_wanted_ends()
    {
        using var unwanted = new CancellationTokenSource();
        var longWork = storage.Store.CommitGivingWayAsync(
            async (transaction, token) =>
            {
                await AddAsync(transaction, "unwanted", token);
                await unwanted.CancelAsync();
                await Task.Delay(Timeout.InfiniteTimeSpan, token);
                return true;
            },
            unwanted.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => longWork);
        Assert.Empty(await KeysAsync("unwanted"));
    }

    private static async Task AddAsync(CommandTransaction transaction, string key, CancellationToken cancellationToken)
    {
        transaction.Db.Add(new SettingRecord { Key = key, Value = "1", ChangedAt = transaction.Now });
        await transaction.Db.SaveChangesAsync(cancellationToken);
    }

    private async Task<List<string>> KeysAsync(params string[] keys)
    {
        await using var db = await storage.Contexts.CreateDbContextAsync(Cancellation);
        return await db.Set<SettingRecord>().Where(setting => keys.Contains(setting.Key)).Select(setting => setting.Key).Order().ToListAsync(Cancellation);
    }
}
