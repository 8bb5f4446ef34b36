using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Directory;

/// <summary>Lists people in the order of their names, as fast as somebody types.</summary>
/// <remarks>
/// Two ways, chosen by how many people the narrow conditions leave. Few: those people are looked up, and put in order. Many: everyone is gone through in the order
/// of the index until the page is full, which for common conditions is soon. The choice is made here because the databases guess at it badly.
/// </remarks>
public static class PeopleQuery
{
    // Up to this many, looking people up one by one and sorting them is faster than going through everybody in order.
    private const int FewPeople = 2_000;

    // Up to this many, reading a condition's people to see whom they share with another's is cheap beside going through everybody in vain.
    private const int ManyPeople = 20_000;

    // Sorts after every word that begins with what stands before it: the last character there is.
    private const string AfterEveryWord = "\U0010FFFF";

    /// <summary>The first <paramref name="limit"/> people after <paramref name="after"/>.</summary>
    public static async Task<List<Person>> ListAsync(TocsinDbContext db, PeopleFilter filter, PeopleCursor? after, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, FewPeople);
        var words = SearchText.Words(filter.Search).Distinct(StringComparer.Ordinal).Take(PeopleFilter.MostWords).ToList();

        // A search of nothing but punctuation finds nobody, rather than everybody.
        if (words.Count == 0 && !string.IsNullOrWhiteSpace(filter.Search)) return [];
        var groups = filter.Group is { } group ? await GroupsAsync(db, group, filter.DirectMembersOnly, cancellationToken) : [];
        var few = await FindFewAsync(db, filter, words, groups, cancellationToken);
        if (few is { Count: 0 }) return [];

        var statement = Statement(db.Kind, filter, words, groups, few, after, limit);
        return await ReadInOrderAsync(db, await IdReader.ReadAsync(db, statement.Sql, statement.Parameters, cancellationToken), cancellationToken);
    }

    private static async Task<IReadOnlyCollection<GroupId>> GroupsAsync(TocsinDbContext db, GroupId group, bool directOnly, CancellationToken cancellationToken) =>
        directOnly ? [group] : (await GroupGraph.ReadAsync(db, cancellationToken)).WithDescendants(group);

    /// <summary>The people whom the narrow conditions leave, before the others are looked at; null where all conditions are wide.</summary>
    private static async Task<HashSet<Guid>?> FindFewAsync(
        TocsinDbContext db, PeopleFilter filter, List<string> words, IReadOnlyCollection<GroupId> groups, CancellationToken cancellationToken)
    {
        HashSet<Guid>? few = null;
        var sets = Sets(filter, words, groups).ToList();

        // One set alone is not narrowed by another.
        var most = sets.Count == 1 ? FewPeople : ManyPeople;
        foreach (var (sql, parameters) in sets)
        {
            var people = await IdReader.ReadAsync(db, $"{sql} LIMIT {most + 1}", parameters, cancellationToken);
            if (people.Length > most) continue;
            if (few is null) few = [.. people];
            else few.IntersectWith(people);

            // Few enough to be looked up, where the other conditions hold too.
            if (few.Count <= FewPeople) break;
        }

        return few?.Count > FewPeople ? null : few;
    }

    private static IEnumerable<(string Sql, object[] Parameters)> Sets(PeopleFilter filter, List<string> words, IReadOnlyCollection<GroupId> groups)
    {
        foreach (var word in words)
            yield return ("SELECT person_id FROM person_words WHERE word >= ?1 AND word < ?2", [word, word + AfterEveryWord]);
        if (groups.Count > 0)
            yield return ($"SELECT person_id FROM group_members WHERE group_id IN ({IdReader.Placeholders(0, groups.Count)})", [.. groups.Select(g => (object)g.Value)]);
        if (filter.Function is { } function)
            yield return ("SELECT person_id FROM function_holders WHERE function_id = ?1", [function.Value]);
        if (filter.List is { } list)
            yield return ("SELECT person_id FROM list_members WHERE list_id = ?1", [list.Value]);
    }

    private static (string Sql, List<object> Parameters) Statement(
        DatabaseKind kind, PeopleFilter filter, List<string> words, IReadOnlyCollection<GroupId> groups, HashSet<Guid>? few, PeopleCursor? after, int limit)
    {
        var parameters = new List<object>();
        var conditions = new List<string> { filter.Active ? "active = TRUE" : "active = FALSE" };
        string Add(object value)
        {
            parameters.Add(value);
            return IdReader.Placeholders(parameters.Count - 1, 1);
        }

        string AddAll(IEnumerable<Guid> values) => string.Join(',', values.Select(value => Add(value)));

        if (few is not null) conditions.Add($"id IN ({AddAll(few)})");
        if (filter.Site is { } site) conditions.Add($"site_id = {Add(site.Value)}");
        if (filter.Function is { } function)
            conditions.Add($"EXISTS (SELECT 1 FROM function_holders WHERE function_id = {Add(function.Value)} AND person_id = people.id)");
        if (filter.List is { } list)
            conditions.Add($"EXISTS (SELECT 1 FROM list_members WHERE list_id = {Add(list.Value)} AND person_id = people.id)");

        // The plus keeps SQLite from trying each group for each person: it is to look up the person's few groups.
        if (groups.Count > 0)
            conditions.Add($"EXISTS (SELECT 1 FROM group_members WHERE person_id = people.id AND {(kind == DatabaseKind.Sqlite ? "+" : "")}group_id IN ({AddAll(groups.Select(g => g.Value))}))");
        foreach (var word in words)
            conditions.Add($"{(kind == DatabaseKind.Sqlite ? "instr" : "strpos")}(search_text, {Add(" " + word)}) > 0");
        if (filter.Lacking is { } lack) conditions.Add(LackSql.Condition(lack, () => Add(filter.VerifiedSince.ToUnixTimeMilliseconds())));
        if (after is not null) conditions.Add($"(sort_key, id) > ({Add(after.SortKey)}, {Add(after.Person.Value)})");
        return ($"SELECT id FROM people WHERE {string.Join(" AND ", conditions)} ORDER BY sort_key, id LIMIT {limit}", parameters);
    }

    private static async Task<List<Person>> ReadInOrderAsync(TocsinDbContext db, Guid[] ids, CancellationToken cancellationToken)
    {
        var wanted = ids.Select(id => new PersonId(id)).ToList();
        var people = await db.Set<Person>().AsNoTracking().Where(person => wanted.Contains(person.Id)).ToDictionaryAsync(person => person.Id, cancellationToken);
        return [.. wanted.Where(people.ContainsKey).Select(id => people[id])];
    }
}
