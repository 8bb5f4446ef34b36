namespace Tocsin.Server.Features.Retention;

/// <summary>How many days what is no longer needed is kept. The audit trail, alerts themselves and who they were for, and bulletins with their versions are kept for ever.</summary>
internal sealed class RetentionOptions
{
    private const int Most = 36_500;

    /// <summary>After an alert's or a bulletin's end: each message's way, and what people wrote, read and where they were.</summary>
    public int DeliveryDays { get; set; } = 730;

    /// <summary>After an alert's end its recipients' personal links open no page any more.</summary>
    public int AnswerLinkDays { get; set; } = 30;

    /// <summary>After an import's last change: its lines. A preview that nobody decided on ends as discarded.</summary>
    public int ImportDays { get; set; } = 30;

    /// <summary>How long a command that is sent again with the same key is known to be the same.</summary>
    public int IdempotencyKeyDays { get; set; } = 7;

    /// <summary>What is wrong, one sentence each; nothing where all is well.</summary>
    public IEnumerable<string> FindErrors()
    {
        foreach (var (key, days) in (IEnumerable<(string, int)>)[("deliveryDays", DeliveryDays), ("answerLinkDays", AnswerLinkDays), ("importDays", ImportDays), ("idempotencyKeyDays", IdempotencyKeyDays)])
        {
            if (days is < 1 or > Most) yield return $"retention: '{key}' is not between 1 and {Most} days";
        }
    }
}
