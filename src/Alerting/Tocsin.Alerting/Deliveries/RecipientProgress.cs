namespace Tocsin.Alerting.Deliveries;

/// <summary>Sums up one person from all their deliveries: the best news wins, since one message that arrives is enough.</summary>
public static class RecipientProgress
{
    /// <summary>
    /// An answer outweighs everything. Then read, delivered, sent by the best delivery. Without any of these it is "not reached" as long as something
    /// may still leave or was withdrawn in time, and "failed" when nothing can.
    /// </summary>
    /// <param name="deliveries">All deliveries of the person in this alert; empty where none could be planned.</param>
    public static RecipientState Of(ReadOnlySpan<DeliveryState> deliveries, bool hasAnswered)
    {
        var summary = hasAnswered ? RecipientState.Answered : RecipientState.Failed;
        foreach (var delivery in deliveries)
            summary = Better(summary, Of(delivery));
        return summary;
    }

    /// <summary>What the person would be with this delivery alone.</summary>
    public static RecipientState Of(DeliveryState delivery) => delivery switch
    {
        DeliveryState.Planned or DeliveryState.Sending or DeliveryState.Withdrawn => RecipientState.NotReached,
        DeliveryState.Accepted => RecipientState.Sent,
        DeliveryState.Expired or DeliveryState.Failed => RecipientState.Failed,
        DeliveryState.Delivered => RecipientState.Delivered,
        DeliveryState.Read => RecipientState.Read,
        _ => throw new ArgumentOutOfRangeException(nameof(delivery)),
    };

    private static RecipientState Better(RecipientState a, RecipientState b) => Rank(a) >= Rank(b) ? a : b;

    private static int Rank(RecipientState state) => state == RecipientState.Failed ? -1 : (int)state;
}
