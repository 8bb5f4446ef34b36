using Microsoft.Extensions.Logging;
using Tocsin.Alerting.Channels.Sharing;
using Tocsin.Alerting.Channels.Sms.Replies;
using Tocsin.Alerting.Channels.Sms.Text;

namespace Tocsin.Alerting.Channels.Sms;

/// <summary>Sends SMS over one or several carriers, and takes back their receipts and people's replies.</summary>
/// <remarks>
/// A message goes to the carriers by their weights. Where one certainly did not take it (down, throttled, refused), the next is tried at once; where it may have, the
/// outcome is unknown and the dispatcher decides.
/// </remarks>
public sealed class SmsChannel : IAlertChannel
{
    private readonly SmsOptions options;
    private readonly TimeProvider time;
    private readonly ReplyIntake replies;
    private readonly SmsProvider[] providers;
    private readonly ProviderSelection selection;
    private readonly SharedWriting<SharedSms> written = new();
    private readonly Func<OutboundMessage, SharedSms?> compose;

    private SmsChannel(SmsOptions options, IChannelInbox inbox, TimeProvider time, ILoggerFactory loggers, Random random)
    {
        var logger = loggers.CreateLogger<SmsChannel>();
        this.options = options;
        this.time = time;
        compose = message => SharedSms.Of(message, options.MaximumParts);
        replies = new ReplyIntake(inbox, time, logger);
        selection = new ProviderSelection([.. options.Providers.Select(provider => provider.Weight)]);
        providers = [.. options.Providers.Select(provider => new SmsProvider(provider, options, replies, inbox, time, logger, new Random(random.Next())))];
    }

    public ChannelKind Kind => ChannelKind.Sms;

    public int MaximumInFlight
    {
        get
        {
            var windows = providers.Where(provider => provider.IsUp).Sum(provider => provider.Window);

            // With no carrier every send fails at once; a few keep the state of the channel fresh.
            return windows > 0 ? windows : 1;
        }
    }

    public ChannelHealth Health
    {
        get
        {
            if (providers.Length == 0)
                return new ChannelHealth(ChannelHealthState.NotConfigured, SmsReasons.NotConfigured);
            var up = providers.Count(provider => provider.IsUp);
            if (up == 0)
                return new ChannelHealth(ChannelHealthState.Down, providers[0].DownReason);
            if (up < providers.Length)
                return new ChannelHealth(ChannelHealthState.Degraded, SmsReasons.SomeProvidersDown);
            return Array.TrueForAll(providers, provider => provider.IsPaused)
                ? new ChannelHealth(ChannelHealthState.Degraded, SmsReasons.Throttled)
                : new ChannelHealth(ChannelHealthState.Ready, null);
        }
    }

    /// <summary>Starts the channel: it connects by itself, and again whenever it must, until it is disposed of.</summary>
    /// <param name="options">Valid: <see cref="SmsOptions.Validate"/> has nothing to say.</param>
    /// <param name="random">Spreads reconnections; not used after this call returns.</param>
    /// <exception cref="ArgumentException">The options are not valid.</exception>
    public static SmsChannel Start(SmsOptions options, IChannelInbox inbox, TimeProvider time, ILoggerFactory loggers, Random random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(inbox);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(loggers);
        ArgumentNullException.ThrowIfNull(random);
        if (options.Validate() is { Count: > 0 } errors)
            throw new ArgumentException(string.Join(' ', errors), nameof(options));
        return new SmsChannel(options, inbox, time, loggers, random);
    }

    public async ValueTask<DeliveryOutcome> SendAsync(OutboundMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        cancellationToken.ThrowIfCancellationRequested();
        if (providers.Length == 0)
            return new DeliveryOutcome.RetryAfter(null, new FailureReason(FailureCodes.NotConfigured));
        if (message.ExpiresAt <= time.GetUtcNow())
            return new DeliveryOutcome.Rejected(new FailureReason(FailureCodes.Expired));
        if (!SmppNumber.IsE164(message.Address))
            return new DeliveryOutcome.Rejected(new FailureReason(FailureCodes.AddressInvalid));

        var shared = message.Purpose == MessagePurpose.VerificationCode ? null : written.Get(message, compose);
        var (parts, dataCoding) = shared is null ? SharedSms.Cut(message, options.MaximumParts) : (shared.PartsFor(message), shared.DataCoding);
        return await SendAsync(message, parts, dataCoding, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(providers.Select(provider => provider.DisposeAsync().AsTask()));
        await replies.DisposeAsync();
    }

    private async ValueTask<DeliveryOutcome> SendAsync(OutboundMessage message, SmsPart[] parts, byte dataCoding, CancellationToken cancellationToken)
    {
        DeliveryOutcome? failure = null;
        for (ulong tried = 0; Choose(tried) is >= 0 and var chosen; tried |= 1UL << chosen)
        {
            var outcome = await providers[chosen].SendAsync(message, parts, dataCoding, cancellationToken);
            if (outcome is DeliveryOutcome.Accepted or DeliveryOutcome.OutcomeUnknown)
                return outcome;

            // Refused for good by one and for now by another: it may still go.
            if (failure is null || outcome is DeliveryOutcome.RetryAfter)
                failure = outcome;
        }

        return failure ?? SubmitVerdict.Unavailable(null);
    }

    /// <summary>The carrier to try next: one with a free place in its window, else one that is up, else one that is only pausing.</summary>
    private int Choose(ulong tried)
    {
        ulong free = 0, up = 0, pausing = 0;
        for (var i = 0; i < providers.Length; i++)
        {
            var bit = 1UL << i;
            if ((tried & bit) != 0 || !providers[i].IsUp)
                continue;
            if (providers[i].IsPaused)
                pausing |= bit;
            else if (providers[i].FreeSlots > 0)
                free |= bit;
            else
                up |= bit;
        }

        return selection.Choose(free != 0 ? free : up != 0 ? up : pausing);
    }
}
