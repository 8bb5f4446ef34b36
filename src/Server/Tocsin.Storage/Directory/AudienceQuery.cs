using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Audience;
using Tocsin.Alerting.Rotas;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Directory;

/// <summary>Who an audience is, in the directory as the database has it now: the same people as <see cref="AudienceResolution"/> finds in memory.</summary>
/// <remarks>
/// Memberships are read as they lie in the indexes, and the sets are put together here: sorting 100,000 ids in memory takes a tenth of the time
/// that a database needs to remove duplicates from them.
/// </remarks>
public static class AudienceQuery
{
    /// <summary>Everyone in it, once, in the order of their ids. Only active people; whatever is unknown is nobody.</summary>
    /// <param name="db">Read on its connection, in its transaction if there is one.</param>
    /// <param name="at">The moment for which "on duty" is meant.</param>
    public static async Task<PersonId[]> ResolveAsync(TocsinDbContext db, AudienceExpression expression, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(expression);
        var included = await PeopleOfAsync(db, expression.Include, at, cancellationToken);
        var excluded = included.Length == 0 ? [] : await PeopleOfAsync(db, expression.Exclude, at, cancellationToken);
        return Subtract(included, excluded);
    }

    /// <summary>How many <see cref="ResolveAsync"/> would find.</summary>
    public static async Task<int> CountAsync(TocsinDbContext db, AudienceExpression expression, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(expression);
        if (expression.Include.Everyone && expression.Exclude == AudienceSelection.Nobody)
            return await db.Set<Person>().CountAsync(person => person.Active, cancellationToken);
        return (await ResolveAsync(db, expression, at, cancellationToken)).Length;
    }

    /// <summary>Ids in order, each once.</summary>
    private static async Task<PersonId[]> PeopleOfAsync(TocsinDbContext db, AudienceSelection selection, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (!selection.Everyone && selection.OnDuty.Count > 0)
            selection = selection with { People = [.. selection.People, .. await OnDutyAsync(db, selection.OnDuty, at, cancellationToken)] };
        var statement = StatementFor(selection);
        return statement.Sql.Length == 0 ? [] : SortedOnce(await IdReader.ReadAsync(db, statement.Sql, statement.Ids, cancellationToken));
    }

    private static async Task<List<PersonId>> OnDutyAsync(TocsinDbContext db, IReadOnlyList<RotaId> rotas, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var definitions = await db.Set<StoredRota>().Where(rota => rotas.Contains(rota.Id)).Select(rota => rota.Definition).ToListAsync(cancellationToken);
        return [.. definitions.SelectMany(definition => JsonSerializer.Deserialize<Rota>(definition, AlertingJson.Options)!.OnDutyAt(at))];
    }

    /// <summary>One statement that gives the id of everyone named, possibly more than once; without text when nobody is named.</summary>
    private static (string Sql, List<object> Ids) StatementFor(AudienceSelection selection)
    {
        if (selection.Everyone) return ("SELECT id FROM people WHERE active = TRUE", []);
        var ids = new List<object>();
        var parts = new List<string>(5);
        void Add<TId>(IReadOnlyList<TId> named, Func<string, string> part)
            where TId : struct, IUuid<TId>
        {
            if (named.Count == 0) return;
            parts.Add(part(IdReader.Placeholders(ids.Count, named.Count)));
            ids.AddRange(named.Select(id => (object)id.Value));
        }

        Add(selection.People, people => $"SELECT id FROM people WHERE id IN ({people}) AND active = TRUE");
        Add(selection.Sites, sites => $"SELECT id FROM people WHERE site_id IN ({sites}) AND active = TRUE");
        Add(selection.Groups, groups => $"SELECT person_id FROM group_members WHERE group_id IN ({NestedIn(groups)}) AND {IsActive}");
        Add(selection.Functions, functions => $"SELECT person_id FROM function_holders WHERE function_id IN ({functions}) AND rank = {FunctionHolder.Holder} AND {IsActive}");
        Add(selection.Lists, lists => $"SELECT person_id FROM list_members WHERE list_id IN ({lists}) AND {IsActive}");
        return (string.Join(" UNION ALL ", parts), ids);
    }

    // Few people are inactive: to look each member up in that small set is far cheaper than to visit the member's own row.
    private const string IsActive = "person_id NOT IN (SELECT id FROM people WHERE active = FALSE)";

    /// <summary>The groups and all that are nested in them. UNION drops repeats, so a circle ends.</summary>
    private static string NestedIn(string groups) =>
        $"WITH RECURSIVE nested(id) AS (SELECT id FROM groups WHERE id IN ({groups}) UNION SELECT child_id FROM group_subgroups JOIN nested ON parent_id = nested.id) SELECT id FROM nested";

    private static PersonId[] SortedOnce(Guid[] ids)
    {
        UuidSort.Sort(ids);
        var people = new PersonId[ids.Length];
        var kept = 0;
        foreach (var id in ids)
        {
            if (kept == 0 || people[kept - 1].Value != id) people[kept++] = new PersonId(id);
        }

        return kept == people.Length ? people : people[..kept];
    }

    /// <summary>Both are in order: one pass over each.</summary>
    private static PersonId[] Subtract(PersonId[] from, PersonId[] people)
    {
        if (people.Length == 0) return from;
        var rest = new List<PersonId>(from.Length);
        var i = 0;
        foreach (var person in from)
        {
            while (i < people.Length && people[i].Value.CompareTo(person.Value) < 0) i++;
            if (i == people.Length || people[i] != person) rest.Add(person);
        }

        return [.. rest];
    }
}
