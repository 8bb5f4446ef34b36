using Tocsin.Alerting.Channels;

namespace Tocsin.Storage.Alerts;

/// <summary>A receipt that came before we knew the carrier's name of the message: it waits here for the outcome that tells it. Dropped after a day.</summary>
public sealed class UnmatchedReceipt
{
    public long Id { get; set; }

    public ChannelKind Channel { get; set; }

    public string ProviderId { get; set; } = "";

    public string ProviderMessageId { get; set; } = "";

    public ReceiptState State { get; set; }

    public string? FailureCode { get; set; }

    public string? CarrierCode { get; set; }

    public DateTimeOffset At { get; set; }

    public DateTimeOffset ReceivedAt { get; set; }
}
