using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Plans;
using Tocsin.Storage.Directory;
using Tocsin.Testing;

namespace Tocsin.Storage.Tests.Directory;

public abstract class BulkLoadSpecification(StorageUnderTest storage)
{
    private static readonly DateTimeOffset Moment = DateTimeOffset.FromUnixTimeMilliseconds(1_790_000_000_123);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_column_comes_back_as_it_was_loaded()
    {
        var site = new Site { Id = new(Guid.CreateVersion7()), Name = "Hôpital Nord", PostalAddress = "1 rue de l'Œuf", ExternalId = "S1", Source = DirectorySource.Import, CreatedAt = Moment, ChangedAt = Moment };
        var person = new Person
        {
            Id = new(Guid.CreateVersion7()),
            ExternalId = "4711",
            GivenName = "Noël",
            FamilyName = "D'Œuvre",
            DisplayName = "Noël D'Œuvre",
            Language = ContentLanguage.En,
            SiteId = site.Id,
            JobTitle = "Médecin",
            Active = false,
            Source = DirectorySource.Import,
            CreatedAt = Moment,
            ChangedAt = Moment.AddSeconds(1),
        };
        var point = new StoredContactPoint
        {
            Id = new(Guid.CreateVersion7()),
            PersonId = person.Id,
            Kind = ContactPointKind.App,
            Address = "https://push.example.org/1",
            ChannelData = "{}",
            Rank = 3,
            Label = "Téléphone 📟",
            QuietHours = new QuietHours(new TimeOnly(22, 30), new TimeOnly(7, 0), "Europe/Paris"),
            VerifiedAt = Moment,
            Enabled = false,
            Source = DirectorySource.Import,
            CreatedAt = Moment,
            ChangedAt = Moment,
        };
        await LoadAsync(new DirectoryLoad { Sites = [site], People = [person], ContactPoints = [point] });

        await using var db = await storage.Contexts.CreateDbContextAsync(Cancellation);
        Assert.Equivalent(site, await db.Set<Site>().SingleAsync(s => s.Id == site.Id, Cancellation), strict: true);
        Assert.Equivalent(person, await db.Set<Person>().SingleAsync(p => p.Id == person.Id, Cancellation), strict: true);
        Assert.Equivalent(point, await db.Set<StoredContactPoint>().SingleAsync(c => c.Id == point.Id, Cancellation), strict: true);
        Assert.Equal("d oeuvre noel", person.SortKey);
        Assert.Equal(
            ["4711", "d", "medecin", "noel", "oeuvre"],
            await db.Set<PersonWord>().Where(w => w.PersonId == person.Id).OrderBy(w => w.Word).Select(w => w.Word).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task Whole_random_directories_come_back_complete()
    {
        var directory = new RandomDirectory(TestSeed.Random(), people: 300).Load;
        await LoadAsync(directory);
        await using var db = await storage.Contexts.CreateDbContextAsync(Cancellation);
        var people = directory.People.Select(p => p.Id).ToHashSet();
        Assert.Equal(people, (await db.Set<Person>().Select(p => p.Id).ToListAsync(Cancellation)).ToHashSet().Intersect(people).ToHashSet());
        Assert.Equal(directory.GroupMembers.Count, await db.Set<GroupMember>().CountAsync(Cancellation));
        Assert.Equal(directory.GroupNestings.Count, await db.Set<GroupNesting>().CountAsync(Cancellation));
        Assert.Equal(directory.FunctionHolders.Count, await db.Set<FunctionHolder>().CountAsync(Cancellation));
        Assert.Equal(directory.ListMembers.Count, await db.Set<ListMember>().CountAsync(Cancellation));
        Assert.Equal(directory.Rotas.Select(r => r.Definition).Order(), await db.Set<StoredRota>().Select(r => r.Definition).Order().ToListAsync(Cancellation));
    }

    [Fact]
    public async Task Nothing_is_kept_of_a_load_that_fails_at_its_end()
    {
        var person = new Person { Id = new(Guid.CreateVersion7()), FamilyName = "Seul", GivenName = "Un", DisplayName = "Un Seul" };
        var orphan = new StoredContactPoint { Id = new(Guid.CreateVersion7()), PersonId = new(Guid.CreateVersion7()), Kind = ContactPointKind.Email, Address = "x@example.org" };
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => LoadAsync(new DirectoryLoad { People = [person], ContactPoints = [orphan] }));
        await using var db = await storage.Contexts.CreateDbContextAsync(Cancellation);
        Assert.False(await db.Set<Person>().AnyAsync(p => p.Id == person.Id, Cancellation));
    }

    private Task LoadAsync(DirectoryLoad load) =>
        storage.Store.CommitAsync((transaction, token) => DirectoryBulkLoader.LoadAsync(transaction.Db, load, token), Cancellation);
}

public sealed class Bulk_load_on_Sqlite(SqliteStorage storage) : BulkLoadSpecification(storage), IClassFixture<SqliteStorage>;

public sealed class Bulk_load_on_PostgreSql(PostgreSqlStorage storage) : BulkLoadSpecification(storage), IClassFixture<PostgreSqlStorage>;
