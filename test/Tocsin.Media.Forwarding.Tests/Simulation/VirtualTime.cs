using Tocsin.Media.Engine;

namespace Tocsin.Media.Forwarding.Tests.Simulation;

/// <summary>What happens when: in order of time, and at one time in the order it was planned.</summary>
internal sealed class VirtualTime
{
    private readonly PriorityQueue<Action, (long, long)> planned = new();
    private long count;

    /// <summary>Not zero: a clock that begins at zero hides mistakes.</summary>
    public Instant Now { get; private set; } = new(5_000_000_000);

    public Instant Next => planned.TryPeek(out _, out var due) ? new Instant(due.Item1) : Instant.Never;

    public void At(Instant instant, Action action) => planned.Enqueue(action, (Math.Max(instant.Nanoseconds, Now.Nanoseconds), count++));

    public void After(TimeSpan delay, Action action) => At(Now + delay, action);

    /// <summary>Runs the action now and again after each interval.</summary>
    public void Every(TimeSpan interval, Action action)
    {
        action();
        After(interval, () => Every(interval, action));
    }

    /// <summary>Moves to an instant and does what is due.</summary>
    public void MoveTo(Instant instant)
    {
        Now = instant > Now ? instant : Now;
        while (planned.TryPeek(out var action, out var due) && due.Item1 <= Now.Nanoseconds)
        {
            planned.Dequeue();
            action();
        }
    }
}
