namespace Tocsin.Rehearsal;

/// <summary>The server's own memory, in MiB, looked at all along: not the pages of its database and program that it has mapped, which the system takes back when it needs them.</summary>
public sealed class OwnMemory : IDisposable
{
    private const string Field = "RssAnon";

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private readonly Func<double> look;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource end = new();
    private readonly Task<double> looking;

    public OwnMemory(ServerProcess server)
        : this(() => server.MemoryMebibytes(Field), TimeProvider.System)
    {
    }

    /// <param name="look">What is held now, in MiB. Called at once, and then now and then until the end.</param>
    public OwnMemory(Func<double> look, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(look);
        (this.look, this.time) = (look, time);
        Before = look();
        looking = LookAsync();
    }

    /// <summary>What it held at first.</summary>
    public double Before { get; }

    /// <returns>The most that was seen.</returns>
    public async Task<double> EndAsync()
    {
        await end.CancelAsync();
        return await looking;
    }

    public void Dispose() => end.Dispose();

    private async Task<double> LookAsync()
    {
        var most = Before;
        while (!end.IsCancellationRequested)
        {
            await Task.Delay(LookEvery, time, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            most = Math.Max(most, look());
        }

        return most;
    }
}
