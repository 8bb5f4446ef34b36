namespace Tocsin.Testing;

/// <summary>What a path allocates that must allocate nothing.</summary>
public static class Allocation
{
    private const int Rounds = 50;
    private const int Measurements = 20;

    /// <summary>The bytes that <paramref name="work"/>, run 50 times, allocates on this thread.</summary>
    /// <remarks>
    /// A collection that another thread starts while this one runs is charged to this one: up to the 8 KiB of its allocation context, whether it
    /// allocated or not (a loop of pure arithmetic beside three threads that allocate was charged in one measurement of three). What the runtime
    /// adds comes now and then; what the work allocates comes every time. So the least of several measurements is the work's own, and the first
    /// that finds nothing settles it.
    /// </remarks>
    /// <param name="work">Must not allocate once it has run twice.</param>
    public static long Of(Action work)
    {
        work();
        work();
        var least = long.MaxValue;
        for (var measurement = 0; measurement < Measurements && least > 0; measurement++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var round = 0; round < Rounds; round++) work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
