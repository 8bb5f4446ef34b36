using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Events;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Storage.Tests.Commands;

public abstract class CommandStoreSpecification(StorageUnderTest storage)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private EventLog Log => storage.Services.GetRequiredService<EventLog>();

    [Fact]
    public async Task State_event_and_audit_record_are_committed_together()
    {
        var before = await Log.HeadAsync(Cancellation);
        await storage.Store.CommitAsync(
            (transaction, _) =>
            {
                transaction.Db.Add(new SettingRecord { Key = "together", Value = "1" });
                transaction.Append("thing.changed", EventVisibility.To(Roles.Staff), new { name = "together" });
                transaction.Record(new AuditDraft(AuditActor.System, "thing.changed", "thing:together"));
                return Task.CompletedTask;
            },
            Cancellation);

        await using var db = await storage.Contexts.CreateDbContextAsync(Cancellation);
        Assert.True(await db.Set<SettingRecord>().AnyAsync(s => s.Key == "together", Cancellation));
        var written = Assert.Single(await Log.ReadAsync(before, 10, Cancellation));
        Assert.Equal((before + 1, "thing.changed", """{"name":"together"}"""), (written.Seq, written.Kind, written.Data));
        Assert.True(await db.Set<AuditRecord>().AnyAsync(a => a.Subject == "thing:together", Cancellation));
    }

    [Fact]
    public async Task Nothing_is_kept_of_a_command_that_throws()
    {
        var before = await Log.HeadAsync(Cancellation);
        await Assert.ThrowsAsync<InvalidOperationException>(() => storage.Store.CommitAsync(
            async (transaction, token) =>
            {
                transaction.Db.Add(new SettingRecord { Key = "half", Value = "1" });
                await transaction.Db.SaveChangesAsync(token);
                transaction.Append("thing.changed", EventVisibility.To(Roles.Staff), new { });
                throw new InvalidOperationException("the command broke");
            },
            Cancellation));

        await using var db = await storage.Contexts.CreateDbContextAsync(Cancellation);
        Assert.False(await db.Set<SettingRecord>().AnyAsync(s => s.Key == "half", Cancellation));
        Assert.Equal(before, await Log.HeadAsync(Cancellation));
    }

    [Fact]
    public async Task A_reader_never_sees_a_number_appear_below_one_it_has_seen()
    {
        // Two processes write at once; a reader that resumes from the last number it saw must end with every event, in order.
        await using var other = storage.Open(storage.Database);
        var start = await Log.HeadAsync(Cancellation);
        const int PerWriter = 60;
        CommandStore[] stores = [storage.Store, storage.Store, other.GetRequiredService<CommandStore>(), other.GetRequiredService<CommandStore>()];
        var writers = stores.Select((store, writer) => Task.Run(() => WriteAsync(store, writer, PerWriter), Cancellation)).ToArray();

        var seen = new List<long>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (seen.Count < PerWriter * stores.Length)
        {
            foreach (var record in await Log.ReadAsync(start + seen.Count, 7, Cancellation))
            {
                seen.Add(record.Seq);
                names.Add(record.Data);
            }

            if (Array.Find(writers, w => w.IsFaulted) is { } broken) await broken;
        }

        await Task.WhenAll(writers);
        Assert.Equal(Enumerable.Range(1, seen.Count).Select(i => start + i), seen);
        Assert.Equal(PerWriter * stores.Length, names.Count);
    }

    [Fact]
    public async Task A_commit_wakes_the_readers_of_this_process()
    {
        var signal = storage.Services.GetRequiredService<EventSignal>();
        var waiting = signal.WaitAsync(await Log.HeadAsync(Cancellation), Cancellation);
        await WriteAsync(storage.Store, 99, 1);
        await Eventually.CompletesAsync(waiting);
    }

    [Fact]
    public async Task A_key_claimed_by_one_command_stops_the_next_and_keeps_nothing_of_it()
    {
        await ClaimAsync("claim-1");
        await Assert.ThrowsAsync<IdempotencyKeyTakenException>(() => ClaimAsync("claim-2"));
        await using var db = await storage.Contexts.CreateDbContextAsync(Cancellation);
        Assert.False(await db.Set<SettingRecord>().AnyAsync(s => s.Key == "claim-2", Cancellation));
    }

    private Task ClaimAsync(string setting) => Task.Run(
        () =>
        {
            new IdempotentRequest("account:1", "key", [1]).Enter();
            return storage.Store.CommitAsync(
                (transaction, _) =>
                {
                    transaction.Db.Add(new SettingRecord { Key = setting, Value = "1" });
                    return Task.CompletedTask;
                },
                Cancellation);
        },
        Cancellation);

    private static async Task WriteAsync(CommandStore store, int writer, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{writer}-{i}");
            await store.CommitAsync(
                (transaction, _) =>
                {
                    transaction.Append("thing.changed", EventVisibility.To(Roles.Staff), new { name });
                    return Task.CompletedTask;
                },
                Cancellation);
        }
    }
}

public sealed class Command_store_on_Sqlite(SqliteStorage storage) : CommandStoreSpecification(storage), IClassFixture<SqliteStorage>;

public sealed class Command_store_on_PostgreSql(PostgreSqlStorage storage) : CommandStoreSpecification(storage), IClassFixture<PostgreSqlStorage>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_two_commands_that_wait_for_each_other_both_are_done_in_the_end_also_where_the_waiting_is_done_by_what_is_saved()
    {
        string[] keys = ["deadlock-a", "deadlock-b"];
        await storage.Store.CommitAsync(
            (transaction, _) =>
            {
                foreach (var key in keys) transaction.Db.Add(new SettingRecord { Key = key, Value = "" });
                return Task.CompletedTask;
            },
            Cancellation);

        // Each holds one row before it asks for the other's; the one that runs again finds that nobody is to be waited for.
        TaskCompletionSource[] holds = [new(TaskCreationOptions.RunContinuationsAsynchronously), new(TaskCreationOptions.RunContinuationsAsynchronously)];
        Task WriteAsync(int own) => storage.Store.CommitAsync(
            async (transaction, token) =>
            {
                await transaction.Db.Set<SettingRecord>().Where(setting => setting.Key == keys[own])
                    .ExecuteUpdateAsync(set => set.SetProperty(setting => setting.Value, setting => setting.Value + own), token);
                holds[own].TrySetResult();
                await holds[1 - own].Task.WaitAsync(token);
                var other = new SettingRecord { Key = keys[1 - own], Value = "" };
                transaction.Db.Attach(other);
                other.Value = "saved";
            },
            Cancellation);
        await Task.WhenAll(WriteAsync(0), WriteAsync(1));
    }
}
