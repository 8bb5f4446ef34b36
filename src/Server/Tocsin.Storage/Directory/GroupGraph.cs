using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Directory;

/// <summary>How all groups nest, held in memory: an organisation has thousands of groups at most.</summary>
public sealed class GroupGraph
{
    private readonly ILookup<GroupId, GroupId> children;
    private readonly ILookup<GroupId, GroupId> parents;

    private GroupGraph(List<GroupNesting> nestings)
    {
        children = nestings.ToLookup(nesting => nesting.ParentId, nesting => nesting.ChildId);
        parents = nestings.ToLookup(nesting => nesting.ChildId, nesting => nesting.ParentId);
    }

    public static async Task<GroupGraph> ReadAsync(TocsinDbContext db, CancellationToken cancellationToken) =>
        new(await db.Set<GroupNesting>().AsNoTracking().ToListAsync(cancellationToken));

    /// <summary>As above; nobody else changes the nesting until the transaction ends, so that two changes cannot close a circle between them.</summary>
    public static async Task<GroupGraph> ReadToChangeAsync(TocsinDbContext db, CancellationToken cancellationToken)
    {
        if (db.Kind == DatabaseKind.PostgreSql)
            await db.Database.ExecuteSqlRawAsync("LOCK TABLE group_subgroups IN SHARE ROW EXCLUSIVE MODE", cancellationToken);
        return await ReadAsync(db, cancellationToken);
    }

    public IEnumerable<GroupId> ChildrenOf(GroupId group) => children[group];

    public IEnumerable<GroupId> ParentsOf(GroupId group) => parents[group];

    /// <summary>The group and all that are nested in it, to any depth.</summary>
    public IReadOnlyCollection<GroupId> WithDescendants(GroupId group) => Reachable([group], children);

    /// <summary>The groups and all that they are nested in: whoever is in one of the first is in all of these.</summary>
    public IReadOnlyCollection<GroupId> WithAncestors(IEnumerable<GroupId> groups) => Reachable(groups, parents);

    /// <summary>Whether <paramref name="child"/> in <paramref name="parent"/> would put a group into itself.</summary>
    public bool WouldClose(GroupId parent, GroupId child) => WithDescendants(child).Contains(parent);

    private static HashSet<GroupId> Reachable(IEnumerable<GroupId> from, ILookup<GroupId, GroupId> steps)
    {
        var seen = new HashSet<GroupId>();
        var open = new Stack<GroupId>(from);
        while (open.TryPop(out var next))
        {
            if (!seen.Add(next)) continue;
            foreach (var step in steps[next]) open.Push(step);
        }

        return seen;
    }
}
