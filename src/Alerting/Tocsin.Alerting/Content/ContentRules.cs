using System.Globalization;

namespace Tocsin.Alerting.Content;

/// <summary>Whether texts and variables fit together.</summary>
internal static class ContentRules
{
    public static void Check(ScenarioContent content, string path, List<RuleViolation> violations)
    {
        CheckText(content.Title, content.Body, path + ".", violations);
        CheckVariables(content.Variables, path + ".variables", violations);
        var names = content.Variables.Select(variable => variable.Name).ToHashSet(StringComparer.Ordinal);
        CheckTemplate(content.Title.Fr, names, path + ".title.fr", violations);
        CheckTemplate(content.Title.En, names, path + ".title.en", violations);
        CheckTemplate(content.Body.Fr, names, path + ".body.fr", violations);
        CheckTemplate(content.Body.En, names, path + ".body.en", violations);
    }

    /// <param name="prefix">Before <c>title</c> and <c>body</c> in paths.</param>
    public static void CheckText(LocalizedText title, LocalizedText body, string prefix, List<RuleViolation> violations)
    {
        TextRules.CheckOneLine(title, ContentBounds.Title, TextCodes.Title, prefix + "title", violations);
        TextRules.CheckLines(body, ContentBounds.Body, TextCodes.Body, prefix + "body", violations);

        // A language that has a title but no body would arrive half in another.
        if (title.Fr is null != body.Fr is null)
            violations.Add(new(RuleCodes.LanguageIncomplete, prefix + (title.Fr is null ? "title.fr" : "body.fr")));
        if (title.En is null != body.En is null)
            violations.Add(new(RuleCodes.LanguageIncomplete, prefix + (title.En is null ? "title.en" : "body.en")));
    }

    private static void CheckTemplate(string? text, HashSet<string> names, string path, List<RuleViolation> violations)
    {
        // A text that is too long has been refused already, and is not worth reading.
        if (text is null || text.Length > ContentBounds.Body)
            return;
        if (!MessageTemplate.TryParse(text, out var template, out var error, out _))
            violations.Add(new(CodeOf(error), path));
        else if (template.Variables.Any(name => !names.Contains(name)))
            violations.Add(new(RuleCodes.VariableUnknown, path));
    }

    private static string CodeOf(TemplateError error) => error switch
    {
        TemplateError.UnclosedBrace => RuleCodes.BraceUnclosed,
        TemplateError.UnopenedBrace => RuleCodes.BraceUnopened,
        _ => RuleCodes.VariableNameInvalid,
    };

    private static void CheckVariables(IReadOnlyList<VariableDefinition> variables, string path, List<RuleViolation> violations)
    {
        if (variables.Count > ContentBounds.Variables)
            violations.Add(new(RuleCodes.VariablesTooMany, path));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Math.Min(variables.Count, ContentBounds.Variables); i++)
        {
            var variable = variables[i];
            var here = string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]");
            if (!MessageTemplate.IsName(variable.Name))
                violations.Add(new(RuleCodes.VariableNameInvalid, here + ".name"));
            else if (!seen.Add(variable.Name))
                violations.Add(new(RuleCodes.VariableTwice, here + ".name"));
            TextRules.CheckOneLine(variable.Label, ContentBounds.VariableLabel, TextCodes.Label, here + ".label", violations);
            CheckChoices(variable, here + ".choices", violations);
            CheckDefault(variable, here + ".default", violations);
        }
    }

    private static void CheckChoices(VariableDefinition variable, string path, List<RuleViolation> violations)
    {
        if (variable.Kind == VariableKind.Choice && variable.Choices.Count == 0)
            violations.Add(new(RuleCodes.ChoicesMissing, path));
        if (variable.Kind != VariableKind.Choice && variable.Choices.Count > 0)
            violations.Add(new(RuleCodes.ChoicesNotExpected, path));
        if (variable.Choices.Count > ContentBounds.ChoicesPerVariable)
        {
            violations.Add(new(RuleCodes.ChoicesTooMany, path));
            return;
        }

        for (var i = 0; i < variable.Choices.Count; i++)
        {
            var here = string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]");
            if (!Key.IsValid(variable.Choices[i].Key))
                violations.Add(new(RuleCodes.KeyInvalid, here + ".key"));
            TextRules.CheckOneLine(variable.Choices[i].Label, ContentBounds.VariableLabel, TextCodes.Label, here + ".label", violations);
        }

        if (variable.Choices.DistinctBy(choice => choice.Key, StringComparer.Ordinal).Count() < variable.Choices.Count)
            violations.Add(new(RuleCodes.KeyTwice, path));
    }

    private static void CheckDefault(VariableDefinition variable, string path, List<RuleViolation> violations)
    {
        if (variable.Default is not { } standard)
            return;
        if (standard.Fr is not null && VariableValues.CodeOfRefusal(variable, standard.Fr) is { } french)
            violations.Add(new(french, path + ".fr"));
        if (standard.En is not null && VariableValues.CodeOfRefusal(variable, standard.En) is { } english)
            violations.Add(new(english, path + ".en"));
    }
}
