using System.Security.Cryptography;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Channels.Sms;
using Tocsin.Alerting.Channels.Smtp;
using Tocsin.Alerting.Channels.WebPush;
using Tocsin.Server.Features.Alerts;
using Tocsin.Server.Features.Channels.TestMessages;
using Tocsin.Server.Hosting;

namespace Tocsin.Server.Features.Channels;

/// <summary>The ways out of this server that are configured. One that is not stays out: what is planned for it fails at once and the board says why.</summary>
internal static class ChannelsFeature
{
    public static void AddChannels(this IServiceCollection services, TocsinOptions options)
    {
        services.AddSingleton<ChannelSecrets>();
        services.AddSingleton<TestMessageWakeUp>();
        services.AddHostedService<TestMessageSender>();
        if (options.Sms.Providers.Count > 0)
        {
            services.AddAlertChannel(provider => SmsChannel.Start(
                options.Sms, provider.GetRequiredService<IChannelInbox>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>(), NewRandom()));
        }

        if (options.Email.Relays.Count > 0)
        {
            services.AddAlertChannel(provider => new SmtpChannel(
                ChannelConfiguration.Email(options, Secrets(provider).MailTagKey), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>()));
        }

        if (options.WebPush.AllowedPushOrigins.Count > 0)
        {
            services.AddAlertChannel(provider => new WebPushChannel(
                ChannelConfiguration.WebPush(options, Secrets(provider).VapidPrivateKey), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>()));
        }

        if (options.MailInbox.Listen.Length > 0) services.AddHostedService<MailInboxService>();
    }

    private static ChannelSecrets Secrets(IServiceProvider provider) => provider.GetRequiredService<ChannelSecrets>();

    // Spreads reconnections; tests give their own, seeded.
    private static Random NewRandom() => new(RandomNumberGenerator.GetInt32(int.MaxValue));
}
