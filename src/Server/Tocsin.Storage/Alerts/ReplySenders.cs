using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Storage.Bulk;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Alerts;

/// <summary>The message that somebody answers.</summary>
public sealed record DeliveryMatch(long Delivery, long RecipientId, AlertId AlertId);

/// <summary>Finds what was sent to an address, by way of the directory, which knows whose it is.</summary>
public static class ReplySenders
{
    /// <summary>The latest message to <paramref name="address"/>: of an active alert, or else of one that ended after <paramref name="endedAfter"/>.</summary>
    public static async Task<DeliveryMatch?> FindAsync(TocsinDbContext db, ChannelKind channel, string address, DateTimeOffset endedAfter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        await using var command = db.CreateCommand("""
            SELECT d.id, d.recipient_id, d.alert_id FROM contact_points c
            JOIN recipients r ON r.person_id = c.person_id
            JOIN alerts a ON a.id = r.alert_id
            JOIN deliveries d ON d.recipient_id = r.id
            WHERE c.address = @address AND (a.state = 0 OR a.ended_at > @ended) AND d.channel = @channel AND d.address = @address AND d.attempt > 0
            ORDER BY CASE a.state WHEN 0 THEN 0 ELSE 1 END, d.id DESC LIMIT 1
            """);
        command.Add("@address", address);
        command.Add("@ended", endedAfter.ToUnixTimeMilliseconds());
        command.Add("@channel", (int)channel);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new DeliveryMatch(reader.GetInt64(0), reader.GetInt64(1), new AlertId(UuidColumn.Read(db.Kind, reader, 2)))
            : null;
    }
}

/// <summary>Which answers came before.</summary>
public static class AnswerKeys
{
    /// <summary>The deduplication keys of all that these recipients sent.</summary>
    public static async Task<HashSet<(long Recipient, string Key)>> ReadAsync(TocsinDbContext db, IReadOnlySet<long> recipients, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        await using var command = db.CreateCommand($"SELECT recipient_id, deduplication_key FROM answers WHERE {BulkSet.Has(db.Kind, "recipient_id", "@ids")}");
        command.Add("@ids", BulkSet.Of(db.Kind, recipients));
        var keys = new HashSet<(long, string)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) keys.Add((reader.GetInt64(0), reader.GetString(1)));
        return keys;
    }
}
