using Tocsin.Server.Features.Alerts;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Alerts;

public sealed class WakeUpTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(9_999)]
    [InlineData(10_000)]
    [InlineData(600_000_001)]
    public async Task A_wait_never_ends_before_what_it_waits_for_is_due(long ticks)
    {
        // A timer counts whole milliseconds. One that fired early would find nothing due and ask for no time at all, again and again: a loop that holds the thread which moves the clock.
        var time = new ManualTimeProvider();
        var due = time.GetUtcNow() + TimeSpan.FromTicks(ticks);
        var woken = WakeUp.WaitAsync(new WakeUp().Next, due, time, Cancellation);
        Assert.False(woken.IsCompleted);
        time.Advance(TimeSpan.FromTicks(ticks - 1));
        Assert.False(woken.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        await woken.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    [Fact]
    public async Task What_is_due_already_is_not_waited_for()
    {
        var time = new ManualTimeProvider();
        await WakeUp.WaitAsync(new WakeUp().Next, time.GetUtcNow(), time, Cancellation);
        Assert.Equal(0, time.ArmedTimers);
    }
}
