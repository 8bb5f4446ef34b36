using System.Globalization;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Deliveries;
using Tocsin.Alerting.Plans;
using Tocsin.Storage.Bulk;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Alerts;

/// <summary>A delivery that this node has in hand, with what its message needs.</summary>
/// <param name="Attempt">The attempt that begins now; 1 for the first.</param>
public sealed record LeasedDelivery(
    long Id,
    AlertId AlertId,
    long RecipientId,
    PersonId PersonId,
    long MessageId,
    ChannelKind Channel,
    string Address,
    StepCondition Condition,
    int Attempt,
    ContentLanguage Language,
    int LinkGeneration,
    Standing Standing);

/// <summary>Which node has which delivery in hand.</summary>
/// <remarks>A lease is the pair (owner, <see cref="Delivery.DueAt"/> in the future). Nobody else takes it before then; after that it is simply due again.</remarks>
public static class DeliveryLeases
{
    private const int MaximumAtOnce = 2_000;

    private static readonly string[] PriorityNumbers =
        [.. Enumerable.Range(0, DeliveryPriority.Last + 1).Select(priority => priority.ToString(CultureInfo.InvariantCulture))];

    /// <summary>Takes at most <paramref name="limit"/> due deliveries of a channel, the most urgent first, and begins an attempt of each.</summary>
    /// <param name="until">When the lease ends unless renewed.</param>
    public static async Task<IReadOnlyList<LeasedDelivery>> TakeDueAsync(
        TocsinDbContext db, ChannelKind channel, long node, DateTimeOffset now, DateTimeOffset until, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        limit = Math.Min(limit, MaximumAtOnce);
        var taken = db.Kind == DatabaseKind.Sqlite
            ? await TakeFromSqliteAsync(db, channel, node, now, until, limit, cancellationToken)
            : await TakeFromPostgreSqlAsync(db, channel, node, now, until, limit, cancellationToken);
        var began = new CountChanges();
        foreach (var delivery in taken.Where(delivery => delivery.Attempt == 1))
        {
            began.Add(delivery.AlertId, AlertCountKind.Delivery, CountKeys.Delivery(channel, DeliveryState.Planned), -1);
            began.Add(delivery.AlertId, AlertCountKind.Delivery, CountKeys.Delivery(channel, DeliveryState.Sending), 1);
        }

        await began.WriteAsync(db, cancellationToken);
        return taken;
    }

    private static readonly string NextDueOfEach =
        $"SELECT MIN(due_at) FROM ({string.Join(" UNION ALL ", PriorityNumbers.Select(priority => $"SELECT MIN(due_at) AS due_at FROM deliveries WHERE state <= 1 AND channel = @channel AND priority = {priority}"))}) AS each_priority";

    // The same. PostgreSQL would plan each priority anew each time, which takes it longer than to look.
    private static readonly string NextDueOfAll = $"""
        SELECT MIN(first.due_at) FROM generate_series(0, {DeliveryPriority.Last}) AS p(priority) CROSS JOIN LATERAL (
            SELECT due_at FROM deliveries WHERE state <= 1 AND channel = @channel AND priority = p.priority ORDER BY due_at LIMIT 1) AS first
        """;

    /// <summary>When the next open delivery of a channel falls due, or null where there is none.</summary>
    public static async Task<DateTimeOffset?> NextDueAsync(TocsinDbContext db, ChannelKind channel, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        await using var scope = await db.OpenAsync(cancellationToken);
        await using var command = db.CreateCommand(db.Kind == DatabaseKind.Sqlite ? NextDueOfEach : NextDueOfAll);
        command.Add("@channel", (int)channel);
        return await command.ExecuteScalarAsync(cancellationToken) is long due ? DateTimeOffset.FromUnixTimeMilliseconds(due) : null;
    }

    /// <summary>Keeps what this node still has in hand.</summary>
    public static async Task RenewAsync(TocsinDbContext db, long node, IEnumerable<long> deliveries, DateTimeOffset until, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        await using var command = db.CreateCommand(
            $"UPDATE deliveries SET due_at = @until WHERE lease_owner = @node AND state <= 1 AND {BulkSet.Has(db.Kind, "id", "@ids")}");
        command.Add("@until", until.ToUnixTimeMilliseconds());
        command.Add("@node", node);
        command.Add("@ids", BulkSet.Of(db.Kind, deliveries));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Gives back, due at once, what nodes had in hand that are gone. Their attempts count: nobody knows what became of them.</summary>
    /// <returns>How many deliveries are free again.</returns>
    public static async Task<int> ReleaseAllOfAsync(TocsinDbContext db, IEnumerable<long> nodes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        await using var command = db.CreateCommand(
            $"UPDATE deliveries SET due_at = @now, lease_owner = NULL WHERE state <= 1 AND lease_owner IS NOT NULL AND {BulkSet.Has(db.Kind, "lease_owner", "@nodes")}");
        command.Add("@now", now.ToUnixTimeMilliseconds());
        command.Add("@nodes", BulkSet.Of(db.Kind, nodes));
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>SQLite's one writer makes two statements as good as one.</summary>
    private static async Task<List<LeasedDelivery>> TakeFromSqliteAsync(
        TocsinDbContext db, ChannelKind channel, long node, DateTimeOffset now, DateTimeOffset until, int limit, CancellationToken cancellationToken)
    {
        // UNION ALL is read lazily, so a full first priority never looks at the second.
        var perPriority = PriorityNumbers.Select(priority =>
            $"SELECT * FROM (SELECT id FROM deliveries WHERE state <= 1 AND channel = @channel AND priority = {priority} AND due_at <= @now ORDER BY due_at LIMIT @limit)");
        var leased = new List<LeasedDelivery>();
        var select = $"""
            SELECT d.id, d.alert_id, d.recipient_id, r.person_id, d.message_id, d.address, d.condition, d.attempt + 1, r.language, r.link_generation, r.standing
            FROM (SELECT id FROM ({string.Join(" UNION ALL ", perPriority)}) LIMIT @limit) AS due
            CROSS JOIN deliveries d ON d.id = due.id
            CROSS JOIN recipients r ON r.id = d.recipient_id
            """;
        (string, object)[] parameters = [("@channel", (int)channel), ("@now", now.ToUnixTimeMilliseconds()), ("@limit", limit)];
        await BulkRead.RunAsync(db, select, parameters, row => leased.Add(Read(row, channel)), cancellationToken);
        if (leased.Count == 0) return leased;
        await using var update = db.CreateCommand($"UPDATE deliveries SET {Begin} WHERE {BulkSet.Has(db.Kind, "id", "@ids")}");
        update.Add("@now", now.ToUnixTimeMilliseconds());
        update.Add("@until", until.ToUnixTimeMilliseconds());
        update.Add("@node", node);
        update.Add("@ids", BulkSet.Of(db.Kind, leased.Select(delivery => delivery.Id)));
        await update.ExecuteNonQueryAsync(cancellationToken);
        return leased;
    }

    private static async Task<List<LeasedDelivery>> TakeFromPostgreSqlAsync(
        TocsinDbContext db, ChannelKind channel, long node, DateTimeOffset now, DateTimeOffset until, int limit, CancellationToken cancellationToken)
    {
        var sql = $"""
            WITH due AS MATERIALIZED (
                SELECT waiting.id FROM generate_series(0, {DeliveryPriority.Last}) AS p(priority) CROSS JOIN LATERAL (
                    SELECT id FROM deliveries WHERE state <= 1 AND channel = @channel AND priority = p.priority AND due_at <= @now
                    ORDER BY due_at LIMIT @limit FOR UPDATE SKIP LOCKED) AS waiting
                LIMIT @limit),
            taken AS (
                UPDATE deliveries SET {Begin} FROM due WHERE deliveries.id = due.id
                RETURNING deliveries.id, alert_id, recipient_id, message_id, address, condition, attempt)
            SELECT d.id, d.alert_id, d.recipient_id, r.person_id, d.message_id, d.address, d.condition, d.attempt, r.language, r.link_generation, r.standing
            FROM taken d JOIN recipients r ON r.id = d.recipient_id
            """;
        (string, object)[] parameters =
            [("@channel", (int)channel), ("@limit", limit), ("@now", now.ToUnixTimeMilliseconds()), ("@until", until.ToUnixTimeMilliseconds()), ("@node", node)];
        var leased = new List<LeasedDelivery>();
        await BulkRead.RunAsync(db, sql, parameters, row => leased.Add(Read(row, channel)), cancellationToken);
        return leased;
    }

    private const string Begin =
        "state = 1, state_at = CASE state WHEN 0 THEN @now ELSE state_at END, attempt = attempt + 1, due_at = @until, lease_owner = @node";

    private static LeasedDelivery Read(StoredRow row, ChannelKind channel) => new(
        row.Number(0),
        new AlertId(row.Uuid(1)),
        row.Number(2),
        new PersonId(row.Uuid(3)),
        row.Number(4),
        channel,
        row.Text(5),
        (StepCondition)row.SmallNumber(6),
        row.SmallNumber(7),
        (ContentLanguage)row.SmallNumber(8),
        row.SmallNumber(9),
        (Standing)row.SmallNumber(10));
}
