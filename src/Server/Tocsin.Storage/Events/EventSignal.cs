namespace Tocsin.Storage.Events;

/// <summary>Wakes the readers of the event stream in this process: "there is something up to this number".</summary>
/// <remarks>Only a hint. The log is the truth: a reader that is woken too often, or late, still reads every event in order.</remarks>
public sealed class EventSignal
{
    private readonly Mark any = new();
    private readonly Mark ofOthers = new();

    /// <summary>By which this process knows what it announced itself among what all nodes announce; another with each start.</summary>
    public string Node { get; } = Guid.NewGuid().ToString("N");

    /// <summary>The highest number announced so far.</summary>
    public long Head => any.Number;

    /// <summary>The highest number that another node announced so far.</summary>
    public long HeadOfOthers => ofOthers.Number;

    public void Announce(long seq) => any.Raise(seq);

    /// <summary>Another node committed it, or nobody knows who.</summary>
    public void AnnounceOfOthers(long seq)
    {
        any.Raise(seq);
        ofOthers.Raise(seq);
    }

    /// <summary>Completes once a number above <paramref name="seen"/> was announced.</summary>
    public Task WaitAsync(long seen, CancellationToken cancellationToken) => any.WaitAsync(seen, cancellationToken);

    /// <summary>Completes once another node announced a number above <paramref name="seen"/>.</summary>
    public Task WaitForOthersAsync(long seen, CancellationToken cancellationToken) => ofOthers.WaitAsync(seen, cancellationToken);

    /// <summary>A number that only rises, and whoever waits for it to.</summary>
    private sealed class Mark
    {
        private readonly Lock sync = new();
        private TaskCompletionSource changed = NewSource();
        private long number;

        public long Number => Volatile.Read(ref number);

        public void Raise(long to)
        {
            TaskCompletionSource wake;
            lock (sync)
            {
                if (to <= number) return;
                number = to;
                wake = changed;
                changed = NewSource();
            }

            wake.TrySetResult();
        }

        public Task WaitAsync(long seen, CancellationToken cancellationToken)
        {
            lock (sync)
            {
                return number > seen ? Task.CompletedTask : changed.Task.WaitAsync(cancellationToken);
            }
        }

        private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
