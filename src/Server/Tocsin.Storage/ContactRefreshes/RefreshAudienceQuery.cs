using Tocsin.Alerting;
using Tocsin.Alerting.Audience;
using Tocsin.Storage.Directory;

namespace Tocsin.Storage.ContactRefreshes;

/// <summary>Whom a campaign asks, in the directory as the database has it now.</summary>
public static class RefreshAudienceQuery
{
    /// <summary>Everyone in it, once, in the order of their ids. Only active people.</summary>
    /// <param name="id">The group or site.</param>
    /// <param name="verifiedSince">For <see cref="RefreshAudience.Unverified"/>: what was verified before is old.</param>
    public static async Task<PersonId[]> ResolveAsync(
        TocsinDbContext db, RefreshAudience audience, Guid? id, DateTimeOffset verifiedSince, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        if (audience == RefreshAudience.Unverified) return await UnverifiedAsync(db, verifiedSince, cancellationToken);
        var selection = audience switch
        {
            RefreshAudience.Group => new AudienceSelection { Groups = [new GroupId(id ?? default)] },
            RefreshAudience.Site => new AudienceSelection { Sites = [new SiteId(id ?? default)] },
            _ => null,
        };
        var expression = selection is null ? AudienceExpression.Everyone : new AudienceExpression { Include = selection };
        return await AudienceQuery.ResolveAsync(db, expression, verifiedSince, cancellationToken);
    }

    /// <summary>Everyone who has a contact point of such a kind that is in use.</summary>
    /// <param name="kind">As the column has it: <c>email</c> or <c>mobile</c>.</param>
    public static async Task<IReadOnlySet<PersonId>> WithPointAsync(TocsinDbContext db, string kind, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var ids = await IdReader.ReadAsync(db, "SELECT person_id FROM contact_points WHERE enabled = TRUE AND kind = ?1", [kind], cancellationToken);
        return ids.Select(person => new PersonId(person)).ToHashSet();
    }

    private static async Task<PersonId[]> UnverifiedAsync(TocsinDbContext db, DateTimeOffset since, CancellationToken cancellationToken)
    {
        // Two passes over indexes, put apart here: cheaper than a look-up for each person.
        var all = await IdReader.ReadAsync(db, "SELECT id FROM people WHERE active = TRUE", [], cancellationToken);
        var verified = await IdReader.ReadAsync(
            db, $"SELECT person_id FROM contact_points WHERE enabled = TRUE AND {LackSql.Verifiable} AND verified_at >= ?1", [since.ToUnixTimeMilliseconds()], cancellationToken);
        var known = verified.ToHashSet();
        var ids = all.Where(id => !known.Contains(id)).ToArray();
        Array.Sort(ids);
        return Array.ConvertAll(ids, id => new PersonId(id));
    }
}
