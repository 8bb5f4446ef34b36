using Tocsin.Alerting.Channels;
using Tocsin.Storage.Bulk;

namespace Tocsin.Storage.Alerts;

/// <summary>Receipts that overtook the outcome they belong to, waiting for it.</summary>
public static class UnmatchedReceipts
{
    /// <summary>Takes out those that a provider sent for these messages. What is taken is deleted: apply it in the same transaction.</summary>
    public static async Task<IReadOnlyList<UnmatchedReceipt>> TakeAsync(TocsinDbContext db, string provider, IEnumerable<string> messageIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        await using var command = db.CreateCommand($"""
            DELETE FROM unmatched_receipts WHERE provider_id = @provider AND {BulkSet.Has(db.Kind, "provider_message_id", "@ids")}
            RETURNING {Columns}
            """);
        command.Add("@provider", provider);
        command.Add("@ids", BulkSet.Of(db.Kind, messageIds));
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>
    /// Takes out those whose outcome is known by now, <paramref name="most"/> at a time: on two nodes at once, each can miss what the other has not yet committed.
    /// What is taken is deleted: apply it in the same transaction.
    /// </summary>
    public static async Task<IReadOnlyList<UnmatchedReceipt>> TakeMatchedAsync(TocsinDbContext db, int most, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        await using var command = db.CreateCommand($"""
            DELETE FROM unmatched_receipts WHERE id IN (
                SELECT u.id FROM unmatched_receipts u WHERE EXISTS (
                    SELECT 1 FROM deliveries d WHERE d.provider_message_id IS NOT NULL
                    AND d.provider_id = u.provider_id AND d.provider_message_id = u.provider_message_id)
                ORDER BY u.id LIMIT @most)
            RETURNING {Columns}
            """);
        command.Add("@most", most);
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>Drops what came in before <paramref name="before"/>, and of the rest all but the latest <paramref name="most"/>: a carrier's mistake must not fill the disk.</summary>
    public static async Task DropAsync(TocsinDbContext db, DateTimeOffset before, int most, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        await using var command = db.CreateCommand("""
            DELETE FROM unmatched_receipts WHERE received_at < @before
            OR id <= (SELECT id FROM unmatched_receipts ORDER BY id DESC LIMIT 1 OFFSET @most)
            """);
        command.Add("@before", before.ToUnixTimeMilliseconds());
        command.Add("@most", most);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private const string Columns = "id, channel, provider_id, provider_message_id, state, failure_code, carrier_code, at, received_at";

    private static async Task<List<UnmatchedReceipt>> ReadAsync(System.Data.Common.DbCommand command, CancellationToken cancellationToken)
    {
        var receipts = new List<UnmatchedReceipt>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            receipts.Add(new UnmatchedReceipt
            {
                Id = reader.GetInt64(0),
                Channel = (ChannelKind)reader.GetInt32(1),
                ProviderId = reader.GetString(2),
                ProviderMessageId = reader.GetString(3),
                State = (ReceiptState)reader.GetInt32(4),
                FailureCode = reader.TextOrNull(5),
                CarrierCode = reader.TextOrNull(6),
                At = reader.Time(7),
                ReceivedAt = reader.Time(8),
            });
        }

        return receipts;
    }
}
