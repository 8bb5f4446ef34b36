using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Commands;

/// <summary>Lets one writer at a time into SQLite, first come first served.</summary>
/// <remarks>
/// SQLite has one writer anyway; without a queue, waiting writers poll the file lock in 150 ms steps and the unlucky one starves. PostgreSQL needs no gate.
/// A long writer may enter so that it gives way (<see cref="EnterGivingWayAsync"/>): whoever waits has it undone and goes first.
/// </remarks>
public sealed class WriteGate(TimeProvider time) : IDisposable
{
    /// <summary>How long an alert waits for a long writer. Nobody notices so short a wait, and most long writers end within it.</summary>
    internal static readonly TimeSpan HurriedPatience = TimeSpan.FromMilliseconds(150);

    // Somebody who saves a form. Shorter, and a large import would never end while people work.
    private static readonly TimeSpan UnhurriedPatience = TimeSpan.FromSeconds(10);

    private static readonly AsyncLocal<bool> Unhurried = new();

    private readonly SemaphoreSlim turns = new(1, 1);
    private GivingWay? holder;

    // How many wait. Counted before the holder is asked, and asked for by a holder when it enters: so none waits unheard, whoever of the two is first.
    private int hurried;
    private int unhurried;

    /// <summary>What is called from here on has nothing to do with an alert: it lets a long writer finish, within bounds.</summary>
    public static void BeUnhurried() => Unhurried.Value = true;

    public async ValueTask<Turn> EnterAsync(DatabaseKind kind, CancellationToken cancellationToken)
    {
        if (kind == DatabaseKind.PostgreSql) return default;
        var entered = turns.WaitAsync(cancellationToken);
        if (!entered.IsCompletedSuccessfully) await WaitAsync(entered, Unhurried.Value);
        return new Turn(this, null);
    }

    /// <summary>As <see cref="EnterAsync"/>, for work that takes seconds and can be undone and done again.</summary>
    /// <param name="patience">How long those in a hurry wait: <see cref="HurriedPatience"/>, or more for one who had to give way for too long.</param>
    /// <param name="mustGiveWay">Cancelled once another writer has waited as long as it can. Its clock is the one by which it waits.</param>
    internal async ValueTask<Turn> EnterGivingWayAsync(DatabaseKind kind, TimeSpan patience, CancellationTokenSource mustGiveWay, CancellationToken cancellationToken)
    {
        if (kind == DatabaseKind.PostgreSql) return default;
        await turns.WaitAsync(cancellationToken);
        var turn = new GivingWay(mustGiveWay, patience, time);
        Interlocked.Exchange(ref holder, turn);
        if (Volatile.Read(ref hurried) > 0) turn.Ask(isUnhurried: false);
        if (Volatile.Read(ref unhurried) > 0) turn.Ask(isUnhurried: true);
        return new Turn(this, turn);
    }

    public void Dispose() => turns.Dispose();

    private async Task WaitAsync(Task entered, bool isUnhurried)
    {
        Interlocked.Increment(ref isUnhurried ? ref unhurried : ref hurried);
        try
        {
            Volatile.Read(ref holder)?.Ask(isUnhurried);
            await entered;
        }
        finally
        {
            Interlocked.Decrement(ref isUnhurried ? ref unhurried : ref hurried);
        }
    }

    private void Release(GivingWay? turn)
    {
        if (turn is not null) Volatile.Write(ref holder, null);
        turn?.End();
        turns.Release();
    }

    /// <summary>The right to write; disposing it lets the next one in.</summary>
    public readonly struct Turn : IDisposable
    {
        private readonly WriteGate? gate;
        private readonly GivingWay? givingWay;

        internal Turn(WriteGate gate, GivingWay? givingWay) => (this.gate, this.givingWay) = (gate, givingWay);

        public void Dispose() => gate?.Release(givingWay);
    }

    /// <summary>A long writer at work.</summary>
    internal sealed class GivingWay(CancellationTokenSource mustGiveWay, TimeSpan patience, TimeProvider time)
    {
        private readonly Lock guard = new();
        private DateTimeOffset until = DateTimeOffset.MaxValue;
        private bool ended;

        /// <summary>Somebody waits. Who asked for the earliest moment is heard.</summary>
        public void Ask(bool isUnhurried)
        {
            lock (guard)
            {
                var wait = isUnhurried && patience < UnhurriedPatience ? UnhurriedPatience : patience;
                var at = time.GetUtcNow() + wait;
                if (ended || at >= until) return;
                until = at;
                mustGiveWay.CancelAfter(wait);
            }
        }

        /// <summary>From here on the source may be disposed.</summary>
        public void End()
        {
            lock (guard) ended = true;
        }
    }
}
