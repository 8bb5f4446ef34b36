using System.Diagnostics;

namespace Tocsin.Testing;

/// <summary>Waits for something that another thread, socket or process brings about.</summary>
public static class Eventually
{
    /// <summary>How long a test waits before it calls a thing lost. Only a failing test ever waits that long.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <exception cref="TimeoutException">It did not hold within <see cref="Limit"/>.</exception>
    public static Task HoldsAsync(Func<bool> condition, string? what = null) => HoldsAsync(() => ValueTask.FromResult(condition()), what);

    /// <exception cref="TimeoutException">It did not hold within <see cref="Limit"/>.</exception>
    public static async Task HoldsAsync(Func<ValueTask<bool>> condition, string? what = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > Limit)
                throw new TimeoutException($"Not within {Limit.TotalSeconds:0} s: {what ?? "the condition of the test"}");

            // Not a guess at how long something takes: a pause between looks at state that offers no signal to wait on.
            await Task.Delay(TimeSpan.FromMilliseconds(2));
        }
    }

    /// <summary>For what takes longer than a moment: looks at it now and then until it holds.</summary>
    /// <param name="missing">Says what is still missing, for the message of a failure.</param>
    /// <exception cref="TimeoutException">It did not hold within <paramref name="limit"/>.</exception>
    public static async Task HoldsWithinAsync(TimeSpan limit, Func<Task<bool>> condition, Func<string> missing)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentNullException.ThrowIfNull(missing);
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > limit) throw new TimeoutException($"Not within {limit.TotalSeconds:0} s: {missing()}");

            // As above, and seldom enough to take nothing from what is waited for.
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }
    }

    /// <summary>The task's result, or a clear failure instead of a test run that hangs.</summary>
    public static Task<T> CompletesAsync<T>(Task<T> task) => task.WaitAsync(Limit);

    /// <summary>The task's end, or a clear failure instead of a test run that hangs.</summary>
    public static Task CompletesAsync(Task task) => task.WaitAsync(Limit);
}
