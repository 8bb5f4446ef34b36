namespace Tocsin.Bench.Chat.Load;

/// <summary>How long each delivery of a step took.</summary>
internal sealed class Delays
{
    private int[] microseconds = [];
    private int count;

    public int Count => Volatile.Read(ref count);

    /// <param name="expected">How many there will be; a further one would be a message that came twice.</param>
    public void Begin(int expected) => (microseconds, count) = (new int[expected], 0);

    public void Add(TimeSpan delay) => microseconds[Interlocked.Increment(ref count) - 1] = (int)delay.TotalMicroseconds;

    /// <returns>Milliseconds; of those that there are.</returns>
    public (double P50, double P99) Quantiles()
    {
        var sorted = microseconds[..Count];
        if (sorted.Length == 0) return (double.NaN, double.NaN);
        Array.Sort(sorted);
        return (sorted[sorted.Length / 2] / 1e3, sorted[(int)(sorted.Length * 0.99)] / 1e3);
    }
}
