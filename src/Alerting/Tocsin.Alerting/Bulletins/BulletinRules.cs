using Tocsin.Alerting.Content;

namespace Tocsin.Alerting.Bulletins;

/// <summary>What a bulletin, and what is said about it, must keep to.</summary>
public static class BulletinRules
{
    /// <summary>Two parts of an SMS, with the title before it.</summary>
    public const int Summary = 200;

    public const int Reason = 300;
    public const int Question = 1_000;
    public const int Answer = 2_000;

    /// <summary>How many people, beside whoever wrote it, must have approved a version before it can be published.</summary>
    public const int Approvals = 2;

    /// <summary>Everything that is wrong with <paramref name="draft"/>, by field; empty where nothing is.</summary>
    public static IReadOnlyList<RuleViolation> Validate(BulletinDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var violations = new List<RuleViolation>();
        TextRules.CheckOneLine(draft.Title, ContentBounds.Title, TextCodes.Title, "title", violations);
        TextRules.CheckLines(draft.Body, ContentBounds.Body, TextCodes.Body, "body", violations);
        CheckLanguages(draft, violations);
        if (draft.Summary is { } summary && (summary.Fr ?? summary.En) is not null)
            TextRules.CheckOneLine(summary, Summary, TextCodes.Body, "summary", violations);
        if (draft.Reason is { } reason)
            TextRules.CheckOne(reason, Reason, allowsLines: false, TextCodes.Body, "reason", violations);
        if (!draft.ToStaff && !draft.ToPartners && !draft.ToPublic)
            violations.Add(new(RuleCodes.AudienceEmpty, "toStaff"));
        return violations;
    }

    /// <summary>What is wrong with a question or an answer: lines are allowed.</summary>
    /// <param name="longest"><see cref="Question"/> or <see cref="Answer"/>.</param>
    public static IReadOnlyList<RuleViolation> ValidateText(string text, int longest, string path)
    {
        var violations = new List<RuleViolation>();
        TextRules.CheckOne(text, longest, allowsLines: true, TextCodes.Body, path, violations);
        return violations;
    }

    /// <summary>A title without a body in the same language, or the other way round, would be read as one text of two halves.</summary>
    private static void CheckLanguages(BulletinDraft draft, List<RuleViolation> violations)
    {
        if (draft.Title.Fr is null != draft.Body.Fr is null) violations.Add(new(RuleCodes.LanguageIncomplete, draft.Title.Fr is null ? "title.fr" : "body.fr"));
        if (draft.Title.En is null != draft.Body.En is null) violations.Add(new(RuleCodes.LanguageIncomplete, draft.Title.En is null ? "title.en" : "body.en"));
    }
}
