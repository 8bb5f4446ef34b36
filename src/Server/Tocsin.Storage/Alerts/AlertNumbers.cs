using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Storage.Bulk;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Alerts;

/// <summary>Numbers for people, without a gap, and who may change an alert at a time.</summary>
public static class AlertNumbers
{
    /// <summary>Held until commit, by one transaction of the whole installation at a time: the log's own lock, which every raising takes at its end anyway.</summary>
    public static Task LockAsync(TocsinDbContext db, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        return LogLock.TakeAsync(db, cancellationToken);
    }

    /// <summary>The number of an alert raised now. The caller holds the lock.</summary>
    public static async Task<long> NextAsync(TocsinDbContext db, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        return (await db.Set<Alert>().MaxAsync(a => (long?)a.Number, cancellationToken) ?? 0) + 1;
    }

    /// <summary>Whoever changes whether and what an alert tells holds this, so that nothing is added to it meanwhile.</summary>
    public static Task LockAlertAsync(TocsinDbContext db, AlertId alert, CancellationToken cancellationToken) => LockAsync(db, alert, "FOR UPDATE", cancellationToken);

    /// <summary>Whoever adds messages to an alert holds this: it neither ends nor changes its words meanwhile. Others may add, too.</summary>
    public static Task HoldAlertAsync(TocsinDbContext db, AlertId alert, CancellationToken cancellationToken) => LockAsync(db, alert, "FOR SHARE", cancellationToken);

    private static async Task LockAsync(TocsinDbContext db, AlertId alert, string strength, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        if (db.Kind == DatabaseKind.Sqlite) return;
        await using var command = db.CreateCommand($"SELECT 1 FROM alerts WHERE id = @id {strength}");
        command.Add("@id", alert.Value);
        await command.ExecuteScalarAsync(cancellationToken);
    }
}
