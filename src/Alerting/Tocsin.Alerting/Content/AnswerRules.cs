using System.Globalization;

namespace Tocsin.Alerting.Content;

internal static class AnswerRules
{
    public static void Check(IReadOnlyList<AnswerChoice> answers, string path, List<RuleViolation> violations)
    {
        if (answers.Count > ContentBounds.Answers)
        {
            violations.Add(new(RuleCodes.AnswersTooMany, path));
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < answers.Count; i++)
        {
            var here = string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]");
            if (!Key.IsValid(answers[i].Key))
                violations.Add(new(RuleCodes.KeyInvalid, here + ".key"));
            else if (!seen.Add(answers[i].Key))
                violations.Add(new(RuleCodes.KeyTwice, here + ".key"));
            TextRules.CheckOneLine(answers[i].Label, ContentBounds.AnswerLabel, TextCodes.Label, here + ".label", violations);
        }
    }
}
