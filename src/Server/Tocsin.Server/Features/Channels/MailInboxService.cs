using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Channels.Smtp.Inbound;
using Tocsin.Server.Hosting;

namespace Tocsin.Server.Features.Channels;

/// <summary>Takes mail that comes back, while the host runs.</summary>
internal sealed class MailInboxService(TocsinOptions options, ChannelSecrets secrets, IChannelInbox inbox, TimeProvider time, ILoggerFactory logs) : IHostedService, IAsyncDisposable
{
    private MailInbox? running;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        running = new MailInbox(ChannelConfiguration.MailInbox(options, secrets.MailTagKey), inbox, time, logs);
        running.Start();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken) => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref running, null) is { } stopped) await stopped.DisposeAsync();
    }
}
