namespace Tocsin.Alerting.Deliveries;

/// <summary>Questions that one state answers by itself.</summary>
public static class DeliveryStates
{
    /// <summary>Whether the dispatcher still has something to do for it.</summary>
    public static bool IsOpen(this DeliveryState state) => state is DeliveryState.Planned or DeliveryState.Sending;

    /// <summary>Whether there is a sign that it arrived.</summary>
    public static bool HasArrived(this DeliveryState state) => state >= DeliveryState.Delivered;
}
