using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Deliveries;
using Tocsin.Alerting.Plans;
using Tocsin.Storage.Bulk;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Alerts;

/// <summary>Loads and saves deliveries and recipients by the thousand, for whoever has news of them.</summary>
/// <remarks>
/// Within one transaction: deliveries are locked first, then recipients, each in the order of their ids, so that two nodes never wait for each other in a
/// circle. What is loaded is locked until commit.
/// </remarks>
public static class DeliveryLedger
{
    private const string DeliveryColumns =
        "id, alert_id, recipient_id, message_id, channel, condition, attempt, state, state_at, failure_code, carrier_code, due_at, lease_owner, " +
        "provider_id, provider_message_id, accepted_at, delivered_at, read_at";

    public static Task<Dictionary<long, DeliveryInLedger>> LoadDeliveriesAsync(TocsinDbContext db, IEnumerable<long> ids, CancellationToken cancellationToken) =>
        LoadAsync(db, BulkSet.Has(db.Kind, "id", "@ids"), ids, cancellationToken);

    /// <summary>What may still leave for these recipients, and what may come back for it.</summary>
    public static Task<Dictionary<long, DeliveryInLedger>> LoadOpenOfAsync(TocsinDbContext db, IEnumerable<long> recipients, CancellationToken cancellationToken) =>
        LoadAsync(db, $"state <= 1 AND {OfRecipients(db.Kind)}", recipients, cancellationToken);

    public static async Task<Dictionary<long, RecipientInLedger>> LoadRecipientsAsync(TocsinDbContext db, IEnumerable<long> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var sql = $"""
            SELECT id, alert_id, person_id, site_id, standing, unreachable, answer_choice, answered_at, answered_via, has_unread_reply
            FROM recipients WHERE {BulkSet.Has(db.Kind, "id", "@ids")} ORDER BY id{RowLock.Wait(db.Kind)}
            """;
        var recipients = new Dictionary<long, RecipientInLedger>();
        await BulkRead.RunAsync(db, sql, [("@ids", BulkSet.Of(db.Kind, ids))], row => recipients.Add(row.Number(0), ReadRecipient(row)), cancellationToken);
        return recipients;
    }

    private static RecipientInLedger ReadRecipient(StoredRow row) => new()
    {
        Id = row.Number(0),
        AlertId = new AlertId(row.Uuid(1)),
        PersonId = new PersonId(row.Uuid(2)),
        SiteId = row.IsNull(3) ? null : new SiteId(row.Uuid(3)),
        Before = (Standing)row.SmallNumber(4),
        Standing = (Standing)row.SmallNumber(4),
        Unreachable = row.IsNull(5) ? null : (UnreachableReason)row.SmallNumber(5),
        AnswerChoice = row.TextOrNull(6),
        AnsweredAt = row.TimeOrNull(7),
        AnsweredVia = row.IsNull(8) ? null : (AnswerVia)row.SmallNumber(8),
        HasUnreadReply = row.Flag(9),
    };

    /// <summary>The states of every delivery of these recipients, as this transaction sees them: to be read after the recipients are locked.</summary>
    public static async Task<ILookup<long, (long Delivery, DeliveryState State)>> ReadStatesAsync(TocsinDbContext db, IEnumerable<long> recipients, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        await using var command = db.CreateCommand($"SELECT recipient_id, id, state FROM deliveries WHERE {OfRecipients(db.Kind)}");
        command.Add("@ids", BulkSet.Of(db.Kind, recipients));
        var states = new List<(long Recipient, long Delivery, DeliveryState State)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) states.Add((reader.GetInt64(0), reader.GetInt64(1), (DeliveryState)reader.GetInt32(2)));
        return states.ToLookup(state => state.Recipient, state => (state.Delivery, state.State));
    }

    private static readonly string FindBySet = $"""
        SELECT provider_message_id, MAX(id) FROM deliveries
        WHERE provider_id = @provider AND provider_message_id IS NOT NULL AND {BulkSet.Has(DatabaseKind.Sqlite, "provider_message_id", "@ids")} GROUP BY provider_message_id
        """;

    // PostgreSQL would read all that the provider ever took, in the order of its names, and look for each among those that are asked for: during an alert nothing is
    // known of the table's values yet, and it takes the provider for one of two hundred. A lateral aggregate leaves it no choice but to look each name up;
    // the sum keeps it from walking the table from its latest row on.
    private const string FindOneByOne = """
        SELECT named.name, latest.id FROM unnest(@ids) AS named(name) CROSS JOIN LATERAL (
            SELECT MAX(id + 0) AS id FROM deliveries WHERE provider_id = @provider AND provider_message_id = named.name) AS latest
        WHERE latest.id IS NOT NULL
        """;

    /// <summary>Which deliveries a provider's names mean. A carrier may use a name again after months: the latest is meant.</summary>
    public static async Task<Dictionary<string, long>> FindByProviderAsync(TocsinDbContext db, string provider, IEnumerable<string> messageIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        await using var command = db.CreateCommand(db.Kind == DatabaseKind.Sqlite ? FindBySet : FindOneByOne);
        command.Add("@provider", provider);
        command.Add("@ids", BulkSet.Of(db.Kind, messageIds));
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) found.Add(reader.GetString(0), reader.GetInt64(1));
        return found;
    }

    public static Task SaveAsync(TocsinDbContext db, IReadOnlyList<DeliveryInLedger> deliveries, CancellationToken cancellationToken) =>
        AlertBulkTables.DeliveryChanges.RunAsync(db, deliveries, cancellationToken);

    public static Task SaveAsync(TocsinDbContext db, IReadOnlyList<RecipientInLedger> recipients, CancellationToken cancellationToken) =>
        AlertBulkTables.RecipientChanges.RunAsync(db, recipients, cancellationToken);

    public static Task<long[]> TakeRecipientIdsAsync(TocsinDbContext db, int count, CancellationToken cancellationToken) => RowIds.TakeAsync(db, "recipients", count, cancellationToken);

    public static Task<long[]> TakeDeliveryIdsAsync(TocsinDbContext db, int count, CancellationToken cancellationToken) => RowIds.TakeAsync(db, "deliveries", count, cancellationToken);

    public static Task InsertAsync(TocsinDbContext db, IReadOnlyList<Recipient> recipients, CancellationToken cancellationToken) =>
        recipients.Count == 0 ? Task.CompletedTask : AlertBulkTables.Recipients.InsertAsync(db, recipients, cancellationToken);

    public static Task InsertAsync(TocsinDbContext db, IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken) =>
        deliveries.Count == 0 ? Task.CompletedTask : AlertBulkTables.Deliveries.InsertAsync(db, deliveries, cancellationToken);

    public static Task InsertAsync(TocsinDbContext db, IReadOnlyList<DeliveryAttempt> attempts, CancellationToken cancellationToken) =>
        attempts.Count == 0 ? Task.CompletedTask : AlertBulkTables.Attempts.InsertAsync(db, attempts, cancellationToken);

    public static Task InsertAsync(TocsinDbContext db, IReadOnlyList<AnswerRecord> answers, CancellationToken cancellationToken) =>
        answers.Count == 0 ? Task.CompletedTask : AlertBulkTables.Answers.InsertAsync(db, answers, cancellationToken);

    public static Task InsertAsync(TocsinDbContext db, IReadOnlyList<UnmatchedReceipt> receipts, CancellationToken cancellationToken) =>
        receipts.Count == 0 ? Task.CompletedTask : AlertBulkTables.UnmatchedReceipts.InsertAsync(db, receipts, cancellationToken);

    /// <summary>The condition that a delivery is one of the recipients' in <c>@ids</c>. As above: PostgreSQL is made to look each of them up.</summary>
    private static string OfRecipients(DatabaseKind kind) => kind == DatabaseKind.Sqlite
        ? BulkSet.Has(kind, "recipient_id", "@ids")
        : "id = ANY(ARRAY(SELECT theirs.id FROM unnest(@ids) AS wanted(recipient) CROSS JOIN LATERAL (SELECT id FROM deliveries WHERE recipient_id = wanted.recipient OFFSET 0) AS theirs))";

    private static async Task<Dictionary<long, DeliveryInLedger>> LoadAsync(
        TocsinDbContext db, string condition, IEnumerable<long> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var sql = $"SELECT {DeliveryColumns} FROM deliveries WHERE {condition} ORDER BY id{RowLock.Wait(db.Kind)}";
        var deliveries = new Dictionary<long, DeliveryInLedger>();
        await BulkRead.RunAsync(db, sql, [("@ids", BulkSet.Of(db.Kind, ids))], row => deliveries.Add(row.Number(0), ReadDelivery(row)), cancellationToken);
        return deliveries;
    }

    private static DeliveryInLedger ReadDelivery(StoredRow row)
    {
        var progress = new DeliveryProgress(
            (DeliveryState)row.SmallNumber(7), row.Time(8), row.TextOrNull(9) is { } code ? new FailureReason(code, row.TextOrNull(10)) : null);
        return new DeliveryInLedger
        {
            Id = row.Number(0),
            AlertId = new AlertId(row.Uuid(1)),
            RecipientId = row.Number(2),
            MessageId = row.Number(3),
            Channel = (ChannelKind)row.SmallNumber(4),
            Condition = (StepCondition)row.SmallNumber(5),
            Attempt = row.SmallNumber(6),
            Before = progress,
            Progress = progress,
            DueAt = row.Time(11),
            LeaseOwner = row.IsNull(12) ? null : row.Number(12),
            ProviderId = row.TextOrNull(13),
            ProviderMessageId = row.TextOrNull(14),
            AcceptedAt = row.TimeOrNull(15),
            DeliveredAt = row.TimeOrNull(16),
            ReadAt = row.TimeOrNull(17),
        };
    }
}
