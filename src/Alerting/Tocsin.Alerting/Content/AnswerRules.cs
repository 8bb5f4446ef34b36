using System.Globalization;

namespace Tocsin.Alerting.Content;

internal static class AnswerRules
{
    public static void Check(IReadOnlyList<AnswerChoice> answers, string path, List<RuleViolation> violations)
    {
        if (answers.Count > ContentBounds.Answers)
        {
            violations.Add(new("answers-too-many", path));
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < answers.Count; i++)
        {
            var here = string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]");
            if (!Key.IsValid(answers[i].Key))
                violations.Add(new("key-invalid", here + ".key"));
            else if (!seen.Add(answers[i].Key))
                violations.Add(new("key-twice", here + ".key"));
            TextRules.CheckOneLine(answers[i].Label, ContentBounds.AnswerLabel, "label", here + ".label", violations);
        }
    }
}
