using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Storage.Directory;

namespace Tocsin.Storage.Alerts;

/// <summary>Who stands in for whom.</summary>
public static class FunctionDeputies
{
    /// <summary>The deputies of every function that one of <paramref name="people"/> holds or stands in for, next in line after them; active people only, in the order of their ids.</summary>
    public static async Task<PersonId[]> OfAsync(TocsinDbContext db, IReadOnlyCollection<PersonId> people, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var silent = people.ToHashSet();

        // Crisis functions are a few dozen, whatever the size of the organisation.
        var holders = await db.Set<FunctionHolder>().AsNoTracking()
            .Where(holder => db.Set<Person>().Any(person => person.Id == holder.PersonId && person.Active)).ToListAsync(cancellationToken);
        var deputies = new SortedSet<Guid>();
        foreach (var function in holders.GroupBy(holder => holder.FunctionId))
        {
            var silentRanks = function.Where(holder => silent.Contains(holder.PersonId)).Select(holder => holder.Rank).ToList();
            if (silentRanks.Count == 0) continue;
            var after = silentRanks.Max();
            var nextRank = function.Where(holder => holder.Rank > after && !silent.Contains(holder.PersonId)).Select(holder => (int?)holder.Rank).Min();
            foreach (var deputy in function.Where(holder => holder.Rank == nextRank)) deputies.Add(deputy.PersonId.Value);
        }

        return [.. deputies.Select(id => new PersonId(id))];
    }
}
