using Microsoft.EntityFrameworkCore;
using Tocsin.Storage.Commands;

namespace Tocsin.Storage.ContactRefreshes;

/// <summary>Numbers for people, without a gap, and who may change campaigns at a time.</summary>
public static class ContactRefreshNumbers
{
    /// <summary>Held until commit by one transaction of the whole installation: what two people press at one moment is done one after the other.</summary>
    /// <remarks>It is the log's own lock, which every command takes at its end anyway: nothing can wait for the two in different orders.</remarks>
    public static Task LockAsync(TocsinDbContext db, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        return LogLock.TakeAsync(db, cancellationToken);
    }

    /// <summary>The number of a campaign begun now. The caller holds the lock.</summary>
    public static async Task<long> NextAsync(TocsinDbContext db, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        return (await db.Set<ContactRefresh>().MaxAsync(r => (long?)r.Number, cancellationToken) ?? 0) + 1;
    }
}
