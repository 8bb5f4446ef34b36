using Tocsin.Alerting.Content;

namespace Tocsin.Alerting.Tests.Content;

public sealed class VariableValuesTests
{
    private static readonly ScenarioContent Evacuation = new()
    {
        Title = new("Évacuation : {building}", "Evacuation: {building}"),
        Body = new("Sortez par {exit} avant {until}. {note}", "Leave by the {exit} before {until}. {note}"),
        Variables =
        [
            new() { Name = "building", Label = new("Bâtiment", "Building"), Required = true },
            new()
            {
                Name = "exit",
                Label = new("Sortie", "Exit"),
                Kind = VariableKind.Choice,
                Default = new("north", null),
                Choices = [new("north", new("le nord", "north")), new("south", new("le sud", "south"))],
            },
            new() { Name = "until", Label = new("Jusqu'à", "Until"), Kind = VariableKind.Time, Required = true },
            new() { Name = "note", Label = new("Remarque", "Note") },
        ],
    };

    [Fact]
    public void Texts_are_filled_in_both_languages_with_labels_times_and_defaults()
    {
        var text = Fill(("building", "B2"), ("until", "14:05"), ("note", "Merci"));

        Assert.Equal(new LocalizedText("Évacuation : B2", "Evacuation: B2"), text.Title);
        Assert.Equal("Sortez par le nord avant 14\u00A0h\u00A005. Merci", text.Body.Fr);
        Assert.Equal("Leave by the north before 14:05. Merci", text.Body.En);
    }

    [Theory]
    [InlineData("building", "", "variable-missing", "variables.building")]
    [InlineData("until", "25:00", "variable-not-a-time", "variables.until")]
    [InlineData("until", "2 pm", "variable-not-a-time", "variables.until")]
    [InlineData("exit", "west", "variable-not-a-choice", "variables.exit")]
    [InlineData("note", "two\nlines", "variable-has-control-characters", "variables.note")]
    [InlineData("note", "txt.exe\u202Egpj", "variable-has-control-characters", "variables.note")]
    [InlineData("other", "x", "variable-unknown", "variables.other")]
    [InlineData("<script>", "x", "variable-unknown", "variables.")]
    public void What_cannot_stand_there_is_refused_with_a_stable_code(string name, string value, string code, string path)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["building"] = "B2", ["until"] = "14:05" };
        values[name] = value;

        var violations = Evacuation.Fill(values, out var text);

        Assert.Equal([new RuleViolation(code, path)], violations);
        Assert.Null(text);
    }

    [Fact]
    public void A_title_that_grows_too_long_by_its_values_is_refused()
    {
        var violations = Evacuation.Fill(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["building"] = new('x', 120), ["until"] = "14:05" }, out _);

        Assert.Equal([new("title-too-long", "title.fr"), new("title-too-long", "title.en")], violations);
    }

    private static AlertText Fill(params (string Name, string Value)[] values)
    {
        var violations = Evacuation.Fill(values.ToDictionary(value => value.Name, value => value.Value, StringComparer.Ordinal), out var text);
        Assert.Empty(violations);
        return text!;
    }
}
