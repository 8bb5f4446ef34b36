using System.Text.Json;
using System.Text.RegularExpressions;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Library;
using Tocsin.Alerting.Scenarios;

namespace Tocsin.Alerting.Tests.Library;

public sealed partial class ScenarioLibraryTests
{
    public static TheoryData<string> Keys => [.. ScenarioLibrary.All.Select(scenario => scenario.Key)];

    [Fact]
    public void Every_embedded_scenario_is_in_the_library_and_every_kind_of_crisis_has_one()
    {
        var embedded = typeof(ScenarioLibrary).Assembly.GetManifestResourceNames().Where(name => name.StartsWith("library/", StringComparison.Ordinal));

        Assert.Equal(embedded.Order(StringComparer.Ordinal), ScenarioLibrary.All.Select(s => "library/" + s.Key).Order(StringComparer.Ordinal));
        Assert.Equal(9, ScenarioLibrary.All.Count);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_scenario_of_the_library_keeps_to_every_rule(string key) => Assert.Empty(ScenarioValidation.Validate(Scenario(key)));

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_scenario_of_the_library_speaks_both_languages(string key) => Assert.All(Texts(Scenario(key)), text =>
    {
        Assert.False(string.IsNullOrWhiteSpace(text.Fr));
        Assert.False(string.IsNullOrWhiteSpace(text.En));
    });

    [Theory]
    [MemberData(nameof(Keys))]
    public void French_is_written_with_its_spaces_and_apostrophes(string key) => Assert.All(Texts(Scenario(key)), text =>
    {
        Assert.DoesNotMatch(WrongSpace(), text.Fr);
        Assert.DoesNotContain('\'', text.Fr + text.En);
        Assert.DoesNotContain("  ", text.Fr, StringComparison.Ordinal);
    });

    [Theory]
    [MemberData(nameof(Keys))]
    public void Title_and_text_fit_in_four_sms_parts_in_either_language(string key)
    {
        var scenario = Scenario(key);
        var values = scenario.Content.Variables.ToDictionary(variable => variable.Name, Example, StringComparer.Ordinal);

        Assert.Empty(scenario.Content.Fill(values, out var text));
        Assert.InRange(SmsParts.Of(text!.Title.Fr + "\n" + text.Body.Fr), 1, 4);
        Assert.InRange(SmsParts.Of(text.Title.En + "\n" + text.Body.En), 1, 4);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_scenario_comes_back_from_json_as_it_was(string key)
    {
        var json = JsonSerializer.Serialize(Scenario(key), AlertingJson.Options);

        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<ScenarioDefinition>(json, AlertingJson.Options), AlertingJson.Options));
    }

    private static ScenarioDefinition Scenario(string key) => ScenarioLibrary.All.Single(scenario => scenario.Key == key).Definition;

    private static IEnumerable<LocalizedText> Texts(ScenarioDefinition scenario) =>
    [
        scenario.Name,
        scenario.Content.Title,
        scenario.Content.Body,
        .. scenario.Content.Variables.Select(variable => variable.Label),
        .. scenario.Content.Variables.SelectMany(variable => variable.Choices).Select(choice => choice.Label),
        .. scenario.Answers.Select(answer => answer.Label),
    ];

    /// <summary>What somebody would fill in: the longest choice, a time, or 24 characters.</summary>
    private static string Example(VariableDefinition variable) => variable.Kind switch
    {
        VariableKind.Choice => variable.Choices.MaxBy(choice => choice.Label.Fr!.Length)!.Key,
        VariableKind.Time => "14:30",
        _ => "bâtiment B, 2e étage est",
    };

    // U+00A0 before a colon and within quotation marks, U+202F before ; ! ?. No template has a colon between digits: times are variables.
    [GeneratedRegex("[^\u00A0][:»]|«[^\u00A0]|[^\u202F][;!?]", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex WrongSpace();
}
