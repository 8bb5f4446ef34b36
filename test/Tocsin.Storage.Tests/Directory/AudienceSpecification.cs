using Tocsin.Alerting;
using Tocsin.Alerting.Audience;
using Tocsin.Storage.Directory;
using Tocsin.Testing;

namespace Tocsin.Storage.Tests.Directory;

public abstract class AudienceSpecification(StorageUnderTest storage)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_audience_read_from_the_database_is_the_one_that_the_rules_find_in_memory()
    {
        var random = TestSeed.Random();
        for (var round = 0; round < 15; round++)
        {
            var directory = new RandomDirectory(random);
            await LoadAsync(directory);
            await using var db = await storage.Contexts.CreateDbContextAsync(Cancellation);
            for (var i = 0; i < 30; i++)
            {
                var (expression, moment) = (directory.NewExpression(), directory.NewMoment());
                var expected = AudienceResolution.Resolve(expression, directory.SnapshotAt(moment));
                Assert.Equal(expected, await AudienceQuery.ResolveAsync(db, expression, moment, Cancellation));
                Assert.Equal(expected.Count, await AudienceQuery.CountAsync(db, expression, moment, Cancellation));
            }
        }
    }

    [Fact]
    public async Task An_audience_is_read_inside_the_transaction_that_raises_the_alert()
    {
        var directory = new RandomDirectory(TestSeed.Random());
        await LoadAsync(directory);
        await storage.Store.CommitAsync(
            async (transaction, token) =>
            {
                var newcomer = new Person { Id = new(Guid.CreateVersion7()), FamilyName = "Nouveau", GivenName = "Zoé", DisplayName = "Zoé Nouveau" };
                await DirectoryBulkLoader.LoadAsync(transaction.Db, new DirectoryLoad { People = [newcomer] }, token);
                var audience = new AudienceExpression { Include = new AudienceSelection { People = [newcomer.Id] } };
                Assert.Equal([newcomer.Id], await AudienceQuery.ResolveAsync(transaction.Db, audience, transaction.Now, token));
            },
            Cancellation);
    }

    [Fact]
    public async Task The_most_terms_that_an_audience_may_have_are_read_at_once()
    {
        var directory = new RandomDirectory(TestSeed.Random());
        await LoadAsync(directory);
        PersonId[] named = [.. directory.Load.People.Select(person => person.Id), .. Enumerable.Range(0, AudienceSelection.MaximumTerms).Select(_ => new PersonId(Guid.CreateVersion7()))];
        var expression = new AudienceExpression { Include = new AudienceSelection { People = named[..AudienceSelection.MaximumTerms] } };

        await using var db = await storage.Contexts.CreateDbContextAsync(Cancellation);
        Assert.Equal(directory.Load.People.Count(person => person.Active), await AudienceQuery.CountAsync(db, expression, directory.NewMoment(), Cancellation));
    }

    private Task LoadAsync(RandomDirectory directory) => storage.Store.CommitAsync(
        async (transaction, token) =>
        {
            await RandomDirectory.ClearAsync(transaction.Db, token);
            await DirectoryBulkLoader.LoadAsync(transaction.Db, directory.Load, token);
        },
        Cancellation);
}

public sealed class Audience_on_Sqlite(SqliteStorage storage) : AudienceSpecification(storage), IClassFixture<SqliteStorage>;

public sealed class Audience_on_PostgreSql(PostgreSqlStorage storage) : AudienceSpecification(storage), IClassFixture<PostgreSqlStorage>;
