using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Server.Features.Retention;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Bulletins;
using Tocsin.Storage.Notices;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Retention;

public abstract class PurgeSpecification
{
    private readonly ManualTimeProvider time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => time.GetUtcNow();

    protected abstract Task<string?> DatabaseAsync();

    [Fact]
    public async Task What_happened_to_messages_and_what_people_wrote_goes_when_the_alert_has_ended_long_ago()
    {
        await using var server = await StartAsync();
        var old = await AddAlertAsync(server, 1, Now.AddDays(-731), recipients: 600);
        var recent = await AddAlertAsync(server, 2, Now.AddDays(-729), recipients: 3);
        var running = await AddAlertAsync(server, 3, null, recipients: 3);
        var audited = await CountAsync<AuditRecord>(server, _ => true);

        await RunAsync(server);
        await RunAsync(server);

        Assert.Equal((0, 0), (await CountAsync<Delivery>(server, d => d.AlertId == old), await CountAsync<AnswerRecord>(server, a => a.AlertId == old)));
        Assert.Equal(600, await CountAsync<Recipient>(server, r => r.AlertId == old));
        foreach (var kept in (AlertId[])[recent, running])
            Assert.Equal((3, 3), (await CountAsync<Delivery>(server, d => d.AlertId == kept), await CountAsync<AnswerRecord>(server, a => a.AlertId == kept)));
        Assert.Equal(6, await CountAsync<DeliveryAttempt>(server, _ => true));
        Assert.Equal(1, await CountAsync<Alert>(server, alert => alert.PurgedAt != null));
        Assert.Equal(audited, await CountAsync<AuditRecord>(server, _ => true));
    }

    [Fact]
    public async Task Lines_of_imports_and_keys_of_commands_go_and_their_imports_counts_stay()
    {
        await using var server = await StartAsync();
        var undecided = await AddImportAsync(server, PeopleImportState.Ready, Now.AddDays(-31), lines: 2_500);
        await AddImportAsync(server, PeopleImportState.Applied, Now.AddDays(-31), lines: 10);
        var recent = await AddImportAsync(server, PeopleImportState.Ready, Now.AddDays(-29), lines: 10);
        await server.Store.CommitAsync(
            (transaction, _) =>
            {
                for (var i = 0; i < 1_500; i++) transaction.Db.Add(new IdempotencyRecord { Actor = "a", Key = $"old-{i}", RequestHash = [1], CreatedAt = Now.AddDays(-8) });
                transaction.Db.Add(new IdempotencyRecord { Actor = "a", Key = "new", RequestHash = [1], CreatedAt = Now.AddDays(-6) });
                return Task.CompletedTask;
            },
            Cancellation);

        await RunAsync(server);

        Assert.Equal(10, await CountAsync<PeopleImportLine>(server, _ => true));
        Assert.Equal(10, await CountAsync<PeopleImportLine>(server, line => line.ImportId == recent));
        Assert.Equal(1, await CountAsync<PeopleImport>(server, import => import.Id == undecided && import.State == PeopleImportState.Discarded));
        Assert.Equal(3, await CountAsync<PeopleImport>(server, _ => true));
        Assert.Equal(1, await CountAsync<IdempotencyRecord>(server, key => key.Actor == "a"));
    }

    [Fact]
    public async Task Who_read_a_bulletin_and_what_they_asked_goes_when_it_has_ended_long_ago_and_the_bulletin_stays()
    {
        await using var server = await StartAsync();
        await AddBulletinAsync(server, 1, Now.AddDays(-731), people: 1_200);
        await AddBulletinAsync(server, 2, Now.AddDays(-729), people: 3);
        await AddBulletinAsync(server, 3, null, people: 3);

        await RunAsync(server);

        Assert.Equal(
            (6, 6, 6),
            (await CountAsync<BulletinDelivery>(server, _ => true), await CountAsync<BulletinReading>(server, _ => true), await CountAsync<BulletinQuestion>(server, _ => true)));
        Assert.Equal((3, 3, 3), (await CountAsync<Bulletin>(server, _ => true), await CountAsync<BulletinVersion>(server, _ => true), await CountAsync<BulletinApproval>(server, _ => true)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(100_000)]
    public void Days_that_make_no_sense_are_refused(int days) => Assert.Single(new RetentionOptions { ImportDays = days }.FindErrors());

    private async Task<ServerUnderTest> StartAsync() => await ServerUnderTest.StartAsync(await DatabaseAsync(), time);

    private static Task RunAsync(ServerUnderTest server) => server.Services.GetRequiredService<Purge>().RunAsync(Cancellation);

    private static async Task<int> CountAsync<T>(ServerUnderTest server, System.Linq.Expressions.Expression<Func<T, bool>> which)
        where T : class
    {
        await using var db = await server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);
        return await db.Set<T>().CountAsync(which, Cancellation);
    }

    private async Task<PeopleImportId> AddImportAsync(ServerUnderTest server, PeopleImportState state, DateTimeOffset at, int lines)
    {
        var id = new PeopleImportId(Guid.CreateVersion7());
        await server.Store.CommitAsync(
            async (transaction, token) =>
            {
                transaction.Db.Add(new PeopleImport { Id = id, State = state, FileName = "people.csv", CreatedAt = at, ChangedAt = at });
                await transaction.Db.SaveChangesAsync(token);
                await PeopleImportLines.AddAsync(transaction.Db, Enumerable.Range(2, lines).Select(line => new PeopleImportLine { ImportId = id, Line = line, Name = "A" }), token);
            },
            Cancellation);
        return id;
    }

    private Task AddBulletinAsync(ServerUnderTest server, long number, DateTimeOffset? ended, int people) => server.Store.CommitAsync(
        (transaction, _) =>
        {
            var id = new BulletinId(Guid.CreateVersion7());
            var person = new PersonId(Guid.CreateVersion7());
            transaction.Db.Add(new Bulletin { Id = id, Number = number, Version = 1, PublishedVersion = 1, CreatedAt = Now.AddDays(-800), PublishedAt = Now.AddDays(-800), EndedAt = ended });
            transaction.Db.Add(new BulletinVersion { BulletinId = id, Version = 1, TitleFr = "T", AuthorId = person, AuthorName = "A", WrittenAt = Now.AddDays(-800) });
            transaction.Db.Add(new BulletinApproval { BulletinId = id, Version = 1, PersonId = person, PersonName = "B", ApprovedAt = Now.AddDays(-800) });
            for (var i = 0; i < people; i++)
            {
                var reader = new PersonId(Guid.CreateVersion7());
                transaction.Db.Add(new BulletinDelivery { BulletinId = id, Version = 1, Channel = ChannelKind.Email, State = NoticeState.Sent, DueAt = Now, ExpiresAt = Now });
                transaction.Db.Add(new BulletinReading { BulletinId = id, PersonId = reader, Version = 1, ReadAt = Now });
                transaction.Db.Add(new BulletinQuestion { Id = new BulletinQuestionId(Guid.CreateVersion7()), BulletinId = id, PersonId = reader, PersonName = "C", Text = "?", AskedAt = Now });
            }

            return Task.CompletedTask;
        },
        Cancellation);

    private async Task<AlertId> AddAlertAsync(ServerUnderTest server, long number, DateTimeOffset? ended, int recipients)
    {
        var id = new AlertId(Guid.CreateVersion7());
        await server.Store.CommitAsync(
            async (transaction, token) =>
            {
                var db = transaction.Db;
                db.Add(new Alert
                {
                    Id = id,
                    Number = number,
                    State = ended is null ? AlertState.Active : AlertState.AllClear,
                    Draft = "{}",
                    RaisedBy = "account:x",
                    RaisedByName = "X",
                    RaisedAt = Now.AddDays(-800),
                    ExpiresAt = Now.AddDays(9),
                    EndedAt = ended,
                });
                var people = Enumerable.Range(0, recipients).Select(_ => new Recipient { AlertId = id, PersonId = new PersonId(Guid.CreateVersion7()), Name = "A" }).ToList();
                db.AddRange(people);
                await db.SaveChangesAsync(token);
                var deliveries = people.Select(person => new Delivery
                {
                    AlertId = id,
                    RecipientId = person.Id,
                    Channel = ChannelKind.Sms,
                    Address = "+33600000000",
                    State = Alerting.Deliveries.DeliveryState.Accepted,
                    StateAt = Now,
                    DueAt = Now,
                    CreatedAt = Now,
                }).ToList();
                db.AddRange(deliveries);
                await db.SaveChangesAsync(token);
                db.AddRange(deliveries.Select(delivery => new DeliveryAttempt { DeliveryId = delivery.Id, Attempt = 1, At = Now, FailureCode = "x" }));
                db.AddRange(people.Select(person => new AnswerRecord { AlertId = id, RecipientId = person.Id, Comment = "A", At = Now, ReceivedAt = Now, DeduplicationKey = "k" }));
            },
            Cancellation);
        return id;
    }
}

public sealed class SqlitePurgeTests : PurgeSpecification
{
    protected override Task<string?> DatabaseAsync() => Task.FromResult<string?>(null);
}

public sealed class PostgreSqlPurgeTests : PurgeSpecification
{
    protected override async Task<string?> DatabaseAsync() => await ServerUnderTest.NewPostgresDatabaseAsync();
}
