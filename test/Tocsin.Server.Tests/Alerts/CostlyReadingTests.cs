using Tocsin.Server.Features.Alerts.Board;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Alerts;

public sealed class CostlyReadingTests
{
    private readonly ManualTimeProvider time = new();
    private int reads;

    [Fact]
    public async Task What_is_read_fast_is_read_each_time()
    {
        var reading = new CostlyReading<int, int>(time);

        for (var number = 1; number <= 3; number++) Assert.Equal(number, await GetAsync(reading, TimeSpan.Zero));
    }

    [Fact]
    public async Task What_takes_long_is_read_again_after_ten_times_as_long()
    {
        var reading = new CostlyReading<int, int>(time);
        var cost = TimeSpan.FromMilliseconds(100);
        Assert.Equal(1, await GetAsync(reading, cost));
        time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(1, await GetAsync(reading, cost));

        time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(2, await GetAsync(reading, cost));
    }

    [Fact]
    public async Task Those_who_ask_while_it_is_read_get_the_same()
    {
        var reading = new CostlyReading<int, int>(time);
        var gate = new TaskCompletionSource();
        async Task<int> ReadAsync()
        {
            var number = Interlocked.Increment(ref reads);
            await gate.Task;
            return number;
        }

        var asked = Enumerable.Range(0, 20).Select(_ => reading.GetAsync(7, ReadAsync, TestContext.Current.CancellationToken)).ToList();
        gate.SetResult();

        Assert.All(await Task.WhenAll(asked), number => Assert.Equal(1, number));
    }

    [Fact]
    public async Task What_fails_is_tried_again_by_the_next_who_asks()
    {
        var reading = new CostlyReading<int, int>(time);
        await Assert.ThrowsAsync<InvalidOperationException>(() => reading.GetAsync(7, () => throw new InvalidOperationException(), TestContext.Current.CancellationToken));

        Assert.Equal(1, await GetAsync(reading, TimeSpan.Zero));
    }

    private Task<int> GetAsync(CostlyReading<int, int> reading, TimeSpan cost) =>
        reading.GetAsync(
            7,
            () =>
            {
                time.Advance(cost);
                return Task.FromResult(++reads);
            },
            TestContext.Current.CancellationToken);
}
