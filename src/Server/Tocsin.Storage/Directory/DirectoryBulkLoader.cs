using Microsoft.EntityFrameworkCore;
using Tocsin.Storage.Bulk;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Directory;

/// <summary>A directory, or a part of one, to be added in one go.</summary>
public sealed record DirectoryLoad
{
    public IReadOnlyCollection<Site> Sites { get; init; } = [];

    public IReadOnlyCollection<PersonGroup> Groups { get; init; } = [];

    public IReadOnlyCollection<GroupNesting> GroupNestings { get; init; } = [];

    public IReadOnlyCollection<CrisisFunction> Functions { get; init; } = [];

    public IReadOnlyCollection<StoredRota> Rotas { get; init; } = [];

    public IReadOnlyCollection<PersonList> Lists { get; init; } = [];

    public IReadOnlyCollection<Person> People { get; init; } = [];

    public IReadOnlyCollection<PersonPreferences> Preferences { get; init; } = [];

    public IReadOnlyCollection<StoredContactPoint> ContactPoints { get; init; } = [];

    public IReadOnlyCollection<GroupMember> GroupMembers { get; init; } = [];

    public IReadOnlyCollection<FunctionHolder> FunctionHolders { get; init; } = [];

    public IReadOnlyCollection<ListMember> ListMembers { get; init; } = [];

    /// <summary>Null until <see cref="Prepare"/>.</summary>
    internal IReadOnlyCollection<PersonWord>? Words { get; private init; }

    /// <summary>How many rows it comes to; to be asked once it is prepared.</summary>
    public int Rows =>
        Sites.Count + Groups.Count + GroupNestings.Count + Functions.Count + Rotas.Count + Lists.Count + People.Count + (Words?.Count ?? 0) + Preferences.Count + ContactPoints.Count +
        GroupMembers.Count + FunctionHolders.Count + ListMembers.Count;

    /// <summary>Derives folded names and search words, and puts rows into the order of their index, so that it grows at its end instead of all over: several times faster.</summary>
    /// <remarks>Needs no database: what takes seconds of 100,000 people need not happen in a transaction.</remarks>
    public DirectoryLoad Prepare()
    {
        foreach (var site in Sites) site.NameKey = SearchText.NameKey(site.Name);
        foreach (var group in Groups) group.NameKey = SearchText.NameKey(group.Name);
        foreach (var function in Functions) function.NameKey = SearchText.NameKey(function.NameFr ?? function.NameEn ?? "");
        foreach (var rota in Rotas) rota.NameKey = SearchText.NameKey(rota.Name);
        foreach (var list in Lists) list.NameKey = SearchText.NameKey(list.Name);
        foreach (var person in People) person.Refold();
        return this with
        {
            Words = WordsOf(People),
            GroupMembers = [.. GroupMembers.OrderBy(m => m.GroupId.Value).ThenBy(m => m.PersonId.Value)],
            ListMembers = [.. ListMembers.OrderBy(m => m.ListId.Value).ThenBy(m => m.PersonId.Value)],
        };
    }

    private static PersonWord[] WordsOf(IEnumerable<Person> people)
    {
        PersonWord[] words = [.. people.SelectMany(person => SearchText.Split(person.SearchText).Select(word => new PersonWord { Word = word, PersonId = person.Id }))];
        Array.Sort(words, static (a, b) => string.CompareOrdinal(a.Word, b.Word) is var order && order != 0 ? order : a.PersonId.Value.CompareTo(b.PersonId.Value));
        return words;
    }
}

/// <summary>Adds many people at once: 100,000 with their contact points in seconds. For imports, the demonstration and benchmarks.</summary>
public static class DirectoryBulkLoader
{
    /// <summary>Inserts <paramref name="load"/> in the context's current transaction, after deriving folded names and search words.</summary>
    /// <remarks>Only inserts: an id, external id or name that is already there fails the transaction. Writes no event and no audit record: the caller knows why it loads.</remarks>
    /// <param name="written">Told now and then how many rows more were written; null: nobody asks.</param>
    public static async Task LoadAsync(TocsinDbContext db, DirectoryLoad load, CancellationToken cancellationToken, Action<int>? written = null)
    {
        ArgumentNullException.ThrowIfNull(load);
        if (load.Words is null) load = load.Prepare();
        await InsertAsync(DirectoryBulkTables.Sites, load.Sites);
        await InsertAsync(DirectoryBulkTables.Groups, load.Groups);
        await InsertAsync(DirectoryBulkTables.GroupNestings, load.GroupNestings);
        await InsertAsync(DirectoryBulkTables.Functions, load.Functions);
        await InsertAsync(DirectoryBulkTables.Rotas, load.Rotas);
        await InsertAsync(DirectoryBulkTables.Lists, load.Lists);
        await InsertAsync(DirectoryBulkTables.People, load.People);
        await InsertAsync(DirectoryBulkTables.Words, load.Words!);
        await InsertAsync(DirectoryBulkTables.Preferences, load.Preferences);
        await InsertAsync(DirectoryBulkTables.ContactPoints, load.ContactPoints);
        await InsertAsync(DirectoryBulkTables.GroupMembers, load.GroupMembers);
        await InsertAsync(DirectoryBulkTables.FunctionHolders, load.FunctionHolders);
        await InsertAsync(DirectoryBulkTables.ListMembers, load.ListMembers);
        if (db.Kind == DatabaseKind.PostgreSql && load.People.Count >= ManyPeople) await db.Database.ExecuteSqlRawAsync(Analyze, cancellationToken);

        async Task InsertAsync<TRow>(BulkTable<TRow> table, IReadOnlyCollection<TRow> rows)
        {
            foreach (var chunk in rows.Chunk(RowsPerWord))
            {
                var count = await table.InsertAsync(db, chunk, cancellationToken);
                written?.Invoke(count);
            }
        }
    }

    private const int ManyPeople = 1_000;

    // A dozen words a second of a load that runs well.
    private const int RowsPerWord = 10_000;

    // PostgreSQL plans by statistics, which it gathers when it finds the time; the alert that follows an import must not wait for that.
    private const string Analyze = "ANALYZE people, person_words, contact_points, group_members, function_holders, list_members";
}
