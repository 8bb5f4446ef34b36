using System.Runtime.InteropServices;

namespace Tocsin.Alerting.Channels.Smtp.Relays;

/// <summary>What one relay made of one mail, and whose fault it is.</summary>
internal enum RelayVerdict
{
    Accepted,

    /// <summary>The relay works and asks for this mail later (greylisting, a full mailbox).</summary>
    TryLater,

    /// <summary>This mail or its recipient is refused for good; another relay would say the same.</summary>
    Refused,

    /// <summary>This relay refuses us; another may not.</summary>
    RefusedByRelay,

    /// <summary>The relay did not take it, and it certainly has not got it.</summary>
    RelayFailed,

    /// <summary>It may or may not have it.</summary>
    Unknown,
}

[StructLayout(LayoutKind.Auto)]
internal readonly record struct RelayAnswer(RelayVerdict Verdict, FailureReason Reason);

/// <summary>Reads a relay's replies as answers. RFC 5321 section 4.2.2 and 4.3.2, RFC 3463, RFC 4954 section 6.</summary>
internal static class RelayAnswers
{
    public static readonly RelayAnswer Accepted = new(RelayVerdict.Accepted, default);

    /// <summary>The reply to MAIL is about us and the relay, not about the recipient: except where the size is refused.</summary>
    public static RelayAnswer? ToSender(SmtpReply reply) => reply switch
    {
        { IsPositive: true } => null,
        { Code: 552 } or { Enhanced: { Subject: 3, Detail: 4 } } => new(RelayVerdict.Refused, new(FailureCodes.MessageTooLarge, reply.CarrierCode)),
        { IsTransient: true } => new(RelayVerdict.RelayFailed, Throttled(reply)),
        _ => new(RelayVerdict.RefusedByRelay, new(FailureCodes.CarrierRefused, reply.CarrierCode)),
    };

    public static RelayAnswer? ToRecipient(SmtpReply reply) => reply switch
    {
        { IsPositive: true } => null,
        // RFC 5321 section 4.5.3.1.10: 552 to RCPT means "too many" and is to be read as 452.
        { IsTransient: true } or { Code: 552 } => new(RelayVerdict.TryLater, Throttled(reply)),
        _ when IsAboutUs(reply) => new(RelayVerdict.RefusedByRelay, new(FailureCodes.CarrierRefused, reply.CarrierCode)),
        { Enhanced: { Subject: 1, Detail: 3 } } or { Code: 501 or 553 } => new(RelayVerdict.Refused, new(FailureCodes.AddressInvalid, reply.CarrierCode)),
        { Enhanced: { Subject: 1 } } or { Code: 550 or 551, Enhanced: null } => new(RelayVerdict.Refused, new(FailureCodes.AddressUnknown, reply.CarrierCode)),
        { Enhanced: { Subject: 2 } } => new(RelayVerdict.Refused, new(FailureCodes.Undeliverable, reply.CarrierCode)),
        _ => new(RelayVerdict.Refused, new(FailureCodes.CarrierRefused, reply.CarrierCode)),
    };

    /// <summary>The reply to DATA itself, once MAIL and RCPT were taken.</summary>
    public static RelayAnswer? ToData(SmtpReply reply) => reply switch
    {
        { Code: 354 } => null,
        { IsTransient: true } => new(RelayVerdict.TryLater, Throttled(reply)),
        _ => new(RelayVerdict.RefusedByRelay, new(FailureCodes.CarrierRefused, reply.CarrierCode)),
    };

    /// <summary>The reply to the final dot.</summary>
    public static RelayAnswer ToContent(SmtpReply reply) => reply switch
    {
        { IsPositive: true } => Accepted,
        { IsTransient: true } => new(RelayVerdict.TryLater, Throttled(reply)),
        { Code: 552 } or { Enhanced: { Subject: 3, Detail: 4 } } => new(RelayVerdict.Refused, new(FailureCodes.MessageTooLarge, reply.CarrierCode)),
        _ when IsAboutUs(reply) => new(RelayVerdict.RefusedByRelay, new(FailureCodes.CarrierRefused, reply.CarrierCode)),
        _ => new(RelayVerdict.Refused, new(FailureCodes.CarrierRefused, reply.CarrierCode)),
    };

    /// <summary>530 and 535: authenticate first; 5.7.x: its policy (relaying denied, a block list), which another relay may not share.</summary>
    private static bool IsAboutUs(SmtpReply reply) => reply.Code is 502 or 503 or 530 or 534 or 535 or 538 || reply.Enhanced is { Subject: 7 };

    private static FailureReason Throttled(SmtpReply reply) => new(FailureCodes.CarrierThrottled, reply.CarrierCode);
}

/// <summary>The connection to a relay is of no more use. Thrown within the relay's own code only, as the sockets below it do.</summary>
/// <param name="cause">For the health page: a stable kebab-case code.</param>
internal sealed class RelayFaultException(string cause, FailureReason reason, Exception? inner = null) : Exception(cause, inner)
{
    public string Cause { get; } = cause;

    public FailureReason Reason { get; } = reason;

    /// <summary>A connection that broke, perhaps only because it was old: worth one more.</summary>
    public bool IsBreak => Cause == ConnectionLost;

    /// <summary>It did not answer within the time it had.</summary>
    public bool IsTimeout => Cause == Timeout;

    private const string ConnectionLost = "connection-lost";
    private const string Timeout = "timeout";

    public static RelayFaultException Lost(Exception? inner = null) => new(ConnectionLost, new(FailureCodes.ConnectionLost), inner);

    public static RelayFaultException TimedOut(Exception? inner = null) => new(Timeout, new(FailureCodes.CarrierTimeout), inner);

    public static RelayFaultException Refused(string cause, SmtpReply reply) =>
        new(cause, new(reply.IsTransient ? FailureCodes.CarrierThrottled : FailureCodes.CarrierUnavailable, reply.CarrierCode));
}
