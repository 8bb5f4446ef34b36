using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Storage.Directory;

namespace Tocsin.Storage.ContactRefreshes;

/// <summary>People of a campaign in the order of their names.</summary>
public static class RefreshPeopleQuery
{
    /// <summary>The first <paramref name="limit"/> after <paramref name="after"/>.</summary>
    /// <param name="standing">Null: whatever became of them.</param>
    public static async Task<List<RefreshRow>> ListAsync(
        TocsinDbContext db, ContactRefreshId refresh, RefreshStanding? standing, PeopleCursor? after, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var parameters = new List<object> { refresh.Value };
        var conditions = "r.refresh_id = ?1";
        if (standing is { } one)
        {
            parameters.Add((long)one);
            conditions += $" AND r.standing = ?{parameters.Count}";
        }

        if (after is not null)
        {
            parameters.AddRange([after.SortKey, after.Person.Value]);
            conditions += $" AND (p.sort_key, p.id) > (?{parameters.Count - 1}, ?{parameters.Count})";
        }

        var ids = await IdReader.ReadAsync(
            db, $"SELECT p.id FROM contact_refresh_people AS r JOIN people AS p ON p.id = r.person_id WHERE {conditions} ORDER BY p.sort_key, p.id LIMIT {limit}", parameters, cancellationToken);
        var wanted = ids.Select(id => new PersonId(id)).ToList();
        var people = await db.Set<Person>().AsNoTracking().Where(p => wanted.Contains(p.Id)).ToDictionaryAsync(p => p.Id, cancellationToken);
        var rows = await db.Set<RefreshPerson>().AsNoTracking().Where(r => r.RefreshId == refresh && wanted.Contains(r.PersonId)).ToDictionaryAsync(r => r.PersonId, cancellationToken);
        return [.. wanted.Where(id => people.ContainsKey(id) && rows.ContainsKey(id)).Select(id => new RefreshRow(people[id], rows[id]))];
    }

    /// <summary>Who was told and has not answered, in the order of their ids.</summary>
    public static async Task<PersonId[]> WaitingAsync(TocsinDbContext db, ContactRefreshId refresh, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var ids = await IdReader.ReadAsync(db, "SELECT person_id FROM contact_refresh_people WHERE refresh_id = ?1 AND standing = 0", [refresh.Value], cancellationToken);
        Array.Sort(ids);
        return Array.ConvertAll(ids, id => new PersonId(id));
    }
}

/// <summary>Somebody of the directory, and what a campaign has of them.</summary>
public sealed record RefreshRow(Person Person, RefreshPerson Asked);
