namespace Tocsin.Testing.Tests;

public sealed class AllocationTests
{
    [Fact]
    public void What_other_threads_collect_is_not_charged_to_the_work()
    {
        using var ended = new CancellationTokenSource();
        var neighbours = Enumerable.Range(0, 2).Select(_ => new Thread(() => AllocateUntil(ended.Token))).ToArray();
        foreach (var neighbour in neighbours) neighbour.Start();
        try
        {
            var sum = 0;
            for (var time = 0; time < 20; time++)
            {
                GC.KeepAlive(new byte[100]);
                Assert.Equal(0, Allocation.Of(() =>
                {
                    for (var n = 0; n < 2_000; n++) sum += n;
                }));
            }
            Assert.NotEqual(0, sum);
        }
        finally
        {
            ended.Cancel();
            foreach (var neighbour in neighbours) neighbour.Join();
        }
    }

    [Fact]
    public void What_the_work_allocates_is_found()
    {
        Assert.InRange(Allocation.Of(() => GC.KeepAlive(new byte[8])), 50 * 32, 50 * 32 + 16_384);
    }

    [Fact]
    public void One_allocation_in_fifty_rounds_is_found()
    {
        var round = 0;
        Assert.InRange(
            Allocation.Of(() =>
            {
                if (++round % 50 == 0) GC.KeepAlive(new byte[8]);
            }),
            32,
            16_384);
    }

    private static void AllocateUntil(CancellationToken ended)
    {
        while (!ended.IsCancellationRequested) GC.KeepAlive(new byte[1_000]);
    }
}
