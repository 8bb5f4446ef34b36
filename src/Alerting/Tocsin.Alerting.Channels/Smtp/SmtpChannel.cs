using System.Buffers;
using Microsoft.Extensions.Logging;
using Tocsin.Alerting.Channels.Sharing;
using Tocsin.Alerting.Channels.Smtp.Mime;
using Tocsin.Alerting.Channels.Smtp.Relays;

namespace Tocsin.Alerting.Channels.Smtp;

/// <summary>E-mail, handed to the organisation's own relays by SMTP (RFC 5321).</summary>
/// <remarks>docs/protocol/email.md says what is on the wire; docs/decisions says why the client is our own.</remarks>
public sealed class SmtpChannel : IAlertChannel
{
    private readonly SmtpChannelOptions options;
    private readonly TimeProvider time;
    private readonly SmtpRelay[] relays;
    private readonly RelayRota rota;
    private readonly Mailbox? from;
    private readonly Mailbox? bounce;
    private readonly Mailbox? reply;
    private readonly DeliveryTag tag;
    private readonly SharedWriting<SharedMail> written = new();
    private readonly Func<OutboundMessage, SharedMail?> compose;
    private bool disposed;

    /// <exception cref="ArgumentException"><see cref="SmtpChannelOptions.FindErrors"/> finds one.</exception>
    public SmtpChannel(SmtpChannelOptions options, TimeProvider time, ILoggerFactory logs)
    {
        if (options.FindErrors().FirstOrDefault() is { } error)
            throw new ArgumentException(error, nameof(options));
        this.options = options;
        this.time = time;
        tag = new DeliveryTag(options.TagKey);
        from = Parsed(options.From);
        bounce = Parsed(options.BounceAddress);
        reply = Parsed(options.ReplyAddress);
        compose = message => SharedMail.Of(message, new MailIdentity(from!, reply));
        var heloName = options.HeloName.Length > 0 ? options.HeloName : from?.Domain ?? "localhost";
        var log = logs.CreateLogger<SmtpChannel>();
        relays = [.. options.Relays.Select(relay => new SmtpRelay(relay, options, heloName, time, log))];
        rota = new RelayRota([.. options.Relays.Select(relay => relay.Weight)]);
    }

    public ChannelKind Kind => ChannelKind.Email;

    public int MaximumInFlight
    {
        get
        {
            var working = relays.Where(relay => relay.RestsFor == TimeSpan.Zero).Sum(relay => relay.MaximumInFlight);
            return Math.Max(working, 1);
        }
    }

    public ChannelHealth Health
    {
        get
        {
            if (relays.Length == 0)
                return new(ChannelHealthState.NotConfigured, "not-configured");
            var causes = relays.Select(relay => relay.DownBecause).Where(cause => cause is not null).ToList();
            return causes.Count == 0
                ? new(ChannelHealthState.Ready, ReasonCode: null)
                : new(causes.Count == relays.Length ? ChannelHealthState.Down : ChannelHealthState.Degraded, causes[0]);
        }
    }

    public async ValueTask<DeliveryOutcome> SendAsync(OutboundMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (relays.Length == 0 || from is null)
            return new DeliveryOutcome.RetryAfter(After: null, new(FailureCodes.NotConfigured));
        if (!Mailbox.TryParse(message.Address, out var recipient))
            return new DeliveryOutcome.Rejected(new(FailureCodes.AddressInvalid));
        if (message.ExpiresAt <= time.GetUtcNow())
            return new DeliveryOutcome.Rejected(new(FailureCodes.Expired));
        return await SendByRelaysAsync(message, recipient, from, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (disposed)
            return;
        disposed = true;
        await Task.WhenAll(relays.Select(relay => relay.DisposeAsync().AsTask()));
    }

    private async ValueTask<DeliveryOutcome> SendByRelaysAsync(OutboundMessage message, Mailbox recipient, Mailbox from, CancellationToken cancellationToken)
    {
        RelayAnswer? last = null;
        foreach (var index in rota.Order(index => relays[index].RestsFor == TimeSpan.Zero))
        {
            var relay = relays[index];
            var answer = await SubmitAsync(relay, message, recipient, from, cancellationToken);
            switch (answer.Verdict)
            {
                case RelayVerdict.Accepted:
                    return new DeliveryOutcome.Accepted(relay.Name, AlertMail.MessageId(message, from));
                case RelayVerdict.TryLater:
                    return new DeliveryOutcome.RetryAfter(After: null, answer.Reason);
                case RelayVerdict.Refused:
                    return new DeliveryOutcome.Rejected(answer.Reason);
                case RelayVerdict.Unknown:
                    // Another relay at once would make a duplicate likely; the dispatcher decides when.
                    return new DeliveryOutcome.OutcomeUnknown(answer.Reason);
                default:
                    last = MoreTelling(last, answer);
                    break;
            }
        }
        return last is { Verdict: RelayVerdict.RefusedByRelay } refused
            ? new DeliveryOutcome.Rejected(refused.Reason)
            : new DeliveryOutcome.RetryAfter(ShortestRest(), last?.Reason ?? new(FailureCodes.CarrierUnavailable));
    }

    private async Task<RelayAnswer> SubmitAsync(SmtpRelay relay, OutboundMessage message, Mailbox recipient, Mailbox from, CancellationToken cancellationToken)
    {
        var submission = new MailSubmission(recipient, EnvelopeSender(message.DeliveryId, from), EnvelopeId(message.DeliveryId), () => Write(message, recipient, from));
        relay.Submit(submission);
        try
        {
            return await submission.Answer.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            submission.Abandon();
            throw;
        }
    }

    /// <summary>A relay that is down may take it later, so as long as there is one of those the mail is not refused.</summary>
    private static RelayAnswer MoreTelling(RelayAnswer? before, RelayAnswer now) => before is { Verdict: RelayVerdict.RelayFailed } failed ? failed : now;

    private TimeSpan? ShortestRest()
    {
        var rest = relays.Min(relay => relay.RestsFor);
        return rest > TimeSpan.Zero ? rest : null;
    }

    private ReadOnlyMemory<byte> Write(OutboundMessage message, Mailbox recipient, Mailbox from)
    {
        var replyTo = reply is null ? null : Tagged(reply, TagPurpose.Reply, message.DeliveryId);
        var shared = message.Purpose == MessagePurpose.VerificationCode ? null : written.Get(message, compose);
        var output = new ArrayBufferWriter<byte>(shared?.Length ?? 16 * 1024);
        AlertMail.Write(output, message, recipient, new MailIdentity(from, replyTo), time.GetUtcNow(), shared);
        return output.WrittenMemory;
    }

    private static Mailbox? Parsed(string address) => Mailbox.TryParse(address, out var mailbox) ? mailbox : null;

    private string EnvelopeSender(DeliveryId delivery, Mailbox from) => bounce is null ? from.ToString() : Tagged(bounce, TagPurpose.Bounce, delivery).ToString();

    private string EnvelopeId(DeliveryId delivery) => bounce is null ? delivery.ToString() : tag.Write(TagPurpose.Bounce, delivery);

    private Mailbox Tagged(Mailbox mailbox, TagPurpose purpose, DeliveryId delivery) =>
        Mailbox.TryParse($"{mailbox.LocalPart}{options.TagSeparator}{tag.Write(purpose, delivery)}@{mailbox.Domain}", out var tagged)
            ? tagged
            : throw new InvalidOperationException("A tagged address is always an address: FindErrors leaves room for the tag.");
}
