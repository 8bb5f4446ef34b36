namespace Tocsin.Alerting.Content;

/// <summary>What every text must keep to.</summary>
internal static class TextRules
{
    public static void CheckOneLine(LocalizedText text, int longest, TextCodes codes, string path, List<RuleViolation> violations) =>
        Check(text, longest, allowsLines: false, codes, path, violations);

    public static void CheckLines(LocalizedText text, int longest, TextCodes codes, string path, List<RuleViolation> violations) =>
        Check(text, longest, allowsLines: true, codes, path, violations);

    public static void CheckOne(string text, int longest, bool allowsLines, TextCodes codes, string path, List<RuleViolation> violations)
    {
        if (string.IsNullOrWhiteSpace(text))
            violations.Add(new(codes.Missing, path));
        else if (text.Length > longest)
            violations.Add(new(codes.TooLong, path));
        else if (HasControlCharacters(text, allowsLines))
            violations.Add(new(codes.HasControlCharacters, path));
    }

    /// <summary>Control characters, halves of surrogate pairs and marks that turn the direction of text can hide what a message says.</summary>
    public static bool HasControlCharacters(string text, bool allowsLines)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (char.IsSurrogate(c) || c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u2028' or '\u2029')
                return true;
            else if (char.IsControl(c) && !(allowsLines && c == '\n'))
                return true;
        }

        return false;
    }

    private static void Check(LocalizedText text, int longest, bool allowsLines, TextCodes codes, string path, List<RuleViolation> violations)
    {
        if (text.Fr is null && text.En is null)
            violations.Add(new(codes.Missing, path));
        if (text.Fr is not null)
            CheckOne(text.Fr, longest, allowsLines, codes, path + ".fr", violations);
        if (text.En is not null)
            CheckOne(text.En, longest, allowsLines, codes, path + ".en", violations);
    }
}

/// <summary>The codes of one kind of text.</summary>
internal sealed record TextCodes(string Missing, string TooLong, string HasControlCharacters)
{
    public static readonly TextCodes Name = new(RuleCodes.NameMissing, RuleCodes.NameTooLong, RuleCodes.NameHasControlCharacters);
    public static readonly TextCodes Title = new(RuleCodes.TitleMissing, RuleCodes.TitleTooLong, RuleCodes.TitleHasControlCharacters);
    public static readonly TextCodes Body = new(RuleCodes.BodyMissing, RuleCodes.BodyTooLong, RuleCodes.BodyHasControlCharacters);
    public static readonly TextCodes Label = new(RuleCodes.LabelMissing, RuleCodes.LabelTooLong, RuleCodes.LabelHasControlCharacters);
}
