using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Server.Features.Alerts;
using Tocsin.Server.Features.Alerts.Answers;
using Tocsin.Server.Features.Alerts.Board;
using Tocsin.Server.Features.Alerts.Raising;
using Tocsin.Server.Features.Events;
using Tocsin.Server.Hosting;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Schema;

namespace Tocsin.Server.Tests.Alerts;

/// <summary>The alerting part of one server process, without its endpoints: so that several can run on one database, and be killed.</summary>
internal sealed class AlertingNode : IAsyncDisposable
{
    private readonly ServiceProvider services;
    private bool isRunning;

    private AlertingNode(ServiceProvider services, KillSwitch killSwitch) => (this.services, KillSwitch) = (services, killSwitch);

    public KillSwitch KillSwitch { get; }

    public CommandStore Store => Get<CommandStore>();

    public IChannelInbox Inbox => Get<IChannelInbox>();

    public RaiseAlert Raise => Get<RaiseAlert>();

    public FollowUpAlert FollowUp => Get<FollowUpAlert>();

    public AnswerAlert Answers => Get<AnswerAlert>();

    public AlertBoard Board => Get<AlertBoard>();

    public static async Task<AlertingNode> StartAsync(DatabaseOptions database, TimeProvider time, params IAlertChannel[] channels)
    {
        var collection = new ServiceCollection();
        collection.AddSingleton(time);
        collection.AddLogging();
        collection.AddTocsinStorage(database);
        collection.AddSingleton(new ServerAddress(new TocsinOptions { PublicUrl = "https://alerte.example" }, null!));
        collection.AddAlerts();
        collection.AddHostedService<NodeNotificationService>();
        foreach (var channel in channels) collection.AddAlertChannel(_ => new Borrowed(channel));
        var killSwitch = new KillSwitch(database);
        collection.Replace(ServiceDescriptor.Singleton<IDbContextFactory<TocsinDbContext>>(killSwitch));
        var node = new AlertingNode(collection.BuildServiceProvider(), killSwitch);
        await node.Get<SchemaMigrator>().ApplyAsync(TestContext.Current.CancellationToken);
        foreach (var service in node.services.GetServices<IHostedService>()) await service.StartAsync(TestContext.Current.CancellationToken);
        node.isRunning = true;
        return node;
    }

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public async Task<T> ReadAsync<T>(Func<TocsinDbContext, Task<T>> read)
    {
        await using var db = await Get<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
        return await read(db);
    }

    public Task<AlertTotals> TotalsAsync(AlertId alert) => ReadAsync(db => AlertTotals.ReadAsync(db, alert, TestContext.Current.CancellationToken));

    /// <summary>Ends as a host ends it: what is under way is answered for.</summary>
    public async Task StopAsync()
    {
        if (!isRunning) return;
        isRunning = false;
        foreach (var service in services.GetServices<IHostedService>().Reverse()) await service.StopAsync(CancellationToken.None);
    }

    /// <summary>Ends as SIGKILL ends it: the database hears nothing more of it. What runs on in this test process can do no harm.</summary>
    public async Task KillAsync()
    {
        KillSwitch.KillNow();
        isRunning = false;
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        foreach (var service in services.GetServices<IHostedService>().Reverse())
        {
            try
            {
                await service.StopAsync(now.Token);
            }
            catch (Exception)
            {
                // A dead node says no goodbye.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await services.DisposeAsync();
    }

    /// <summary>The carrier is not the node's to dispose of.</summary>
    private sealed class Borrowed(IAlertChannel channel) : IAlertChannel
    {
        public ChannelKind Kind => channel.Kind;

        public int MaximumInFlight => channel.MaximumInFlight;

        public ChannelHealth Health => channel.Health;

        public ValueTask<DeliveryOutcome> SendAsync(OutboundMessage message, CancellationToken cancellationToken) => channel.SendAsync(message, cancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
