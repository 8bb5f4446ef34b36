using Microsoft.Extensions.Logging;

namespace Tocsin.Alerting.Channels.Sms;

/// <summary>All that this channel writes to the log: names of providers, codes and counts, never an address or a word of a message.</summary>
internal static partial class SmsLog
{
    [LoggerMessage(LogLevel.Information, "SMS provider {ProviderId}: bound.")]
    public static partial void Bound(ILogger logger, string providerId);

    [LoggerMessage(LogLevel.Warning, "SMS provider {ProviderId}: not bound ({Reason}); next try in {Delay}.")]
    public static partial void NotBound(ILogger logger, string providerId, string reason, TimeSpan delay);

    [LoggerMessage(LogLevel.Warning, "SMS provider {ProviderId}: session ended ({Reason}).")]
    public static partial void SessionEnded(ILogger logger, string providerId, string reason);

    [LoggerMessage(LogLevel.Debug, "SMS provider {ProviderId}: the connection ended with {Error}.")]
    public static partial void ConnectionBroke(ILogger logger, string providerId, string error);

    [LoggerMessage(LogLevel.Warning, "SMS provider {ProviderId}: throttled; pausing for {Pause}, then {PerSecond} a second.")]
    public static partial void Throttled(ILogger logger, string providerId, TimeSpan pause, double perSecond);

    [LoggerMessage(LogLevel.Warning, "SMS provider {ProviderId}: delivery {DeliveryId} was refused with {CarrierCode}.")]
    public static partial void Refused(ILogger logger, string providerId, DeliveryId deliveryId, string? carrierCode);

    [LoggerMessage(LogLevel.Error, "SMS provider {ProviderId}: a receipt or reply could not be kept ({Error}); the carrier is asked to bring it again.")]
    public static partial void NotKept(ILogger logger, string providerId, string error);

    [LoggerMessage(LogLevel.Information, "SMS provider {ProviderId}: ids of messages are {Form} in its answers and its receipts; set messageIdForm so that this is known after a restart.")]
    public static partial void MessageIdFormFound(ILogger logger, string providerId, MessageIdForm form);
}
