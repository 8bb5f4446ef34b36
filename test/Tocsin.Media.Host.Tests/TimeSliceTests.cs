using Tocsin.Media.Host.Sockets;

namespace Tocsin.Media.Host.Tests;

/// <summary>What a media thread asks of the system's scheduler.</summary>
public sealed class TimeSliceTests
{
    [Fact]
    public void A_thread_that_asks_gets_the_shortest_slices_and_keeps_its_priority()
    {
        var (before, niceness) = OnThread(() => (TimeSlice.Current, TimeSlice.Niceness));
        var (granted, after, nicenessAfter) = OnThread(() => (TimeSlice.TryShorten(), TimeSlice.Current, TimeSlice.Niceness));
        Assert.Equal(niceness, nicenessAfter);
        // Kernels before 6.12 tell no slice, and take the wish without fulfilling it.
        if (before is null) Assert.Null(after);
        else Assert.Equal((true, TimeSlice.Shortest), (granted, after));
    }

    [Fact]
    public void The_wish_holds_for_the_thread_that_asked_and_for_no_other()
    {
        var before = TimeSlice.Current;
        var (shortened, ofItsChild) = OnThread(() =>
        {
            TimeSlice.TryShorten();
            return (TimeSlice.Current, OnThread(() => TimeSlice.Current));
        });
        Assert.Equal(before, TimeSlice.Current);
        // What a whole process was given by an operator goes to all of its threads.
        Assert.Equal(TimeSlice.Niceness < 0 ? shortened : before, ofItsChild);
    }

    private static T OnThread<T>(Func<T> ask)
    {
        T answer = default!;
        var thread = new Thread(() => answer = ask());
        thread.Start();
        thread.Join();
        return answer;
    }
}
