using Microsoft.EntityFrameworkCore;
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
}

/// <summary>Adds many people at once: 100,000 with their contact points in seconds. For imports, the demonstration and benchmarks.</summary>
public static class DirectoryBulkLoader
{
    /// <summary>Inserts <paramref name="load"/> in the context's current transaction, after deriving folded names and search words.</summary>
    /// <remarks>Only inserts: an id, external id or name that is already there fails the transaction. Writes no event and no audit record: the caller knows why it loads.</remarks>
    public static async Task LoadAsync(TocsinDbContext db, DirectoryLoad load, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(load);
        Derive(load);
        await DirectoryBulkTables.Sites.InsertAsync(db, load.Sites, cancellationToken);
        await DirectoryBulkTables.Groups.InsertAsync(db, load.Groups, cancellationToken);
        await DirectoryBulkTables.GroupNestings.InsertAsync(db, load.GroupNestings, cancellationToken);
        await DirectoryBulkTables.Functions.InsertAsync(db, load.Functions, cancellationToken);
        await DirectoryBulkTables.Rotas.InsertAsync(db, load.Rotas, cancellationToken);
        await DirectoryBulkTables.Lists.InsertAsync(db, load.Lists, cancellationToken);
        await DirectoryBulkTables.People.InsertAsync(db, load.People, cancellationToken);
        await DirectoryBulkTables.Words.InsertAsync(db, WordsOf(load.People), cancellationToken);
        await DirectoryBulkTables.Preferences.InsertAsync(db, load.Preferences, cancellationToken);
        await DirectoryBulkTables.ContactPoints.InsertAsync(db, load.ContactPoints, cancellationToken);
        await DirectoryBulkTables.GroupMembers.InsertAsync(db, load.GroupMembers.OrderBy(m => m.GroupId.Value).ThenBy(m => m.PersonId.Value), cancellationToken);
        await DirectoryBulkTables.FunctionHolders.InsertAsync(db, load.FunctionHolders, cancellationToken);
        await DirectoryBulkTables.ListMembers.InsertAsync(db, load.ListMembers.OrderBy(m => m.ListId.Value).ThenBy(m => m.PersonId.Value), cancellationToken);
        if (db.Kind == DatabaseKind.PostgreSql && load.People.Count >= ManyPeople) await db.Database.ExecuteSqlRawAsync(Analyze, cancellationToken);
    }

    private const int ManyPeople = 1_000;

    // PostgreSQL plans by statistics, which it gathers when it finds the time; the alert that follows an import must not wait for that.
    private const string Analyze = "ANALYZE people, person_words, contact_points, group_members, function_holders, list_members";

    private static void Derive(DirectoryLoad load)
    {
        foreach (var site in load.Sites) site.NameKey = SearchText.NameKey(site.Name);
        foreach (var group in load.Groups) group.NameKey = SearchText.NameKey(group.Name);
        foreach (var function in load.Functions) function.NameKey = SearchText.NameKey(function.NameFr ?? function.NameEn ?? "");
        foreach (var rota in load.Rotas) rota.NameKey = SearchText.NameKey(rota.Name);
        foreach (var list in load.Lists) list.NameKey = SearchText.NameKey(list.Name);
        foreach (var person in load.People) person.Refold();
    }

    /// <summary>In the order of the index, so that it grows at its end instead of all over: several times faster.</summary>
    internal static PersonWord[] WordsOf(IEnumerable<Person> people)
    {
        PersonWord[] words = [.. people.SelectMany(person => SearchText.Split(person.SearchText).Select(word => new PersonWord { Word = word, PersonId = person.Id }))];
        Array.Sort(words, static (a, b) => string.CompareOrdinal(a.Word, b.Word) is var order && order != 0 ? order : a.PersonId.Value.CompareTo(b.PersonId.Value));
        return words;
    }
}
