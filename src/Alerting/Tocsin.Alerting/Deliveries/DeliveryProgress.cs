using System.Runtime.InteropServices;
using Tocsin.Alerting.Channels;

namespace Tocsin.Alerting.Deliveries;

/// <summary>How far one delivery is known to have got, why it failed if it did, and since when.</summary>
/// <param name="Reason">For <see cref="DeliveryState.Failed"/> and <see cref="DeliveryState.Expired"/>; null otherwise.</param>
/// <remarks>
/// <see cref="Merge"/> is a maximum over a total order, so it is commutative, associative and idempotent: any order and any repetition of the same
/// news ends in the same progress. The order: first by state's rank; of the same state the earlier news wins; of the same moment the reason with the
/// smaller code.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DeliveryProgress(DeliveryState State, DateTimeOffset At, FailureReason? Reason = null)
{
    public static DeliveryProgress Planned(DateTimeOffset at) => new(DeliveryState.Planned, at);

    public static DeliveryProgress Sending(DateTimeOffset at) => new(DeliveryState.Sending, at);

    public static DeliveryProgress Withdrawn(DateTimeOffset at) => new(DeliveryState.Withdrawn, at);

    /// <summary>What an attempt's outcome says by itself. Whether there is another attempt is <see cref="Plans.RetryPolicy"/>'s to say.</summary>
    public static DeliveryProgress Of(DeliveryOutcome outcome, DateTimeOffset at) => outcome switch
    {
        DeliveryOutcome.Accepted => new(DeliveryState.Accepted, at),
        DeliveryOutcome.Rejected rejected => new(DeliveryState.Failed, at, rejected.Reason),
        DeliveryOutcome.RetryAfter or DeliveryOutcome.OutcomeUnknown => Sending(at),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    /// <summary>What a carrier's receipt says. "Enroute" proves that the carrier has it.</summary>
    public static DeliveryProgress Of(DeliveryReceipt receipt)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        return receipt.State switch
        {
            ReceiptState.Enroute => new(DeliveryState.Accepted, receipt.At),
            ReceiptState.Delivered => new(DeliveryState.Delivered, receipt.At),
            ReceiptState.Read => new(DeliveryState.Read, receipt.At),
            ReceiptState.Failed => new(DeliveryState.Failed, receipt.At, receipt.Reason ?? new FailureReason(FailureCodes.Undeliverable)),
            ReceiptState.Expired => new(DeliveryState.Expired, receipt.At, receipt.Reason ?? new FailureReason(FailureCodes.Expired)),
            _ => throw new ArgumentOutOfRangeException(nameof(receipt)),
        };
    }

    public DeliveryProgress Merge(DeliveryProgress news) => IsAbove(news, this) ? news : this;

    private static bool IsAbove(DeliveryProgress news, DeliveryProgress known)
    {
        if (news.State != known.State)
            return news.State > known.State;
        if (news.At.UtcTicks != known.At.UtcTicks)
            return news.At.UtcTicks < known.At.UtcTicks;
        var byCode = string.CompareOrdinal(news.Reason?.Code, known.Reason?.Code);
        return byCode != 0 ? byCode < 0 : string.CompareOrdinal(news.Reason?.CarrierCode, known.Reason?.CarrierCode) < 0;
    }
}
