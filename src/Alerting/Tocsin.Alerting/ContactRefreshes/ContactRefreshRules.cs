using Tocsin.Alerting.Content;

namespace Tocsin.Alerting.ContactRefreshes;

/// <summary>What a campaign in which people confirm how they are reached must keep to.</summary>
public static class ContactRefreshRules
{
    public const int Body = 1_000;

    /// <summary>A link must be worth something long enough to be seen, and not so long that it lies in mailboxes for ever.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromHours(1);

    public static readonly TimeSpan Longest = TimeSpan.FromDays(92);

    /// <summary>How long before the end those who have not answered are told once more.</summary>
    public static readonly TimeSpan ReminderBefore = TimeSpan.FromDays(3);

    /// <summary>Everything that is wrong with the words, by field; empty where nothing is.</summary>
    public static IReadOnlyList<RuleViolation> Validate(LocalizedText title, LocalizedText body)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(body);
        var violations = new List<RuleViolation>();
        TextRules.CheckOneLine(title, ContentBounds.Title, TextCodes.Title, "title", violations);
        TextRules.CheckLines(body, Body, TextCodes.Body, "body", violations);
        return violations;
    }

    /// <summary>When those who have not answered are told once more; null where that would be within a day of the beginning.</summary>
    public static DateTimeOffset? RemindAt(DateTimeOffset start, DateTimeOffset until) =>
        until - ReminderBefore >= start + TimeSpan.FromDays(1) ? until - ReminderBefore : null;
}
