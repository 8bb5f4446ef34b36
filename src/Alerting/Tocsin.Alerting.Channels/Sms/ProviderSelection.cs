namespace Tocsin.Alerting.Channels.Sms;

/// <summary>Shares messages among carriers by their weights, evenly in time (weights 3 and 1 give A A B A, not A A A B).</summary>
/// <remarks>Smooth weighted round robin: each carrier that could be chosen gains its weight, the one that has most is chosen and pays the sum. Any thread.</remarks>
internal sealed class ProviderSelection(IReadOnlyList<int> weights)
{
    private readonly Lock gate = new();
    private readonly long[] credit = new long[weights.Count];

    /// <param name="candidates">A bit for each carrier that may be chosen.</param>
    /// <returns>The index of the chosen one; -1 where there is no candidate. One of weight 0 is chosen only where all candidates are.</returns>
    public int Choose(ulong candidates)
    {
        lock (gate)
        {
            var chosen = -1;
            long sum = 0;
            for (var i = 0; i < weights.Count; i++)
            {
                if ((candidates & (1UL << i)) == 0)
                    continue;
                sum += weights[i];
                credit[i] += weights[i];
                if (chosen < 0 || (weights[i] > 0, credit[i]).CompareTo((weights[chosen] > 0, credit[chosen])) > 0)
                    chosen = i;
            }

            if (chosen >= 0)
                credit[chosen] -= sum;
            return chosen;
        }
    }
}
