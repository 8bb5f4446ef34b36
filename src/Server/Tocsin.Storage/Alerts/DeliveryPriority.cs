using Tocsin.Alerting.Content;

namespace Tocsin.Storage.Alerts;

/// <summary>Who leaves first where a carrier is slower than we are: danger to life before information, the real thing before any exercise.</summary>
public static class DeliveryPriority
{
    /// <summary>Priorities are 0 to this, 0 first.</summary>
    public const int Last = 4;

    public static int Of(AlertMode mode, Severity severity) => mode == AlertMode.Exercise ? Last : (int)Severity.Extreme - (int)severity;
}
