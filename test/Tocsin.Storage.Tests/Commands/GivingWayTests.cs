using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Model;
using Tocsin.Storage.Schema;
using Tocsin.Testing;

namespace Tocsin.Storage.Tests.Commands;

/// <summary>Work of seconds on SQLite, which has one writer: whoever waits goes first, and the work is whole all the same.</summary>
public sealed class GivingWayTests(SqliteStorage storage) : IClassFixture<SqliteStorage>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Long_work_is_undone_where_somebody_waits_and_is_done_again_afterwards()
    {
        var begun = new TaskCompletionSource();

        // The clock may have gone on beyond the pause by the time that the alert is seen to be written.
        var mayEnd = new TaskCompletionSource();
        var rounds = 0;
        var longWork = storage.Store.CommitGivingWayAsync(
            async (transaction, token) =>
            {
                await AddAsync(transaction, "long", token);
                begun.TrySetResult();
                await (++rounds == 1 ? Task.Delay(Timeout.InfiniteTimeSpan, token) : mayEnd.Task.WaitAsync(token));
                return rounds;
            },
            Cancellation);
        await begun.Task.WaitAsync(Cancellation);

        var alert = storage.Store.CommitAsync((transaction, token) => AddAsync(transaction, "alert", token), Cancellation);
        await storage.Time.AdvanceUntilAsync(() => alert.IsCompleted, WriteGate.HurriedPatience, "the alert is written");
        await alert;

        Assert.Equal(["alert"], await KeysAsync("alert", "long"));
        mayEnd.SetResult();
        await storage.Time.AdvanceUntilAsync(() => longWork.IsCompleted, TimeSpan.FromSeconds(1), "the long work is done again");
        Assert.Equal(2, await longWork);
        Assert.Equal(["alert", "long"], await KeysAsync("alert", "long"));
    }

    [Fact]
    public async Task Who_has_already_given_up_does_not_enter()
    {
        using var gate = new WriteGate(new ManualTimeProvider());
        var writer = await gate.EnterAsync(DatabaseKind.Sqlite, Cancellation);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            using var turn = await gate.EnterAsync(DatabaseKind.Sqlite, new CancellationToken(canceled: true));
        });

        var next = gate.EnterAsync(DatabaseKind.Sqlite, Cancellation).AsTask();
        Assert.False(next.IsCompleted, "two write at a time");
        writer.Dispose();
        (await next).Dispose();
    }

    [Fact]
    public async Task Who_waited_before_long_work_got_its_turn_is_heard_too()
    {
        var time = new ManualTimeProvider();
        using var gate = new WriteGate(time);
        using var mustGiveWay = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        var asked = new TaskCompletionSource();
        await using var registration = mustGiveWay.Token.Register(asked.SetResult);
        var first = await gate.EnterAsync(DatabaseKind.Sqlite, Cancellation);
        var longWork = gate.EnterGivingWayAsync(DatabaseKind.Sqlite, WriteGate.HurriedPatience, mustGiveWay, Cancellation).AsTask();

        // Queued behind both: nobody who could be asked is at work yet.
        var alert = gate.EnterAsync(DatabaseKind.Sqlite, Cancellation).AsTask();
        first.Dispose();

        using (await longWork)
        {
            await time.AdvanceUntilAsync(() => asked.Task.IsCompleted, WriteGate.HurriedPatience, "the one at work is asked");
        }

        (await alert.WaitAsync(TimeSpan.FromSeconds(30), Cancellation)).Dispose();
    }

    /// <summary>Alerts without pause: at each moment one waits. The work takes 5 s of the clock that all of them wait by.</summary>
    [Fact]
    public async Task Long_work_gets_through_although_somebody_always_waits()
    {
        await using var database = storage.Open(await storage.CreateEmptyAsync());
        await database.GetRequiredService<SchemaMigrator>().ApplyAsync(Cancellation);
        var store = database.GetRequiredService<CommandStore>();
        var begun = storage.Time.GetUtcNow();
        var rounds = 0;
        var longWork = store.CommitGivingWayAsync(
            async (transaction, token) =>
            {
                rounds++;
                await Task.Delay(TimeSpan.FromSeconds(5), storage.Time, token);
                return true;
            },
            Cancellation);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var alerts = Enumerable.Range(0, 2).Select(async _ =>
        {
            while (!enough.IsCancellationRequested)
            {
                await store.CommitAsync((_, _) => Task.CompletedTask, CancellationToken.None);
                await Task.Yield();
            }
        }).ToList();

        // Each round takes some real time too: where the clock moves on faster, a slow machine lets it run away from the work.
        await Eventually.HoldsWithinAsync(
            TimeSpan.FromMinutes(2),
            () =>
            {
                if (!longWork.IsCompleted) storage.Time.Advance(TimeSpan.FromMilliseconds(250));
                return Task.FromResult(longWork.IsCompleted);
            },
            () => "the long work gets through");
        var took = storage.Time.GetUtcNow() - begun;
        await enough.CancelAsync();
        await Task.WhenAll(alerts);

        Assert.True(await longWork);
        Assert.InRange(took, CommandStore.StarvesAfter, CommandStore.StarvesAfter + TimeSpan.FromMinutes(2));
        Assert.InRange(rounds, 10, 60);
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
