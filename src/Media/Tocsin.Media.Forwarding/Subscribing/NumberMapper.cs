using System.Runtime.InteropServices;

namespace Tocsin.Media.Forwarding.Subscribing;

/// <summary>Where a number of the source's belongs among those that the subscriber sees.</summary>
internal enum Place
{
    /// <summary>It has a number of its own, whether or not it was sent.</summary>
    Kept,

    /// <summary>It was left out, and those after it moved up.</summary>
    LeftOut,

    /// <summary>Before the first, or so long ago that nobody knows.</summary>
    Forgotten,
}

/// <summary>
/// Renumbers what is passed on when some of it is left out, so that the subscriber sees no gap but those that really are: sequence numbers, and picture ids of VP8. A number that is
/// missing keeps its place until it comes.
/// </summary>
/// <remarks>
/// Numbers are unrolled. The meeting's thread. A value within its owner, because thousands of them are looked at for each packet in turn; not to be copied. Allocates only when it is made.
/// </remarks>
internal struct NumberMapper
{
    /// <summary>A power of two: half the frames of 30 a second left out one by one are two seconds; no packet comes so late.</summary>
    private const int RememberedRuns = 32;

    /// <summary>Runs of numbers left out, in order; entry n is the n-th modulo the length.</summary>
    private readonly Run[] runs = new Run[RememberedRuns];

    public NumberMapper()
    {
    }

    private long runCount;
    private long firstDelta;
    private long delta;

    /// <summary>Below it nothing is known.</summary>
    public long First { readonly get; private set; }

    /// <summary>Of those that were kept or left out.</summary>
    public long Highest { readonly get; private set; }

    /// <summary>What the next number becomes if it is kept.</summary>
    public readonly long Next => Highest + 1 + delta;

    /// <summary>Forgets all: <paramref name="first"/> will become <paramref name="mapped"/>.</summary>
    public void Begin(long first, long mapped)
    {
        (First, Highest, runCount) = (first, first - 1, 0);
        firstDelta = delta = mapped - first;
    }

    /// <param name="number">Higher than the highest.</param>
    /// <returns>What it becomes.</returns>
    public long Keep(long number)
    {
        Highest = number;
        return number + delta;
    }

    /// <param name="number">Higher than the highest. Those between them are missing, and keep their places.</param>
    public void LeaveOut(long number)
    {
        ref var last = ref runs[(runCount - 1) & (RememberedRuns - 1)];
        delta--;
        if (runCount > 0 && last.End == number)
            last = last with { End = number + 1, Delta = delta };
        else
            runs[runCount++ & (RememberedRuns - 1)] = new Run(number, number + 1, delta);
        Highest = number;
    }

    /// <summary>Where a number belongs that is not higher than the highest.</summary>
    public readonly Place Find(long number, out long mapped)
    {
        mapped = 0;
        if (number < First)
            return Place.Forgotten;
        for (var index = runCount - 1; index >= Math.Max(0, runCount - RememberedRuns); index--)
        {
            ref readonly var run = ref runs[index & (RememberedRuns - 1)];
            if (number < run.Begin)
                continue;
            mapped = number + run.Delta;
            return number < run.End ? Place.LeftOut : Place.Kept;
        }

        mapped = number + firstDelta;
        return runCount > RememberedRuns ? Place.Forgotten : Place.Kept;
    }

    /// <param name="Begin">The first that was left out.</param>
    /// <param name="End">The first after them.</param>
    /// <param name="Delta">From there on.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Run(long Begin, long End, long Delta);
}
