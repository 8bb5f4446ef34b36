using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Deliveries;
using Tocsin.Storage.Bulk;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Alerts;

/// <summary>An alert's numbers. What is zero is left out.</summary>
/// <param name="Standing">Recipients by what the board says of them. Their sum grows to the alert's audience while it is expanded.</param>
/// <param name="Answers">Recipients by the answer that counts.</param>
/// <param name="Deliveries">Messages by channel and state.</param>
/// <param name="Failures">Failed messages by channel and failure code.</param>
/// <param name="UnreadReplies">Recipients who wrote something that no answer could be read from.</param>
public sealed record AlertTotals(
    IReadOnlyDictionary<Standing, long> Standing,
    IReadOnlyDictionary<string, long> Answers,
    IReadOnlyDictionary<ChannelKind, IReadOnlyDictionary<DeliveryState, long>> Deliveries,
    IReadOnlyDictionary<ChannelKind, IReadOnlyDictionary<string, long>> Failures,
    long UnreadReplies)
{
    public long Recipients => Standing.Values.Sum();

    /// <summary>Reads the numbers as <paramref name="db"/> sees them, its own transaction's changes included.</summary>
    public static async Task<AlertTotals> ReadAsync(TocsinDbContext db, AlertId alert, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        await using var scope = await db.OpenAsync(cancellationToken);

        // Past EF Core: this is read at the end of every transaction that changes an alert.
        await using var command = db.CreateCommand($"SELECT kind, key, count FROM alert_counts WHERE alert_id = @alert AND kind <> {(int)AlertCountKind.Site} AND count <> 0");
        command.Add("@alert", UuidColumn.ToParameter(db.Kind, alert.Value));
        var counts = new List<AlertCount>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            counts.Add(new AlertCount { AlertId = alert, Kind = (AlertCountKind)reader.GetInt32(0), Key = reader.GetString(1), Count = reader.GetInt64(2) });
        return From(counts);
    }

    private static AlertTotals From(List<AlertCount> counts)
    {
        ILookup<AlertCountKind, AlertCount> byKind = counts.ToLookup(count => count.Kind);
        return new AlertTotals(
            byKind[AlertCountKind.Standing].ToDictionary(count => (Standing)int.Parse(count.Key), count => count.Count),
            byKind[AlertCountKind.Answer].ToDictionary(count => count.Key, count => count.Count, StringComparer.Ordinal),
            PerChannel(byKind[AlertCountKind.Delivery], key => (DeliveryState)int.Parse(key)),
            PerChannel(byKind[AlertCountKind.Failure], key => key),
            byKind[AlertCountKind.UnreadReply].Sum(count => count.Count));
    }

    private static Dictionary<ChannelKind, IReadOnlyDictionary<TKey, long>> PerChannel<TKey>(IEnumerable<AlertCount> counts, Func<string, TKey> keyOf)
        where TKey : notnull =>
        counts.Select(count => (Key: CountKeys.Split(count.Key), count.Count))
            .GroupBy(count => (ChannelKind)int.Parse(count.Key.First))
            .ToDictionary(
                channel => channel.Key,
                channel => (IReadOnlyDictionary<TKey, long>)channel.ToDictionary(count => keyOf(count.Key.Second), count => count.Count));
}
