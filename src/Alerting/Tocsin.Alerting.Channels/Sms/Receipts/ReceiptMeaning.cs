namespace Tocsin.Alerting.Channels.Sms.Receipts;

/// <summary>A carrier's state of a message in the words of the board.</summary>
/// <remarks>
/// Every final state of SMPP 3.4 appendix B: DELIVRD is delivered; EXPIRED is expired; UNDELIV, DELETED, REJECTD and UNKNOWN will not arrive as far as anyone
/// knows, so that the next contact point is tried (a duplicate beats silence). ACCEPTD is meant to say "read by customer service on the person's behalf", and in
/// practice says "taken by the next network": neither is arrival, so it is still on its way.
/// </remarks>
internal static class ReceiptMeaning
{
    private const byte GsmNetwork = 3;

    public static (ReceiptState State, FailureReason? Reason) Of(CarrierReceipt receipt) => receipt.State switch
    {
        MessageState.Delivered => (ReceiptState.Delivered, null),
        MessageState.Expired => (ReceiptState.Expired, Reason(FailureCodes.Expired, "EXPIRED", receipt)),
        MessageState.Deleted => (ReceiptState.Failed, Reason(FailureCodes.Undeliverable, "DELETED", receipt)),
        MessageState.Undeliverable => (ReceiptState.Failed, Reason(UndeliverableCode(receipt), "UNDELIV", receipt)),
        MessageState.Unknown => (ReceiptState.Failed, Reason(FailureCodes.Undeliverable, "UNKNOWN", receipt)),
        MessageState.Skipped => (ReceiptState.Failed, Reason(FailureCodes.Undeliverable, "SKIPPED", receipt)),
        MessageState.Rejected => (ReceiptState.Failed, Reason(FailureCodes.CarrierRefused, "REJECTD", receipt)),
        _ => (ReceiptState.Enroute, null),
    };

    /// <remarks>The errors of 3GPP TS 29.002 section 17.6.6, which are the same everywhere; what carriers write in the text is their own.</remarks>
    private static string UndeliverableCode(CarrierReceipt receipt) => (receipt.NetworkType, receipt.Error) switch
    {
        (GsmNetwork, "1") => FailureCodes.AddressUnknown,
        (GsmNetwork, "27") => FailureCodes.AbsentSubscriber,
        _ => FailureCodes.Undeliverable,
    };

    private static FailureReason Reason(string code, string state, CarrierReceipt receipt) =>
        new(code, receipt.Error is null ? state : $"{state} {receipt.Error}");
}
