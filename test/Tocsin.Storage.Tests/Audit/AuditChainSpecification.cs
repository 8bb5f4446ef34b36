using Microsoft.EntityFrameworkCore;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Model;

namespace Tocsin.Storage.Tests.Audit;

public abstract class AuditChainSpecification(StorageUnderTest storage)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_record_carries_the_hash_of_the_one_before_and_a_change_breaks_the_chain()
    {
        for (var i = 0; i < 5; i++)
            await RecordAsync(i);
        Assert.Null(await AuditChain.FindBreakAsync(storage.Contexts, Cancellation));

        await using var db = await storage.Contexts.CreateDbContextAsync(Cancellation);
        await db.Set<AuditRecord>().Where(r => r.Seq == 3).ExecuteUpdateAsync(update => update.SetProperty(r => r.ActorName, "Somebody else"), Cancellation);
        Assert.Equal(3, await AuditChain.FindBreakAsync(storage.Contexts, Cancellation));

        await db.Set<AuditRecord>().Where(r => r.Seq == 3).ExecuteDeleteAsync(Cancellation);
        Assert.Equal(4, await AuditChain.FindBreakAsync(storage.Contexts, Cancellation));
    }

    [Fact]
    public void The_hash_tells_an_absent_field_from_an_empty_one()
    {
        var absent = new AuditRecord { Seq = 1, Actor = "a", Action = "x.done", Subject = null };
        var empty = new AuditRecord { Seq = 1, Actor = "a", Action = "x.done", Subject = "" };
        Assert.NotEqual(AuditChain.HashOf(new byte[32], absent), AuditChain.HashOf(new byte[32], empty));
    }

    private Task RecordAsync(int i) => storage.Store.CommitAsync(
        (transaction, _) =>
        {
            transaction.Record(new AuditDraft(new AuditActor("account:1", "Claire", "192.0.2.1"), "thing.done", $"thing:{i}", new { i }));
            return Task.CompletedTask;
        },
        Cancellation);
}

public sealed class Audit_chain_on_Sqlite(SqliteStorage storage) : AuditChainSpecification(storage), IClassFixture<SqliteStorage>;

public sealed class Audit_chain_on_PostgreSql(PostgreSqlStorage storage) : AuditChainSpecification(storage), IClassFixture<PostgreSqlStorage>;
