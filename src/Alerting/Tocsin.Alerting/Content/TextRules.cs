namespace Tocsin.Alerting.Content;

/// <summary>What every text must keep to. Codes begin with what the text is: <c>title-missing</c>, <c>title-too-long</c>, <c>title-has-control-characters</c>.</summary>
internal static class TextRules
{
    public static void CheckOneLine(LocalizedText text, int longest, string noun, string path, List<RuleViolation> violations) =>
        Check(text, longest, allowsLines: false, noun, path, violations);

    public static void CheckLines(LocalizedText text, int longest, string noun, string path, List<RuleViolation> violations) =>
        Check(text, longest, allowsLines: true, noun, path, violations);

    public static void CheckOne(string text, int longest, bool allowsLines, string noun, string path, List<RuleViolation> violations)
    {
        if (string.IsNullOrWhiteSpace(text))
            violations.Add(new(noun + "-missing", path));
        else if (text.Length > longest)
            violations.Add(new(noun + "-too-long", path));
        else if (HasControlCharacters(text, allowsLines))
            violations.Add(new(noun + "-has-control-characters", path));
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

    private static void Check(LocalizedText text, int longest, bool allowsLines, string noun, string path, List<RuleViolation> violations)
    {
        if (text.Fr is null && text.En is null)
            violations.Add(new(noun + "-missing", path));
        if (text.Fr is not null)
            CheckOne(text.Fr, longest, allowsLines, noun, path + ".fr", violations);
        if (text.En is not null)
            CheckOne(text.En, longest, allowsLines, noun, path + ".en", violations);
    }
}
