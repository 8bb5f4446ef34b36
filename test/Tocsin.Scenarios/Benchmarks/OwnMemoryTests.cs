using Tocsin.Rehearsal;
using Tocsin.Testing;

namespace Tocsin.Scenarios.Benchmarks;

/// <summary>The figure that the alert's benchmark gives for the server's memory.</summary>
public sealed class OwnMemoryTests
{
    [Fact]
    public async Task It_is_what_was_held_at_first_and_the_most_that_was_seen_since()
    {
        var time = new ManualTimeProvider();
        var held = new Queue<double>([34, 60, 155, 90]);
        using var memory = new OwnMemory(() => held.Count > 1 ? held.Dequeue() : held.Peek(), time);
        await time.AdvanceUntilAsync(() => held.Count == 1, what: "it looks again and again");
        Assert.Equal((34, 155), (memory.Before, await memory.EndAsync()));
    }

    [Fact]
    public async Task It_looks_once_more_at_the_end_so_that_a_short_run_is_not_missed()
    {
        var held = 34.0;
        using var memory = new OwnMemory(() => held, new ManualTimeProvider());
        held = 120;
        Assert.Equal(120, await memory.EndAsync());
    }

    [Fact]
    public async Task A_server_that_is_gone_is_a_failure_and_not_a_small_figure()
    {
        var looks = 0;
        using var memory = new OwnMemory(() => looks++ == 0 ? 34 : throw new FileNotFoundException("No such process."), new ManualTimeProvider());
        await Assert.ThrowsAsync<FileNotFoundException>(memory.EndAsync);
    }
}
