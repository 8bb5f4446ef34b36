using Tocsin.Alerting;
using Tocsin.Storage.Bulk;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Alerts;

/// <summary>What alerts do at their time: leased like deliveries, one step per transaction.</summary>
public static class AlertTimers
{
    /// <summary>Takes the timer that is due the longest, or null where none is.</summary>
    public static async Task<AlertTimer?> TakeDueAsync(TocsinDbContext db, long node, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        await using var command = db.CreateCommand($"""
            UPDATE alert_timers SET due_at = @until, lease_owner = @node
            WHERE id = (SELECT id FROM alert_timers WHERE due_at <= @now ORDER BY due_at, id LIMIT 1{RowLock.Skip(db.Kind)})
            RETURNING id, alert_id, kind, cursor, payload
            """);
        command.Add("@now", now.ToUnixTimeMilliseconds());
        command.Add("@until", until.ToUnixTimeMilliseconds());
        command.Add("@node", node);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        return new AlertTimer
        {
            Id = reader.GetInt64(0),
            AlertId = new AlertId(UuidColumn.Read(db.Kind, reader, 1)),
            Kind = (AlertTimerKind)reader.GetInt32(2),
            DueAt = until,
            LeaseOwner = node,
            Cursor = reader.GetInt64(3),
            Payload = reader.GetString(4),
        };
    }

    public static async Task<DateTimeOffset?> NextDueAsync(TocsinDbContext db, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        await using var scope = await db.OpenAsync(cancellationToken);
        await using var command = db.CreateCommand("SELECT MIN(due_at) FROM alert_timers");
        return await command.ExecuteScalarAsync(cancellationToken) is long due ? DateTimeOffset.FromUnixTimeMilliseconds(due) : null;
    }

    /// <summary>Keeps the timer in hand after a step.</summary>
    /// <returns>False when it is no longer this node's, or gone with its alert: the step must not be committed.</returns>
    public static async Task<bool> AdvanceAsync(TocsinDbContext db, AlertTimer timer, long cursor, DateTimeOffset until, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(timer);
        await using var command = db.CreateCommand("UPDATE alert_timers SET cursor = @cursor, due_at = @until WHERE id = @id AND lease_owner = @node AND cursor = @before");
        command.Add("@cursor", cursor);
        command.Add("@until", until.ToUnixTimeMilliseconds());
        command.Add("@id", timer.Id);
        command.Add("@node", timer.LeaseOwner);
        command.Add("@before", timer.Cursor);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Puts the timer down until <paramref name="dueAt"/>, from the start again.</summary>
    /// <returns>As <see cref="AdvanceAsync"/>.</returns>
    public static async Task<bool> RescheduleAsync(TocsinDbContext db, AlertTimer timer, DateTimeOffset dueAt, string payload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(timer);
        await using var command = db.CreateCommand(
            "UPDATE alert_timers SET cursor = 0, due_at = @due, lease_owner = NULL, payload = @payload WHERE id = @id AND lease_owner = @node AND cursor = @before");
        command.Add("@due", dueAt.ToUnixTimeMilliseconds());
        command.Add("@payload", payload);
        command.Add("@id", timer.Id);
        command.Add("@node", timer.LeaseOwner);
        command.Add("@before", timer.Cursor);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Deletes the timer: it is done.</summary>
    /// <returns>As <see cref="AdvanceAsync"/>.</returns>
    public static async Task<bool> FinishAsync(TocsinDbContext db, AlertTimer timer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(timer);
        await using var command = db.CreateCommand("DELETE FROM alert_timers WHERE id = @id AND lease_owner = @node AND cursor = @before");
        command.Add("@id", timer.Id);
        command.Add("@node", timer.LeaseOwner);
        command.Add("@before", timer.Cursor);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Lets go of a timer that could not be worked on, to be tried again from where it was.</summary>
    public static async Task ReleaseAsync(TocsinDbContext db, AlertTimer timer, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(timer);
        await using var command = db.CreateCommand("UPDATE alert_timers SET due_at = @due, lease_owner = NULL WHERE id = @id AND lease_owner = @node");
        command.Add("@due", dueAt.ToUnixTimeMilliseconds());
        command.Add("@id", timer.Id);
        command.Add("@node", timer.LeaseOwner);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Gives back, due at once, what nodes worked on that are gone.</summary>
    public static async Task<int> ReleaseAllOfAsync(TocsinDbContext db, IEnumerable<long> nodes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        await using var command = db.CreateCommand($"UPDATE alert_timers SET due_at = @now, lease_owner = NULL WHERE {BulkSet.Has(db.Kind, "lease_owner", "@nodes")}");
        command.Add("@now", now.ToUnixTimeMilliseconds());
        command.Add("@nodes", BulkSet.Of(db.Kind, nodes));
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
