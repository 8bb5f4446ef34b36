using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Audience;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Deliveries;
using Tocsin.Alerting.Plans;
using Tocsin.Alerting.Raising;
using Tocsin.Server.Features.Alerts.Raising;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Schema;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Alerts;

/// <summary>A directory, a node and stand-in carriers on a database of the test's own. After every test the counters must equal what they count.</summary>
public abstract class AlertingSpecification(DatabaseKind kind) : IAsyncLifetime
{
    private readonly ScratchDirectory scratch = new();
    private readonly List<AlertingNode> nodes = [];

    internal ManualTimeProvider Time { get; } = new();

    internal ScriptedChannel Sms { get; } = new(ChannelKind.Sms);

    internal ScriptedChannel Email { get; } = new(ChannelKind.Email);

    internal AlertingNode Node { get; private set; } = null!;

    internal DatabaseOptions Database { get; private set; } = null!;

    internal List<Person> People { get; } = [];

    internal static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected virtual TimeProvider Clock => Time;

    public async ValueTask InitializeAsync()
    {
        if (kind == DatabaseKind.Sqlite) await MigratedDatabase.PutAsync(scratch.File("tocsin.db"));
        Database = kind == DatabaseKind.Sqlite
            ? DatabaseOptions.SqliteFile(scratch.File("tocsin.db"))
            : new DatabaseOptions(kind, await MigratedDatabase.NewPostgresAsync(Cancellation));
        Node = await StartNodeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            // Before they are counted: a node that is still at work would change what is counted between the two readings.
            foreach (var node in nodes) await node.DisposeAsync();
            await AssertCountsAreExactAsync();
        }
        finally
        {
            // Of this test alone: other tests are at work on theirs. On PostgreSQL each database has a pool of its own, and the server has room for some only.
            Database.CloseIdleConnections();
            scratch.Dispose();
            GC.SuppressFinalize(this);
        }
    }

    /// <param name="channels">Those that are configured; none given: both.</param>
    internal async Task<AlertingNode> StartNodeAsync(params IAlertChannel[] channels)
    {
        var node = await AlertingNode.StartAsync(Database, Clock, channels.Length == 0 ? [Sms, Email] : channels);
        nodes.Add(node);
        return Node = node;
    }

    /// <summary>People number 0 and up, each with a mobile number and a mailbox.</summary>
    internal async Task AddPeopleAsync(int count)
    {
        var now = Time.GetUtcNow();
        var added = Enumerable.Range(People.Count, count).Select(i => new Person
        {
            Id = new PersonId(Guid.CreateVersion7(now.AddMilliseconds(i))),
            GivenName = "Camille",
            FamilyName = string.Create(CultureInfo.InvariantCulture, $"Martin {i}"),
            DisplayName = string.Create(CultureInfo.InvariantCulture, $"Camille Martin {i}"),
            Language = ContentLanguage.Fr,
            CreatedAt = now,
            ChangedAt = now,
        }).ToList();
        var points = added.SelectMany((person, i) => new[]
        {
            Point(person, ContactPointKind.Mobile, MobileOf(People.Count + i), 0),
            Point(person, ContactPointKind.Email, MailboxOf(People.Count + i), 1),
        }).ToList();
        await Node.Store.CommitAsync(
            (transaction, token) => DirectoryBulkLoader.LoadAsync(transaction.Db, new DirectoryLoad { People = added, ContactPoints = points }, token), Cancellation);
        People.AddRange(added);
    }

    internal static string MobileOf(int person) => string.Create(CultureInfo.InvariantCulture, $"+336{person:00000000}");

    internal static string MailboxOf(int person) => string.Create(CultureInfo.InvariantCulture, $"person{person}@hopital.example");

    internal static AlertDraft Draft(params ChannelKind[] channels) => new()
    {
        Mode = AlertMode.Real,
        Severity = Severity.Extreme,
        Text = Text("Incendie"),
        Audience = AudienceExpression.Everyone,
        Plan = new ChannelPlan { Steps = [new PlanStep { Channels = channels }] },
    };

    internal static AlertText Text(string title) => new(new LocalizedText(title, null), new LocalizedText("Évacuez le bâtiment A.", null));

    internal async Task<AlertId> RaiseAsync(AlertDraft draft)
    {
        var result = await Node.Raise.RaiseAsync(draft, AuditActor.System, null, Cancellation);
        return Assert.IsType<RaiseResult.Raised>(result).Id;
    }

    /// <summary>Waits, without moving the clock, until the alert's numbers are as expected.</summary>
    internal async Task<AlertTotals> UntilAsync(AlertId alert, Func<AlertTotals, bool> isSo)
    {
        AlertTotals totals = null!;
        await Eventually.HoldsAsync(
            async () =>
            {
                totals = await Node.TotalsAsync(alert);
                return isSo(totals);
            });
        return totals;
    }

    /// <summary>Moves the clock on in steps until the condition holds, each step only once all that was due before it is done.</summary>
    /// <remarks>A clock that runs ahead of the database lets leases run out and alerts expire that no real clock would.</remarks>
    internal Task AdvanceUntilAsync(Func<bool> isSo, TimeSpan step) => Eventually.HoldsAsync(async () =>
    {
        if (isSo()) return true;
        if (!await IsAtRestAsync()) return false;
        if (isSo()) return true;
        Time.Advance(step);
        return false;
    });

    private async Task<bool> IsAtRestAsync()
    {
        var now = Time.GetUtcNow();
        return await Node.ReadAsync(async db =>
            !await db.Set<Delivery>().AnyAsync(d => d.State <= DeliveryState.Sending && (d.LeaseOwner != null || d.DueAt <= now), Cancellation)
            && !await db.Set<AlertTimer>().AnyAsync(t => t.LeaseOwner != null || t.DueAt <= now, Cancellation));
    }

    internal static long CountOf(AlertTotals totals, ChannelKind channel, DeliveryState state) =>
        totals.Deliveries.GetValueOrDefault(channel)?.GetValueOrDefault(state) ?? 0;

    internal static long CountOf(AlertTotals totals, Standing standing) => totals.Standing.GetValueOrDefault(standing);

    internal Task<Recipient> RecipientAsync(AlertId alert, int person) =>
        Node.ReadAsync(db => db.Set<Recipient>().AsNoTracking().SingleAsync(r => r.AlertId == alert && r.PersonId == People[person].Id, Cancellation));

    internal Task<List<Delivery>> DeliveriesAsync(AlertId alert, int person) =>
        Node.ReadAsync(db => db.Set<Delivery>().AsNoTracking()
            .Where(d => db.Set<Recipient>().Any(r => r.Id == d.RecipientId && r.AlertId == alert && r.PersonId == People[person].Id)).OrderBy(d => d.Id).ToListAsync(Cancellation));

    private async Task AssertCountsAreExactAsync()
    {
        await using var db = new TocsinDbContext(Options());
        foreach (var alert in await db.Set<Alert>().Select(a => a.Id).ToListAsync(Cancellation))
        {
            var kept = await db.Set<AlertCount>().Where(c => c.AlertId == alert && c.Count != 0).ToDictionaryAsync(c => (c.Kind, c.Key), c => c.Count, Cancellation);
            Assert.Equal(await RecountAsync(db, alert), kept);
        }
    }

    private static async Task<Dictionary<(AlertCountKind, string), long>> RecountAsync(TocsinDbContext db, AlertId alert)
    {
        var changes = new Dictionary<(AlertCountKind, string), long>();
        void Add(AlertCountKind kind, string key) => changes[(kind, key)] = changes.GetValueOrDefault((kind, key)) + 1;
        foreach (var recipient in await db.Set<Recipient>().Where(r => r.AlertId == alert).ToListAsync(Cancellation))
        {
            Add(AlertCountKind.Standing, CountKeys.Of(recipient.Standing));
            Add(AlertCountKind.Site, CountKeys.Site(recipient.SiteId, recipient.Standing));
            if (recipient.AnswerChoice is { } answer) Add(AlertCountKind.Answer, answer);
            if (recipient.HasUnreadReply) Add(AlertCountKind.UnreadReply, "");
        }

        foreach (var delivery in await db.Set<Delivery>().Where(d => d.AlertId == alert).ToListAsync(Cancellation))
        {
            Add(AlertCountKind.Delivery, CountKeys.Delivery(delivery.Channel, delivery.State));
            if (delivery is { State: DeliveryState.Failed, FailureCode: { } code }) Add(AlertCountKind.Failure, CountKeys.Failure(delivery.Channel, code));
        }

        return changes;
    }

    private DbContextOptions<TocsinDbContext> Options()
    {
        var builder = new DbContextOptionsBuilder<TocsinDbContext>();
        StorageRegistration.Configure(builder, Database);
        return builder.Options;
    }

    private StoredContactPoint Point(Person person, ContactPointKind pointKind, string address, int rank) => new()
    {
        Id = new ContactPointId(Guid.CreateVersion7()),
        PersonId = person.Id,
        Kind = pointKind,
        Address = address,
        Rank = rank,
        CreatedAt = Time.GetUtcNow(),
        ChangedAt = Time.GetUtcNow(),
    };
}
