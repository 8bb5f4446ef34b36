namespace Tocsin.Server.Features.Alerts;

/// <summary>Tells waiting loops of this process that there may be something to do. Only a hint: they look into the database, which is the truth.</summary>
/// <remarks>Take <see cref="Next"/>, then look, then wait on what was taken: a pulse in between is not missed.</remarks>
internal sealed class WakeUp
{
    private TaskCompletionSource next = NewSource();

    /// <summary>Completes at the first pulse from now on.</summary>
    public Task Next => Volatile.Read(ref next).Task;

    public void Pulse() => Interlocked.Exchange(ref next, NewSource()).TrySetResult();

    /// <summary>Waits for <paramref name="pulse"/>, but not beyond <paramref name="due"/> (null: for ever).</summary>
    public static async Task WaitAsync(Task pulse, DateTimeOffset? due, TimeProvider time, CancellationToken cancellationToken)
    {
        if (due is not { } at)
        {
            await pulse.WaitAsync(cancellationToken);
            return;
        }

        var delay = at - time.GetUtcNow();
        if (delay <= TimeSpan.Zero) return;

        // A timer longer than this could overflow; the loop simply looks again.
        if (delay > LongestWait) delay = LongestWait;

        // Task.Delay drops what is below a millisecond: it would end early, the loop find nothing due and ask again for a delay that is rounded to none, without a pause.
        delay = TimeSpan.FromMilliseconds(Math.Ceiling(delay.TotalMilliseconds));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(pulse, Task.Delay(delay, time, stop.Token));
        await stop.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>The wake-ups of alerting: one for each loop that waits.</summary>
internal sealed class AlertWakeUps
{
    private readonly WakeUp[] deliveries = [.. Enum.GetValues<Alerting.Channels.ChannelKind>().Select(_ => new WakeUp())];

    public WakeUp Timers { get; } = new();

    public WakeUp Deliveries(Alerting.Channels.ChannelKind channel) => deliveries[(int)channel];

    public void PulseDeliveries()
    {
        foreach (var wakeUp in deliveries) wakeUp.Pulse();
    }

    public void PulseAll()
    {
        Timers.Pulse();
        PulseDeliveries();
    }
}
