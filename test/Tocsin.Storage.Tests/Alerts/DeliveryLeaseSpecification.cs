using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Deliveries;
using Tocsin.Storage.Alerts;

namespace Tocsin.Storage.Tests.Alerts;

public abstract class DeliveryLeaseSpecification(StorageUnderTest storage)
{
    private static readonly TimeSpan lease = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => storage.Time.GetUtcNow();

    [Fact]
    public async Task The_most_urgent_are_taken_first_then_those_that_are_due_longest()
    {
        var calm = await AddAsync(ChannelKind.Sms, Severity.Info, Now.AddMinutes(-9));
        var late = await AddAsync(ChannelKind.Sms, Severity.Extreme, Now.AddMinutes(-1));
        var early = await AddAsync(ChannelKind.Sms, Severity.Extreme, Now.AddMinutes(-2));
        await AddAsync(ChannelKind.Sms, Severity.Extreme, Now.AddMinutes(1));
        Assert.Equal([early], await TakeAsync(ChannelKind.Sms, node: 1, limit: 1));
        Assert.Equal([late], await TakeAsync(ChannelKind.Sms, node: 1, limit: 1));
        Assert.Equal([calm], await TakeAsync(ChannelKind.Sms, node: 1, limit: 2));
    }

    [Fact]
    public async Task What_one_node_has_nobody_takes_until_its_lease_ends()
    {
        var id = await AddAsync(ChannelKind.Email, Severity.Severe, Now);
        Assert.Equal([id], await TakeAsync(ChannelKind.Email, node: 1, limit: 10));
        Assert.Empty(await TakeAsync(ChannelKind.Email, node: 2, limit: 10));
        Assert.Equal(Now + lease, await NextDueAsync(ChannelKind.Email));
        storage.Time.Advance(lease);
        Assert.Equal([id], await TakeAsync(ChannelKind.Email, node: 2, limit: 10));
        Assert.Equal(2, await AttemptOfAsync(id));
    }

    [Fact]
    public async Task What_a_gone_node_had_is_due_at_once()
    {
        var id = await AddAsync(ChannelKind.WebPush, Severity.Severe, Now);
        Assert.Equal([id], await TakeAsync(ChannelKind.WebPush, node: 71, limit: 10));
        await storage.Store.CommitAsync((transaction, token) => DeliveryLeases.ReleaseAllOfAsync(transaction.Db, [71], transaction.Now, token), Cancellation);
        Assert.Equal([id], await TakeAsync(ChannelKind.WebPush, node: 72, limit: 10));
    }

    [Fact]
    public async Task Takers_at_the_same_time_take_different_deliveries()
    {
        var added = new List<long>();
        for (var i = 0; i < 60; i++) added.Add(await AddAsync(ChannelKind.InApp, Severity.Severe, Now));
        var taken = await Task.WhenAll(Enumerable.Range(1, 6).Select(node => Task.Run(() => TakeAsync(ChannelKind.InApp, node, limit: 20))));
        var all = taken.SelectMany(ids => ids).Concat(await TakeAsync(ChannelKind.InApp, node: 7, limit: 100)).ToList();
        Assert.Equal(added.Order(), all.Order());
    }

    private async Task<long[]> TakeAsync(ChannelKind channel, long node, int limit)
    {
        var leased = await storage.Store.CommitAsync(
            (transaction, token) => DeliveryLeases.TakeDueAsync(transaction.Db, channel, node, transaction.Now, transaction.Now + lease, limit, token), Cancellation);
        return [.. leased.Select(delivery => delivery.Id)];
    }

    private async Task<DateTimeOffset?> NextDueAsync(ChannelKind channel)
    {
        await using var db = await storage.Contexts.CreateDbContextAsync(Cancellation);
        return await DeliveryLeases.NextDueAsync(db, channel, Cancellation);
    }

    private async Task<int> AttemptOfAsync(long id)
    {
        await using var db = await storage.Contexts.CreateDbContextAsync(Cancellation);
        return await db.Set<Delivery>().Where(d => d.Id == id).Select(d => d.Attempt).SingleAsync(Cancellation);
    }

    private Task<long> AddAsync(ChannelKind channel, Severity severity, DateTimeOffset dueAt) =>
        storage.Store.CommitAsync(
            async (transaction, token) =>
            {
                var alert = new AlertId(Guid.CreateVersion7());
                var recipient = Assert.Single(await DeliveryLedger.TakeRecipientIdsAsync(transaction.Db, 1, token));
                var id = Assert.Single(await DeliveryLedger.TakeDeliveryIdsAsync(transaction.Db, 1, token));
                await DeliveryLedger.InsertAsync(
                    transaction.Db, [new Recipient { Id = recipient, AlertId = alert, PersonId = new PersonId(Guid.CreateVersion7()), Standing = Standing.NotReached }], token);
                var delivery = new Delivery
                {
                    Id = id,
                    AlertId = alert,
                    RecipientId = recipient,
                    Channel = channel,
                    State = DeliveryState.Planned,
                    StateAt = transaction.Now,
                    Priority = DeliveryPriority.Of(AlertMode.Real, severity),
                    DueAt = dueAt,
                    CreatedAt = transaction.Now,
                };
                await DeliveryLedger.InsertAsync(transaction.Db, [delivery], token);
                return id;
            },
            Cancellation);
}

public sealed class SqliteDeliveryLeaseTests(SqliteStorage storage) : DeliveryLeaseSpecification(storage), IClassFixture<SqliteStorage>;

public sealed class PostgreSqlDeliveryLeaseTests(PostgreSqlStorage storage) : DeliveryLeaseSpecification(storage), IClassFixture<PostgreSqlStorage>;
