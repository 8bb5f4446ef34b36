using Microsoft.Extensions.DependencyInjection.Extensions;
using Tocsin.Alerting.Channels;
using Tocsin.Server.Features.Alerts.Answers;
using Tocsin.Server.Features.Alerts.Board;
using Tocsin.Server.Features.Alerts.Dispatch;
using Tocsin.Server.Features.Alerts.Escalation;
using Tocsin.Server.Features.Alerts.Expansion;
using Tocsin.Server.Features.Alerts.InApp;
using Tocsin.Server.Features.Alerts.Raising;
using Tocsin.Server.Features.Alerts.Readiness;
using Tocsin.Server.Features.Alerts.Receipts;
using Tocsin.Server.Features.Alerts.Timers;
using Tocsin.Server.Features.Retention;
using Tocsin.Server.Features.Settings;

namespace Tocsin.Server.Features.Alerts;

internal static class AlertsFeature
{
    public static void AddAlerts(this IServiceCollection services)
    {
        services.TryAddSingleton(new RetentionOptions());
        services.AddSingleton<AlertWakeUps>();
        services.AddSingleton<AlertCatalog>();
        services.AddSingleton<EndedAlerts>();
        services.AddSingleton<RaiseAlert>();
        services.AddSingleton<FollowUpAlert>();
        services.AddSingleton<TellAgain>();
        services.AddSingleton<AnswerAlert>();
        services.AddSingleton<RevokeLink>();
        services.AddSingleton<AlertBoard>();
        services.AddAlertChannel(provider => ActivatorUtilities.CreateInstance<InAppChannel>(provider));
        services.AddSingleton<AnswerLinks>();
        services.AddSingleton<OrganisationName>().AddSingleton<OrganisationTimeZone>();
        services.AddSingleton<MessageComposer>();
        services.AddSingleton<AlertChannels>();
        services.AddSingleton<DispatchServices>();
        services.AddSingleton<IChannelInbox, ChannelInbox>();
        services.AddSingleton<FirstAlertRehearsal>();
        services.AddSingleton<ITimerHandler, WaveExpansion>();
        services.AddSingleton<ITimerHandler, FollowUpExpansion>();
        services.AddSingleton<ITimerHandler, ReminderTimer>();
        services.AddSingleton<ITimerHandler, EscalationTimer>();
        services.AddSingleton<ITimerHandler, ExpiryTimer>();

        // In this order they start; in the reverse order they stop, so that each still has what it writes to.
        services.AddStartedSingleton<NodeLife>();
        services.AddStartedSingleton<NewsJournal>();
        services.AddStartedSingleton<UnmatchedReceiptSweep>();
        services.AddStartedSingleton<DispatchService>();
        services.AddStartedSingleton<AlertClock>();
    }

    /// <summary>Adds a way to reach people. Where two are of one kind, the later is used.</summary>
    public static void AddAlertChannel<TChannel>(this IServiceCollection services, Func<IServiceProvider, TChannel> create)
        where TChannel : class, IAlertChannel => services.AddSingleton<IAlertChannel>(create);

    private static void AddStartedSingleton<TService>(this IServiceCollection services)
        where TService : class, IHostedService
    {
        services.AddSingleton<TService>();
        services.AddHostedService(provider => provider.GetRequiredService<TService>());
    }
}
