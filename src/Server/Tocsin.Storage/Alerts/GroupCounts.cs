using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Storage.Bulk;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Alerts;

/// <summary>An alert's recipients as the groups of the directory see them.</summary>
public static class GroupCounts
{
    /// <summary>Recipients by direct membership and standing.</summary>
    public static async Task<IReadOnlyList<(GroupId Group, Standing Standing, long Count)>> ReadAsync(TocsinDbContext db, AlertId alert, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        await using var scope = await db.OpenAsync(cancellationToken);
        await using var command = db.CreateCommand("""
            SELECT m.group_id, r.standing, COUNT(*) FROM recipients r JOIN group_members m ON m.person_id = r.person_id
            WHERE r.alert_id = @alert GROUP BY m.group_id, r.standing
            """);
        command.Add("@alert", UuidColumn.ToParameter(db.Kind, alert.Value));
        var counts = new List<(GroupId, Standing, long)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            counts.Add((new GroupId(UuidColumn.Read(db.Kind, reader, 0)), (Standing)reader.GetInt32(1), reader.GetInt64(2)));
        return counts;
    }

    /// <summary>A group and all that are nested in it, to any depth.</summary>
    public static async Task<IReadOnlyList<GroupId>> WithNestedAsync(TocsinDbContext db, GroupId group, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var nestings = (await db.Set<GroupNesting>().AsNoTracking().ToListAsync(cancellationToken)).ToLookup(n => n.ParentId, n => n.ChildId);
        var found = new HashSet<GroupId>();
        var open = new Stack<GroupId>([group]);
        while (open.TryPop(out var next))
        {
            if (!found.Add(next)) continue;
            foreach (var child in nestings[next]) open.Push(child);
        }

        return [.. found];
    }
}
