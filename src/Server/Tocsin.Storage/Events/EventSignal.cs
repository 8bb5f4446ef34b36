namespace Tocsin.Storage.Events;

/// <summary>Wakes the readers of the event stream in this process: "there is something up to this number".</summary>
/// <remarks>Only a hint. The log is the truth: a reader that is woken too often, or late, still reads every event in order.</remarks>
public sealed class EventSignal
{
    private readonly Lock sync = new();
    private TaskCompletionSource changed = NewSource();
    private long head;

    /// <summary>The highest number announced so far.</summary>
    public long Head => Volatile.Read(ref head);

    public void Announce(long seq)
    {
        TaskCompletionSource wake;
        lock (sync)
        {
            if (seq <= head) return;
            head = seq;
            wake = changed;
            changed = NewSource();
        }

        wake.TrySetResult();
    }

    /// <summary>Completes once a number above <paramref name="seen"/> was announced.</summary>
    public Task WaitAsync(long seen, CancellationToken cancellationToken)
    {
        lock (sync)
        {
            return head > seen ? Task.CompletedTask : changed.Task.WaitAsync(cancellationToken);
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
