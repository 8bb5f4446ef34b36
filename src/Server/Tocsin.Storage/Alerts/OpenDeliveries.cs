using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Deliveries;
using Tocsin.Storage.Bulk;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Alerts;

/// <summary>What of one alert has not left yet, dealt with all at once. What a node has in hand is not touched: its outcome will tell.</summary>
public static class OpenDeliveries
{
    private const string OfAlert = "alert_id = @alert AND state <= 1 AND lease_owner IS NULL";

    // Not a reminder, an update or an ending: those go to people who were told before.
    private const string IsFirstTelling = "message_id IN (SELECT id FROM alert_messages WHERE alert_id = @alert AND purpose = 0)";

    /// <summary>Calls back all that has not left. Nobody's standing changes: withdrawn counts as "not reached", as waiting did.</summary>
    public static Task WithdrawAsync(TocsinDbContext db, AlertId alert, DateTimeOffset now, CancellationToken cancellationToken) =>
        WithdrawWhereAsync(db, alert, now, OfAlert, cancellationToken);

    /// <summary>Lets people who were not told yet be told new words instead of the old ones, and calls back what was to follow the old ones up.</summary>
    public static async Task RewordAsync(TocsinDbContext db, AlertId alert, long message, int priority, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        await WithdrawWhereAsync(db, alert, now, $"{OfAlert} AND NOT {IsFirstTelling}", cancellationToken);
        await using var command = db.CreateCommand($"UPDATE deliveries SET message_id = @message, priority = @priority WHERE {OfAlert} AND {IsFirstTelling}");
        command.Add("@message", message);
        command.Add("@priority", priority);
        command.Add("@alert", UuidColumn.ToParameter(db.Kind, alert.Value));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Some that have not left, for their time has run out; empty when all are dealt with.</summary>
    public static async Task<IReadOnlyList<long>> ReadAsync(TocsinDbContext db, AlertId alert, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        await using var scope = await db.OpenAsync(cancellationToken);
        await using var command = db.CreateCommand("SELECT id FROM deliveries WHERE alert_id = @alert AND state <= 1 AND lease_owner IS NULL LIMIT @limit");
        command.Add("@alert", UuidColumn.ToParameter(db.Kind, alert.Value));
        command.Add("@limit", limit);
        var ids = new List<long>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) ids.Add(reader.GetInt64(0));
        return ids;
    }

    private static async Task WithdrawWhereAsync(TocsinDbContext db, AlertId alert, DateTimeOffset now, string condition, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var counts = new CountChanges();
        await using (var command = db.CreateCommand($"UPDATE deliveries SET state = 2, state_at = @now WHERE {condition} RETURNING channel, attempt"))
        {
            command.Add("@now", now.ToUnixTimeMilliseconds());
            command.Add("@alert", UuidColumn.ToParameter(db.Kind, alert.Value));
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                var channel = (ChannelKind)reader.GetInt32(0);

                // An open delivery is "sending" from its first attempt on: see DeliveryLeases.
                var before = reader.GetInt32(1) > 0 ? DeliveryState.Sending : DeliveryState.Planned;
                counts.Add(alert, AlertCountKind.Delivery, CountKeys.Delivery(channel, before), -1);
                counts.Add(alert, AlertCountKind.Delivery, CountKeys.Delivery(channel, DeliveryState.Withdrawn), 1);
            }
        }

        await counts.WriteAsync(db, cancellationToken);
    }
}
