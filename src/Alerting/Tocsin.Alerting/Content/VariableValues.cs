using System.Globalization;

namespace Tocsin.Alerting.Content;

/// <summary>What was filled in, against what was asked for.</summary>
public static class VariableValues
{
    private const string TimeForm = "HH:mm";

    /// <summary>The texts with <paramref name="values"/> (by variable's name) in their places; the defaults where nothing was filled in.</summary>
    /// <param name="content">Validated.</param>
    /// <param name="text">Null where there are violations.</param>
    /// <returns>Empty if all is well. Paths are <c>variables.&lt;name&gt;</c>, <c>title.fr</c> and the like.</returns>
    public static IReadOnlyList<RuleViolation> Fill(
        this ScenarioContent content, IReadOnlyDictionary<string, string> values, out AlertText? text)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(values);
        var violations = new List<RuleViolation>();
        var definitions = content.Variables.ToDictionary(variable => variable.Name, StringComparer.Ordinal);
        foreach (var name in values.Keys.Where(name => !definitions.ContainsKey(name)))
            violations.Add(new(RuleCodes.VariableUnknown, "variables." + (MessageTemplate.IsName(name) ? name : "")));
        foreach (var variable in content.Variables)
        {
            var code = values.TryGetValue(variable.Name, out var value) && value.Length > 0 ? CodeOfRefusal(variable, value)
                : variable is { Required: true, Default: null } ? RuleCodes.VariableMissing
                : null;
            if (code is not null)
                violations.Add(new(code, "variables." + variable.Name));
        }

        text = null;
        if (violations.Count > 0)
            return violations;
        var title = Fill(content.Title, definitions, values);
        var body = Fill(content.Body, definitions, values);
        TextRules.CheckOneLine(title, ContentBounds.Title, TextCodes.Title, "title", violations);
        TextRules.CheckLines(body, ContentBounds.Body, TextCodes.Body, "body", violations);
        if (violations.Count == 0)
            text = new AlertText(title, body);
        return violations;
    }

    /// <summary>Null if the value can stand there.</summary>
    internal static string? CodeOfRefusal(VariableDefinition variable, string value) => variable.Kind switch
    {
        _ when value.Length > ContentBounds.VariableValue => RuleCodes.VariableTooLong,
        _ when TextRules.HasControlCharacters(value, allowsLines: false) => RuleCodes.VariableHasControlCharacters,
        VariableKind.Choice when variable.Choices.All(choice => choice.Key != value) => RuleCodes.VariableNotAChoice,
        VariableKind.Time when !TimeOnly.TryParseExact(value, TimeForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out _) => RuleCodes.VariableNotATime,
        _ => null,
    };

    private static LocalizedText Fill(
        LocalizedText templates, Dictionary<string, VariableDefinition> definitions, IReadOnlyDictionary<string, string> values) =>
        new(Fill(templates.Fr, ContentLanguage.Fr, definitions, values), Fill(templates.En, ContentLanguage.En, definitions, values));

    private static string? Fill(
        string? template, ContentLanguage language, Dictionary<string, VariableDefinition> definitions, IReadOnlyDictionary<string, string> values)
    {
        if (template is null)
            return null;
        if (!MessageTemplate.TryParse(template, out var parsed, out _, out _)
            || !parsed.TryFill(name => Shown(definitions.GetValueOrDefault(name), language, values), out var filled, out _))
        {
            throw new ArgumentException("The content was not validated.", nameof(template));
        }

        return filled;
    }

    private static string? Shown(VariableDefinition? variable, ContentLanguage language, IReadOnlyDictionary<string, string> values)
    {
        if (variable is null)
            return null;
        var value = values.TryGetValue(variable.Name, out var given) && given.Length > 0 ? given : variable.Default?.In(language) ?? "";
        return variable.Kind switch
        {
            VariableKind.Choice => variable.Choices.FirstOrDefault(choice => choice.Key == value)?.Label.In(language) ?? "",

            // French writes "14 h 30"; a no-break space keeps it on one line.
            VariableKind.Time when language == ContentLanguage.Fr && value.Length > 0 => value.Replace(":", "\u00A0h\u00A0", StringComparison.Ordinal),
            _ => value,
        };
    }
}
