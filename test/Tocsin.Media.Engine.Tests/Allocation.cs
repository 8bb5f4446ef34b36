namespace Tocsin.Media.Engine.Tests;

/// <summary>What the hot path allocates: nothing.</summary>
internal static class Allocation
{
    /// <param name="work">Must not allocate once it has run twice.</param>
    public static long Of(Action work)
    {
        work();
        work();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 50; round++) work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
