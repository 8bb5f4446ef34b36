using Tocsin.Alerting;
using Tocsin.Storage.Directory;
using Tocsin.Testing;

namespace Tocsin.Storage.Tests.Directory;

/// <summary>Lists and searches against the plain answer worked out in memory, with few people and with so many that the other way of reading is taken.</summary>
public abstract class PeopleQuerySpecification(StorageUnderTest storage)
{
    private static readonly string[] FamilyNames = ["Martin", "Martinez", "Dupond-Lajoie", "D'Œuvre", "Étienne", "Le Goff", "Müller", "田中"];
    private static readonly string[] GivenNames = ["Jean", "Jean-Pierre", "Élodie", "Noël", "Zoé", "Anne Marie", "Łukasz"];
    private static readonly string[] JobTitles = ["Médecin urgentiste", "Infirmier", "Agent de sûreté"];
    private static readonly string[] Searches =
        ["mar", "mart jea", "elo", "ÉLODIE", "œuv", "d'oeuvre noel", "goff", "m1", "m12 mar", "infirmier zoe", "田", "xyz", "jean-p", "a", "e m", "mart mart", "...", "%", "_", "sur urg med", "1"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(60)]
    [InlineData(7_000)]
    public async Task A_search_finds_whoever_has_a_word_that_begins_with_each_word_typed(int people)
    {
        var random = TestSeed.Random();
        var directory = await LoadAsync(random, people);
        await using var db = await storage.Contexts.CreateDbContextAsync(Cancellation);
        foreach (var search in Searches)
            await AssertListsAsync(db, directory, new PeopleFilter { Search = search });
        for (var i = 0; i < 25; i++)
        {
            await AssertListsAsync(db, directory, new PeopleFilter
            {
                Search = random.Next(2) == 0 ? null : Searches[random.Next(Searches.Length)],
                Site = random.Next(3) == 0 ? directory.Sites.ElementAt(random.Next(directory.Sites.Count)).Id : null,
                Group = random.Next(3) == 0 ? directory.Groups.ElementAt(random.Next(directory.Groups.Count)).Id : null,
                DirectMembersOnly = random.Next(2) == 0,
                Function = random.Next(6) == 0 ? directory.Functions.ElementAt(random.Next(directory.Functions.Count)).Id : null,
                List = random.Next(6) == 0 ? directory.Lists.ElementAt(random.Next(directory.Lists.Count)).Id : null,
                Active = random.Next(5) != 0,
            });
        }
    }

    [Fact]
    public async Task Pages_follow_each_other_without_a_gap_or_a_repeat()
    {
        var directory = await LoadAsync(TestSeed.Random(), 500);
        await using var db = await storage.Contexts.CreateDbContextAsync(Cancellation);
        var seen = new List<PersonId>();
        PeopleCursor? after = null;
        while (await PeopleQuery.ListAsync(db, new PeopleFilter(), after, 37, Cancellation) is { Count: > 0 } page)
        {
            seen.AddRange(page.Select(person => person.Id));
            after = new PeopleCursor(page[^1].SortKey, page[^1].Id);
        }

        Assert.Equal(Expected(directory, new PeopleFilter()), seen);
    }

    private static async Task AssertListsAsync(TocsinDbContext db, DirectoryLoad directory, PeopleFilter filter)
    {
        var expected = Expected(directory, filter);
        var page = await PeopleQuery.ListAsync(db, filter, null, 50, Cancellation);
        Assert.True(expected.Take(50).SequenceEqual(page.Select(person => person.Id)), $"{filter}: expected {expected.Count} (first 50), found {page.Count}.");
        if (expected.Count <= 50) return;
        var last = page[^1];
        var second = await PeopleQuery.ListAsync(db, filter, new PeopleCursor(last.SortKey, last.Id), 50, Cancellation);
        Assert.True(expected.Skip(50).Take(50).SequenceEqual(second.Select(person => person.Id)), $"{filter}: the second page differs.");
    }

    private static List<PersonId> Expected(DirectoryLoad directory, PeopleFilter filter)
    {
        var words = SearchText.Words(filter.Search);
        if (words.Count == 0 && filter.Search is not null) return [];
        var groups = new HashSet<GroupId>();
        if (filter.Group is { } group) AddGroups(directory, group, filter.DirectMembersOnly, groups);
        var members = directory.GroupMembers.Where(m => groups.Contains(m.GroupId)).Select(m => m.PersonId).ToHashSet();
        var holders = directory.FunctionHolders.Where(h => h.FunctionId == filter.Function).Select(h => h.PersonId).ToHashSet();
        var listed = directory.ListMembers.Where(m => m.ListId == filter.List).Select(m => m.PersonId).ToHashSet();
        return
        [
            .. directory.People
                .Where(person => person.Active == filter.Active
                    && (filter.Site is null || person.SiteId == filter.Site)
                    && (filter.Group is null || members.Contains(person.Id))
                    && (filter.Function is null || holders.Contains(person.Id))
                    && (filter.List is null || listed.Contains(person.Id))
                    && words.TrueForAll(word => SearchText.Split(person.SearchText).Any(own => own.StartsWith(word, StringComparison.Ordinal))))
                .OrderBy(person => person.SortKey, StringComparer.Ordinal)
                .ThenBy(person => person.Id.Value)
                .Select(person => person.Id),
        ];
    }

    private static void AddGroups(DirectoryLoad directory, GroupId group, bool directOnly, HashSet<GroupId> groups)
    {
        if (!groups.Add(group) || directOnly) return;
        foreach (var nesting in directory.GroupNestings.Where(n => n.ParentId == group)) AddGroups(directory, nesting.ChildId, false, groups);
    }

    private async Task<DirectoryLoad> LoadAsync(Random random, int count)
    {
        var directory = new RandomDirectory(random, count).Load;
        foreach (var person in directory.People)
        {
            person.FamilyName = FamilyNames[random.Next(FamilyNames.Length)];
            person.GivenName = GivenNames[random.Next(GivenNames.Length)];
            person.DisplayName = person.GivenName + " " + person.FamilyName;
            person.JobTitle = random.Next(3) == 0 ? null : JobTitles[random.Next(JobTitles.Length)];
        }

        // One group so large that it is no narrow condition.
        var large = directory.Groups.First().Id;
        var members = directory.GroupMembers.Concat(directory.People.Where(_ => random.Next(5) != 0).Select(person => new GroupMember { GroupId = large, PersonId = person.Id }));
        directory = directory with { GroupMembers = [.. members.DistinctBy(m => (m.GroupId, m.PersonId))] };
        await storage.Store.CommitAsync(
            async (transaction, token) =>
            {
                await RandomDirectory.ClearAsync(transaction.Db, token);
                await DirectoryBulkLoader.LoadAsync(transaction.Db, directory, token);
            },
            Cancellation);
        return directory;
    }
}

public sealed class People_query_on_Sqlite(SqliteStorage storage) : PeopleQuerySpecification(storage), IClassFixture<SqliteStorage>;

public sealed class People_query_on_PostgreSql(PostgreSqlStorage storage) : PeopleQuerySpecification(storage), IClassFixture<PostgreSqlStorage>;
