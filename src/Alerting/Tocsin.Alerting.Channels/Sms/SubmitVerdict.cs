using System.Globalization;
using Tocsin.Alerting.Channels.Sms.Smpp;

namespace Tocsin.Alerting.Channels.Sms;

/// <summary>What a carrier's answer to a submission means for the delivery.</summary>
/// <remarks>SMPP 3.4 section 5.1.3. What may be different at another time is tried again; only what is wrong with this address or this message is refused for good.</remarks>
internal static class SubmitVerdict
{
    public static DeliveryOutcome OfFailure(SubmitResult result) => result.End switch
    {
        SubmitEnd.TimedOut => new DeliveryOutcome.OutcomeUnknown(new FailureReason(FailureCodes.CarrierTimeout)),
        SubmitEnd.ConnectionLost => new DeliveryOutcome.OutcomeUnknown(new FailureReason(FailureCodes.ConnectionLost)),
        SubmitEnd.NotSent => Unavailable(null),
        _ => OfStatus(result.Status),
    };

    public static bool IsThrottling(CommandStatus status) => status is CommandStatus.Throttled or CommandStatus.MessageQueueFull;

    public static DeliveryOutcome Unavailable(string? carrierCode) => new DeliveryOutcome.RetryAfter(null, new FailureReason(FailureCodes.CarrierUnavailable, carrierCode));

    private static DeliveryOutcome OfStatus(CommandStatus status)
    {
        var code = string.Create(CultureInfo.InvariantCulture, $"0x{(uint)status:X8}");
        return status switch
        {
            _ when IsThrottling(status) => new DeliveryOutcome.RetryAfter(null, new FailureReason(FailureCodes.CarrierThrottled, code)),
            CommandStatus.SystemError or CommandStatus.TemporaryApplicationError or CommandStatus.IncorrectBindStatus or CommandStatus.UnknownError => Unavailable(code),

            // Ours to mend, or the carrier's, and no fault of the address: the message waits.
            CommandStatus.SubmitFailed or CommandStatus.InvalidSourceAddress or CommandStatus.InvalidSourceTon or CommandStatus.InvalidSourceNpi
                or CommandStatus.InvalidCommandId or CommandStatus.InvalidCommandLength or (>= CommandStatus.FirstCarrierSpecific and <= CommandStatus.LastCarrierSpecific) =>
                new DeliveryOutcome.RetryAfter(null, new FailureReason(FailureCodes.CarrierRefused, code)),
            CommandStatus.InvalidDestinationAddress or CommandStatus.InvalidDestinationTon or CommandStatus.InvalidDestinationNpi =>
                new DeliveryOutcome.Rejected(new FailureReason(FailureCodes.AddressInvalid, code)),
            _ => new DeliveryOutcome.Rejected(new FailureReason(FailureCodes.CarrierRefused, code)),
        };
    }
}
