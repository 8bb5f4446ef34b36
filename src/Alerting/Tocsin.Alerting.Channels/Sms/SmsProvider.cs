using System.Text;
using Microsoft.Extensions.Logging;
using Tocsin.Alerting.Channels.Sms.Receipts;
using Tocsin.Alerting.Channels.Sms.Replies;
using Tocsin.Alerting.Channels.Sms.Smpp;
using Tocsin.Alerting.Channels.Sms.Text;

namespace Tocsin.Alerting.Channels.Sms;

/// <summary>One carrier: keeps a session with it open, and sends over it.</summary>
internal sealed class SmsProvider : IAsyncDisposable
{
    /// <summary>A session that lasted this long has shown that the carrier works; one that ends sooner counts as a failure to connect.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(10);

    private readonly SmsProviderOptions options;
    private readonly SmppSessionSettings settings;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly SubmitPace pace;
    private readonly ReconnectDelay reconnectDelay;
    private readonly CancellationTokenSource stopping = new();
    private readonly byte[] source;
    private readonly byte sourceTon;
    private readonly byte sourceNpi;
    private readonly Task connecting;
    private volatile SmppSession? session;
    private volatile string downReason = SmsReasons.Connecting;

    public SmsProvider(SmsProviderOptions options, SmsOptions channel, ReplyIntake replies, IChannelInbox inbox, TimeProvider time, ILogger logger, Random random)
    {
        this.options = options;
        this.time = time;
        this.logger = logger;
        pace = new SubmitPace(options.ThroughputPerSecond, time, random);
        reconnectDelay = new ReconnectDelay(random);
        source = Encoding.ASCII.GetBytes(options.SourceAddress.TrimStart('+'));
        var (ton, npi) = SmppNumber.KindOf(options.SourceAddress);
        (sourceTon, sourceNpi) = (options.SourceTon ?? ton, options.SourceNpi ?? npi);
        Receipts = new ReceiptIntake(options, inbox, time, logger);
        settings = new SmppSessionSettings(options, channel.ResponseTimeout, channel.EnquireLinkInterval, channel.Country, TakeAsync);
        connecting = Task.Run(KeepConnectedAsync);

        async ValueTask<bool> TakeAsync(DeliveredMessage message, long sessionNumber) => message switch
        {
            { Receipt: { } receipt } => await Receipts.TakeAsync(receipt, stopping.Token),
            { Reply: { } reply } => await replies.TakeAsync(options.Id, reply, sessionNumber, stopping.Token),
            _ => true,
        };
    }

    public string Id => options.Id;

    public int Window => options.Window;

    /// <summary>Bound to the carrier. False from the moment a session ends, before the loop that opens the next has noticed.</summary>
    public bool IsUp => session is { Closed.IsCompleted: false };

    public bool IsPaused => pace.Paused is not null;

    /// <summary>How many submissions could leave now.</summary>
    public int FreeSlots => session?.FreeSlots ?? 0;

    /// <summary>Why it is not up.</summary>
    public string DownReason => downReason;

    private ReceiptIntake Receipts { get; }

    /// <summary>Hands all parts of a text to the carrier.</summary>
    /// <returns>Accepted only where every part is. Never throws but for cancellation.</returns>
    public async ValueTask<DeliveryOutcome> SendAsync(OutboundMessage message, SmsPart[] parts, byte dataCoding, CancellationToken cancellationToken)
    {
        if (session is not { } open)
            return SubmitVerdict.Unavailable(null);
        if (pace.Paused is { } remaining)
            return new DeliveryOutcome.RetryAfter(remaining, new FailureReason(FailureCodes.CarrierThrottled));

        if (parts.Length == 1)
        {
            var result = await SubmitAsync(open, message, parts[0], dataCoding, cancellationToken);
            return result.IsAccepted ? Accepted(result.MessageId) : Failed(message, result);
        }

        var text = new SplitText(parts.Length);
        try
        {
            var outcome = await SubmitAllAsync(open, message, parts, dataCoding, text, cancellationToken);
            Receipts.End(text, accepted: outcome is DeliveryOutcome.Accepted);
            return outcome;
        }
        catch
        {
            Receipts.End(text, accepted: false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await connecting;
        if (session is { } open)
        {
            await open.DisposeAsync();
            session = null;
        }

    }

    private DeliveryOutcome.Accepted Accepted(string messageId) => new(options.Id, messageId.Length == 0 ? null : messageId);

    /// <summary>All parts leave one after another without awaiting each other's answers: a text must not take as many round trips as it has parts.</summary>
    private async Task<DeliveryOutcome> SubmitAllAsync(SmppSession open, OutboundMessage message, SmsPart[] parts, byte dataCoding, SplitText text, CancellationToken cancellationToken)
    {
        var submissions = new Task<SubmitResult>[parts.Length];
        for (var i = 0; i < parts.Length; i++)
            submissions[i] = SubmitPartAsync(i);
        var results = await Task.WhenAll(submissions);
        if (Array.TrueForAll(results, result => result.IsAccepted))
            return Accepted(results[^1].MessageId);

        // Unknown outweighs refused: with one part's fate unknown, trying elsewhere at once could double the whole text.
        var worst = Array.Find(results, result => result.End is SubmitEnd.TimedOut or SubmitEnd.ConnectionLost);
        return Failed(message, worst.End == SubmitEnd.NotSent ? Array.Find(results, result => !result.IsAccepted) : worst);

        async Task<SubmitResult> SubmitPartAsync(int i)
        {
            var result = await SubmitAsync(open, message, parts[i], dataCoding, cancellationToken);
            if (result.IsAccepted && result.MessageId.Length > 0)
                Receipts.Add(text, i, result.MessageId);
            return result;
        }
    }

    private async Task<SubmitResult> SubmitAsync(SmppSession open, OutboundMessage message, SmsPart part, byte dataCoding, CancellationToken cancellationToken)
    {
        if (!await open.TryReserveAsync(cancellationToken))
            return SubmitResult.NotSent;
        var turn = pace.TakeTurn();
        if (turn > TimeSpan.Zero && !await WaitAsync(turn, open, cancellationToken))
            return SubmitResult.NotSent;

        var result = await Submit(open, message, part, dataCoding).WaitAsync(cancellationToken);
        if (result.IsAccepted)
        {
            Receipts.Remember(result.MessageId);
            pace.Accepted();
        }
        else if (result.End == SubmitEnd.Answered && SubmitVerdict.IsThrottling(result.Status) && pace.Throttled())
        {
            SmsLog.Throttled(logger, Id, pace.Paused ?? TimeSpan.Zero, pace.PerSecond);
        }

        return result;
    }

    /// <summary>Waits for a turn in a reserved place of the window, which is given back where the wait is broken off.</summary>
    private async Task<bool> WaitAsync(TimeSpan turn, SmppSession open, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAny(Task.Delay(turn, time, cancellationToken), open.Closed);
            cancellationToken.ThrowIfCancellationRequested();
        }
        catch (OperationCanceledException)
        {
            open.GiveBack();
            throw;
        }

        if (!open.Closed.IsCompleted)
            return true;
        open.GiveBack();
        return false;
    }

    private Task<SubmitResult> Submit(SmppSession open, OutboundMessage message, SmsPart part, byte dataCoding)
    {
        Span<byte> destination = stackalloc byte[SmppNumber.LongestE164];
        Span<byte> validity = stackalloc byte[ValidityPeriod.Size];
        var digits = Encoding.ASCII.GetBytes(message.Address.AsSpan(1), destination);
        ValidityPeriod.Write(message.ExpiresAt - time.GetUtcNow(), validity);
        return open.Submit(new ShortMessage
        {
            Source = new SmppAddress { Ton = sourceTon, Npi = sourceNpi, Value = source },
            Destination = new SmppAddress { Ton = SmppNumber.InternationalTon, Npi = SmppNumber.IsdnNpi, Value = destination[..digits] },
            EsmClass = part.HasHeader ? EsmClass.UserDataHeader : EsmClass.Default,
            ValidityPeriod = validity,
            RegisteredDelivery = 1,
            DataCoding = dataCoding,
            UserData = part.UserData,
        });
    }

    private DeliveryOutcome Failed(OutboundMessage message, SubmitResult result)
    {
        var outcome = SubmitVerdict.OfFailure(result);
        switch (outcome)
        {
            case DeliveryOutcome.Rejected rejected:
                SmsLog.Refused(logger, Id, message.DeliveryId, rejected.Reason.CarrierCode);
                return outcome;
            case DeliveryOutcome.RetryAfter { Reason.Code: FailureCodes.CarrierThrottled } retry:
                return retry with { After = pace.Paused ?? TimeSpan.FromSeconds(1) };
            default:
                return outcome;
        }
    }

    private async Task KeepConnectedAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            var (opened, reason) = await SmppSession.OpenAsync(settings, time, logger, stopping.Token);
            if (opened is not null)
            {
                SmsLog.Bound(logger, Id);
                session = opened;
                var boundAt = time.GetTimestamp();
                await ((Task)opened.Closed).WaitAsync(stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (!opened.Closed.IsCompleted)
                    return;
                session = null;
                reason = await opened.Closed;
                if (time.GetElapsedTime(boundAt) >= Settled)
                    reconnectDelay.Reset();
                SmsLog.SessionEnded(logger, Id, reason);
                await opened.DisposeAsync();
            }

            downReason = reason;
            if (stopping.IsCancellationRequested)
                return;
            var delay = reconnectDelay.Next(reason);
            SmsLog.NotBound(logger, Id, reason, delay);
            await Task.Delay(delay, time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
