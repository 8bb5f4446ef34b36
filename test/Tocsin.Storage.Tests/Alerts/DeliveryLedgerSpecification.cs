using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Deliveries;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Tests.Alerts;

public abstract class DeliveryLedgerSpecification(StorageUnderTest storage)
{
    private const int Sent = 5_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_providers_names_find_its_latest_deliveries_and_no_others()
    {
        var (first, second, other) = (Name(), Name(), "elsewhere");
        var ids = await AddAsync([("one", first), ("one", second), (other, first), ("one", first), ("one", null)]);

        var found = await storage.Store.CommitAsync(
            (transaction, token) => DeliveryLedger.FindByProviderAsync(transaction.Db, "one", [first, second, Name()], token), Cancellation);

        Assert.Equal(new Dictionary<string, long> { [first] = ids[3], [second] = ids[1] }, found);
    }

    [Fact]
    public async Task The_deliveries_of_some_recipients_are_those_and_no_others()
    {
        var ids = await AddAsync([("one", Name()), ("one", Name()), ("one", Name())]);
        await using var db = await storage.Contexts.CreateDbContextAsync(Cancellation);
        var recipients = await db.Set<Delivery>().Where(d => ids.Contains(d.Id)).ToDictionaryAsync(d => d.Id, d => d.RecipientId, Cancellation);
        await storage.Store.CommitAsync(
            async (transaction, token) =>
            {
                var states = await DeliveryLedger.ReadStatesAsync(transaction.Db, [recipients[ids[0]], recipients[ids[2]]], token);
                Assert.Equal([(ids[0], DeliveryState.Sending)], states[recipients[ids[0]]]);
                Assert.Equal(2, states.Count);
                var open = await DeliveryLedger.LoadOpenOfAsync(transaction.Db, [recipients[ids[1]]], token);
                Assert.Equal([ids[1]], open.Keys);
            },
            Cancellation);
    }

    /// <summary>PostgreSQL read every delivery that the provider had ever taken, for each batch of receipts: a table that an alert has just filled has no statistics.</summary>
    [Fact]
    public async Task What_receipts_and_answers_look_for_costs_what_they_ask_and_not_what_was_ever_sent()
    {
        if (storage.Database.Kind == DatabaseKind.Sqlite) return;
        var names = Enumerable.Range(0, Sent).Select(_ => Name()).ToList();
        var ids = await AddAsync([.. names.Select(name => ("many", (string?)name))]);
        await storage.Store.CommitAsync(
            async (transaction, token) =>
            {
                var db = transaction.Db;
                var recipients = await db.Set<Delivery>().Where(d => d.Id >= ids[100] && d.Id < ids[200]).Select(d => d.RecipientId).ToListAsync(token);
                var before = await RowsReadAsync(db);
                Assert.Equal(100, (await DeliveryLedger.FindByProviderAsync(db, "many", names[100..200], token)).Count);
                Assert.Equal(100, (await DeliveryLedger.LoadOpenOfAsync(db, recipients, token)).Count);
                Assert.Equal(100, (await DeliveryLedger.ReadStatesAsync(db, recipients, token)).Count);
                Assert.InRange(await RowsReadAsync(db) - before, 100, 1_000);
            },
            Cancellation);
    }

    private static async Task<long> RowsReadAsync(TocsinDbContext db) =>
        (await db.Database.SqlQuery<long>($"SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) AS \"Value\" FROM pg_stat_xact_user_tables WHERE relname = 'deliveries'").ToListAsync(Cancellation)).Single();

    private static string Name() => Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);

    private Task<List<long>> AddAsync(List<(string Provider, string? Name)> messages) =>
        storage.Store.CommitAsync(
            async (transaction, token) =>
            {
                var alert = new AlertId(Guid.CreateVersion7());
                var recipients = await DeliveryLedger.TakeRecipientIdsAsync(transaction.Db, messages.Count, token);
                var ids = await DeliveryLedger.TakeDeliveryIdsAsync(transaction.Db, messages.Count, token);
                await DeliveryLedger.InsertAsync(transaction.Db, [.. recipients.Select(id => NewRecipient(id, alert))], token);
                await DeliveryLedger.InsertAsync(transaction.Db, [.. ids.Select((id, i) => NewDelivery(id, alert, recipients[i], transaction))], token);
                var loaded = await DeliveryLedger.LoadDeliveriesAsync(transaction.Db, ids, token);
                for (var i = 0; i < ids.Length; i++) (loaded[ids[i]].ProviderId, loaded[ids[i]].ProviderMessageId) = messages[i];
                await DeliveryLedger.SaveAsync(transaction.Db, [.. loaded.Values], token);
                return ids.ToList();
            },
            Cancellation);

    private static Recipient NewRecipient(long id, AlertId alert) => new() { Id = id, AlertId = alert, PersonId = new PersonId(Guid.CreateVersion7()), Standing = Standing.NotReached };

    private static Delivery NewDelivery(long id, AlertId alert, long recipient, CommandTransaction transaction) => new()
    {
        Id = id,
        AlertId = alert,
        RecipientId = recipient,
        Channel = ChannelKind.Sms,
        State = DeliveryState.Sending,
        StateAt = transaction.Now,
        DueAt = transaction.Now,
        CreatedAt = transaction.Now,
    };
}

public sealed class SqliteDeliveryLedgerTests(SqliteStorage storage) : DeliveryLedgerSpecification(storage), IClassFixture<SqliteStorage>;

public sealed class PostgreSqlDeliveryLedgerTests(PostgreSqlStorage storage) : DeliveryLedgerSpecification(storage), IClassFixture<PostgreSqlStorage>;
