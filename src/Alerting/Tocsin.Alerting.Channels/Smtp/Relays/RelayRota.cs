namespace Tocsin.Alerting.Channels.Smtp.Relays;

/// <summary>Whose turn it is: relays share mail by weight, evenly mixed, and the others follow for fail-over.</summary>
/// <remarks>Smooth weighted round-robin: each turn adds its weight to every relay's credit; the richest goes first and pays the sum. No chance involved.</remarks>
internal sealed class RelayRota(IReadOnlyList<int> weights)
{
    private readonly Lock gate = new();
    private readonly int[] credit = new int[weights.Count];

    /// <summary>Every relay once, in the order to try: the one whose turn it is, the other working ones by credit, then those that seem down.</summary>
    public IReadOnlyList<int> Order(Func<int, bool> works)
    {
        var working = new bool[weights.Count];
        for (var i = 0; i < working.Length; i++)
            working[i] = works(i);
        lock (gate)
        {
            var order = Enumerable.Range(0, weights.Count).ToArray();
            if (order.Length == 1)
                return order;
            var sum = 0;
            foreach (var i in order.Where(i => working[i]))
            {
                credit[i] += weights[i];
                sum += weights[i];
            }
            // Weight 0 stands behind every other that works: it has no turn of its own.
            order = [.. order.OrderByDescending(i => working[i]).ThenByDescending(i => weights[i] > 0).ThenByDescending(i => credit[i]).ThenBy(i => i)];
            if (working[order[0]])
                credit[order[0]] -= sum;
            return order;
        }
    }
}
