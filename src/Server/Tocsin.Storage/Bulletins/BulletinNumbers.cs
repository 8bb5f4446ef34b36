using Microsoft.EntityFrameworkCore;
using Tocsin.Storage.Commands;

namespace Tocsin.Storage.Bulletins;

/// <summary>Numbers for people, without a gap, and who may change bulletins at a time.</summary>
public static class BulletinNumbers
{
    /// <summary>Held until commit by one transaction of the whole installation: an edit can not slip in between an approval and what it was given for.</summary>
    /// <remarks>It is the log's own lock, which every command takes at its end anyway: nothing can wait for the two in different orders.</remarks>
    public static Task LockAsync(TocsinDbContext db, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        return LogLock.TakeAsync(db, cancellationToken);
    }

    /// <summary>The number of a bulletin written now. The caller holds the lock.</summary>
    public static async Task<long> NextAsync(TocsinDbContext db, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        return (await db.Set<Bulletin>().MaxAsync(b => (long?)b.Number, cancellationToken) ?? 0) + 1;
    }
}
