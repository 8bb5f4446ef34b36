namespace Tocsin.Testing.Networks;

/// <summary>Where people are who reach the server over one cable.</summary>
public sealed class NetworkSite : IAsyncDisposable
{
    private readonly ImpairedLine? line;

    internal NetworkSite(NetworkNamespace inside, ImpairedLine? line) => (Inside, this.line) = (inside, line);

    public NetworkNamespace Inside { get; }

    /// <summary>Packets lost or dropped so far, both ways.</summary>
    public long Dropped => line is null ? 0 : line.Down.Dropped + line.Up.Dropped;

    /// <summary>Packets that arrived so far, both ways.</summary>
    public long Passed => line is null ? 0 : line.Down.Passed + line.Up.Passed;

    /// <summary>From the next packet on.</summary>
    public void Become(LineQuality down, LineQuality up)
    {
        if (line is null) throw new InvalidOperationException("The cable of this site is always good: see AddFarSiteAsync.");
        (line.Down.Quality, line.Up.Quality) = (down, up);
    }

    public async ValueTask DisposeAsync()
    {
        line?.Dispose();
        await Inside.DisposeAsync();
    }
}
