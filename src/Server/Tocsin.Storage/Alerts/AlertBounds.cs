namespace Tocsin.Storage.Alerts;

/// <summary>How long things of alerts may be, in UTF-16 units, beside <see cref="Alerting.Content.ContentBounds"/>.</summary>
public static class AlertBounds
{
    public const int Comment = 1_600;
    public const int ReplySender = 320;
    public const int DeduplicationKey = 128;
    public const int ProviderId = 64;
    public const int ProviderMessageId = 128;
    public const int FailureCode = 64;
    public const int CarrierCode = 32;
    public const int IdempotencyKey = 128;

    /// <summary>Person ids in the first chunk: small, so that the first messages leave while the rest is still written.</summary>
    public const int FirstChunk = 256;

    /// <summary>Person ids in every other chunk: about 100 ms of writing, the longest that an outcome or an answer waits behind it.</summary>
    public const int Chunk = 4_096;
}
