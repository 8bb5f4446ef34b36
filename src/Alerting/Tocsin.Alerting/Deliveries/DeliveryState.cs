namespace Tocsin.Alerting.Deliveries;

/// <summary>
/// How far one message got. The value is the rank: news only ever raises it, so duplicated and reordered receipts end in the same state.
/// Stored as this number or as its kebab-case word; the values never change.
/// </summary>
/// <remarks>
/// A lease (one node has it in hand for the moment) is not a state: it is a column beside it that a crash lets run out.
/// Sending again by hand is a new delivery, so a final state stays what it is.
/// </remarks>
public enum DeliveryState
{
    /// <summary>Decided and durable; due at its time. No attempt has begun.</summary>
    Planned = 0,

    /// <summary>At least one attempt has begun and none was taken yet. It may be waiting for its next attempt, and it may have arrived unknown to us.</summary>
    Sending = 1,

    /// <summary>Called back before it left. Ranks below <see cref="Accepted"/>: if the carrier had it already after all, that is the truth that is shown.</summary>
    Withdrawn = 2,

    /// <summary>The carrier took it. That is not arrival: it may never come.</summary>
    Accepted = 3,

    /// <summary>Its time ran out, here or at the carrier, before any sign of arrival.</summary>
    Expired = 4,

    /// <summary>Refused for good, here or by the carrier. Ranks below <see cref="Delivered"/>: an attempt of unknown outcome may have arrived after all.</summary>
    Failed = 5,

    /// <summary>Reached the device or the mailbox, says the carrier. Nobody need have seen it.</summary>
    Delivered = 6,

    /// <summary>Shown to the person, or answered.</summary>
    Read = 7,
}

/// <summary>What the board says of one person.</summary>
public enum RecipientState
{
    /// <summary>Nothing has left for them yet, or it was withdrawn in time.</summary>
    NotReached,

    /// <summary>A carrier took at least one message.</summary>
    Sent,

    /// <summary>At least one message reached a device or mailbox.</summary>
    Delivered,

    /// <summary>At least one message was shown.</summary>
    Read,

    /// <summary>They answered, by any way.</summary>
    Answered,

    /// <summary>Nothing can reach them any more: every delivery failed or expired, or none could be planned. A person must act.</summary>
    Failed,
}
