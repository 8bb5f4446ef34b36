namespace Tocsin.Testing.Tests;

public sealed class ManualTimeTests
{
    [Fact]
    public void A_clock_that_moves_on_fires_each_tick_at_its_time_and_one_that_slept_fires_once_and_late()
    {
        var time = new ManualTimeProvider();
        var start = time.GetUtcNow();
        List<double> ticks = [];
        using var ticker = time.CreateTimer(_ => ticks.Add((time.GetUtcNow() - start).TotalSeconds), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal([1, 2, 3], ticks);
        time.Sleep(TimeSpan.FromSeconds(10));
        Assert.Equal([1, 2, 3, 13], ticks);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([1, 2, 3, 13, 14], ticks);
    }

    [Fact]
    public void What_a_late_timer_arms_waits_from_then()
    {
        var time = new ManualTimeProvider();
        var start = time.GetUtcNow();
        List<string> fired = [];
        ITimer? second = null;
        using var later = time.CreateTimer(_ => fired.Add("later"), null, TimeSpan.FromHours(2), Timeout.InfiniteTimeSpan);
        using var first = time.CreateTimer(_ => second = time.CreateTimer(_ => fired.Add($"second {(time.GetUtcNow() - start).TotalHours}"), null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan), null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        time.Sleep(TimeSpan.FromHours(5));
        Assert.Equal(["later"], fired);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(["later", "second 6"], fired);
        second!.Dispose();
        Assert.Equal(0, time.ArmedTimers);
    }
}
