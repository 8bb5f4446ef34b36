using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting.Deliveries;
using Tocsin.Rehearsal;
using Tocsin.Rehearsal.Carriers;
using Tocsin.Storage.Alerts;

namespace Tocsin.Scenarios.Long.Crashes;

/// <summary>
/// What was in flight when a server was killed: a carrier had the message, and the database did not know it yet. The next life may send it once more, since it
/// cannot know; and nothing else.
/// </summary>
internal sealed class InFlight
{
    /// <summary>News of the server that waits to be written, and a batch of it that is being written (<c>NewsJournal</c>).</summary>
    private const int Journal = 2_000 + 2_000;

    private readonly List<HashSet<string>> kills = [];

    /// <summary>What can be in flight at most: what awaits a carrier's answer, and what was answered and is not yet durable.</summary>
    /// <param name="window">SMS that may await their answer.</param>
    public static int Most(int window) =>
        // A mail under way and one whose envelope is ahead, on each connection.
        window + (2 * CarrierConfiguration.MailConnections) + Journal;

    /// <summary>How many messages were in flight at each kill.</summary>
    public IEnumerable<int> Counts => kills.Select(kill => kill.Count);

    /// <summary>Compares the carriers with the database, while no server runs.</summary>
    /// <param name="life">The life that has just ended.</param>
    public async Task TakeAsync(Arrivals arrivals, int life, Organisation database, CancellationToken cancellationToken)
    {
        await using var db = await database.ContextAsync(cancellationToken);
        var known = await db.Set<Delivery>().Where(delivery => delivery.State >= DeliveryState.Accepted).Select(delivery => delivery.Address).ToListAsync(cancellationToken);
        var unknown = arrivals.Snapshot().Where(reached => reached.Value.Contains(life)).Select(reached => reached.Key).ToHashSet(StringComparer.Ordinal);
        unknown.ExceptWith(known);
        kills.Add(unknown);
    }

    /// <summary>
    /// The messages that an address may have got at most: one, and one more for each kill that found one in flight. Fewer where the receipt of the first came
    /// before the second left.
    /// </summary>
    public int MostMessagesTo(string address) => 1 + kills.Count(kill => kill.Contains(address));
}
