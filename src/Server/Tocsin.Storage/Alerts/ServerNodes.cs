using Microsoft.EntityFrameworkCore;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Alerts;

/// <summary>The server processes that are alive, and what becomes of what dead ones had in hand.</summary>
public static class ServerNodes
{
    /// <summary>Enters a node that has just started. On SQLite there is only one, so whoever was there before is dead.</summary>
    public static async Task<long> EnterAsync(TocsinDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        if (db.Kind == DatabaseKind.Sqlite) await RemoveSilentAsync(db, DateTimeOffset.MaxValue, now, cancellationToken);
        var node = new ServerNode { StartedAt = now, HeartbeatAt = now };
        db.Add(node);
        await db.SaveChangesAsync(cancellationToken);
        return node.Id;
    }

    /// <returns>False when the others have given this node up: enter again under another number.</returns>
    public static async Task<bool> BeatAsync(TocsinDbContext db, long node, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        return await db.Set<ServerNode>().Where(n => n.Id == node).ExecuteUpdateAsync(set => set.SetProperty(n => n.HeartbeatAt, now), cancellationToken) == 1;
    }

    /// <summary>Removes nodes whose last heartbeat is before <paramref name="before"/>, and frees what they had in hand.</summary>
    /// <returns>How many deliveries and timers are free again.</returns>
    public static async Task<int> RemoveSilentAsync(TocsinDbContext db, DateTimeOffset before, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var silent = await db.Set<ServerNode>().Where(n => n.HeartbeatAt < before).Select(n => n.Id).ToListAsync(cancellationToken);
        return silent.Count == 0 ? 0 : await RemoveAsync(db, silent, now, cancellationToken);
    }

    /// <summary>Removes nodes, and frees what they had in hand.</summary>
    public static async Task<int> RemoveAsync(TocsinDbContext db, IReadOnlyList<long> nodes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        await db.Set<ServerNode>().Where(n => nodes.Contains(n.Id)).ExecuteDeleteAsync(cancellationToken);
        return await DeliveryLeases.ReleaseAllOfAsync(db, nodes, now, cancellationToken) + await AlertTimers.ReleaseAllOfAsync(db, nodes, now, cancellationToken);
    }
}
