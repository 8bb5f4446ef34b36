using Tocsin.Rehearsal;

namespace Tocsin.Bench.Alert;

/// <summary>The server's own memory, in MiB, looked at all along: not the pages of its database and program that it has mapped, which the system takes back when it needs them.</summary>
internal sealed class OwnMemory : IDisposable
{
    private const string Field = "RssAnon";

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private readonly ServerProcess server;
    private readonly CancellationTokenSource end = new();
    private readonly Task<double> looking;

    public OwnMemory(ServerProcess server)
    {
        this.server = server;
        Before = server.MemoryMebibytes(Field);
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
            await Task.Delay(LookEvery, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            most = Math.Max(most, server.MemoryMebibytes(Field));
        }

        return most;
    }
}
