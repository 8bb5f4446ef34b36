namespace Tocsin.Server.Features.Alerts.Dispatch;

/// <summary>Runs a dispatcher per channel for the life of the host. When the host stops, what is under way gets a moment to be answered for.</summary>
internal sealed class DispatchService(AlertChannels channels, DispatchServices services, ILogger<ChannelDispatcher> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource stop = new();
    private readonly CancellationTokenSource giveUp = new();
    private Task running = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        running = Task.WhenAll(channels.All.Select(channel => Task.Run(() => new ChannelDispatcher(channel, services, logger).RunAsync(stop.Token, giveUp.Token), CancellationToken.None)));
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stop.CancelAsync();
        await using var impatience = cancellationToken.Register(giveUp.Cancel);
        giveUp.CancelAfter(Grace);
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        stop.Dispose();
        giveUp.Dispose();
    }
}
