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
        await using var command = db.CreateCommand("");
        if (!TryWrite(selection, command, db.Kind)) return [];
        await db.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            var people = new List<PersonId>(1024);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken)) people.Add(new PersonId(UuidColumn.Read(db.Kind, reader, 0)));
            return SortedOnce(people);
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    private static async Task<List<PersonId>> OnDutyAsync(TocsinDbContext db, IReadOnlyList<RotaId> rotas, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var definitions = await db.Set<StoredRota>().Where(rota => rotas.Contains(rota.Id)).Select(rota => rota.Definition).ToListAsync(cancellationToken);
        return [.. definitions.SelectMany(definition => JsonSerializer.Deserialize<Rota>(definition, AlertingJson.Options)!.OnDutyAt(at))];
    }

    /// <summary>Writes one statement that gives the id of everyone named, possibly more than once.</summary>
    /// <returns>False when nobody is named.</returns>
    private static bool TryWrite(AudienceSelection selection, System.Data.Common.DbCommand command, DatabaseKind kind)
    {
        var parts = new List<string>();
        string In<TId>(IReadOnlyList<TId> ids)
            where TId : struct, IUuid<TId> => UuidColumn.AddList(command, kind, ids.Select(id => id.Value));

        if (selection.Everyone)
        {
            parts.Add("SELECT id FROM people WHERE active = TRUE");
        }
        else
        {
            if (selection.People.Count > 0)
                parts.Add($"SELECT id FROM people WHERE id IN ({In(selection.People)}) AND active = TRUE");
            if (selection.Sites.Count > 0)
                parts.Add($"SELECT id FROM people WHERE site_id IN ({In(selection.Sites)}) AND active = TRUE");
            if (selection.Groups.Count > 0)
                parts.Add($"SELECT person_id FROM group_members WHERE group_id IN ({NestedIn(In(selection.Groups))}) AND {IsActive}");
            if (selection.Functions.Count > 0)
                parts.Add($"SELECT person_id FROM function_holders WHERE function_id IN ({In(selection.Functions)}) AND rank = {FunctionHolder.Holder} AND {IsActive}");
            if (selection.Lists.Count > 0)
                parts.Add($"SELECT person_id FROM list_members WHERE list_id IN ({In(selection.Lists)}) AND {IsActive}");
        }

#pragma warning disable CA2100 // Constants and placeholders.
        command.CommandText = string.Join(" UNION ALL ", parts);
#pragma warning restore CA2100
        return parts.Count > 0;
    }

    // Few people are inactive: to look each member up in that small set is far cheaper than to visit the member's own row.
    private const string IsActive = "person_id NOT IN (SELECT id FROM people WHERE active = FALSE)";

    /// <summary>The groups and all that are nested in them. UNION drops repeats, so a circle ends.</summary>
    private static string NestedIn(string groups) =>
        $"WITH RECURSIVE nested(id) AS (SELECT id FROM groups WHERE id IN ({groups}) UNION SELECT child_id FROM group_subgroups JOIN nested ON parent_id = nested.id) SELECT id FROM nested";

    private static PersonId[] SortedOnce(List<PersonId> people)
    {
        people.Sort(static (a, b) => a.Value.CompareTo(b.Value));
        var kept = 0;
        for (var i = 0; i < people.Count; i++)
        {
            if (i == 0 || people[i] != people[kept - 1]) people[kept++] = people[i];
        }

        people.RemoveRange(kept, people.Count - kept);
        return [.. people];
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
