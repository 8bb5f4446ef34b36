using System.Text.Json;
using System.Text.Json.Nodes;
using Tocsin.Alerting.Audience;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Escalation;
using Tocsin.Alerting.Library;
using Tocsin.Alerting.Plans;
using Tocsin.Alerting.Rotas;
using Tocsin.Alerting.Scenarios;
using Tocsin.Testing;

namespace Tocsin.Alerting.Tests.Scenarios;

public sealed class ScenarioJsonTests
{
    private static readonly ScenarioDefinition Whole = new()
    {
        Name = new("Essai", "Test"),
        Category = ScenarioCategory.Other,
        Icon = "bell",
        Severity = Severity.Severe,
        Mode = AlertMode.Exercise,
        Content = new() { Title = new("Titre", null), Body = new("Corps {a}", null), Variables = [new() { Name = "a", Label = new("A", null) }] },
        Audience = new() { Include = new() { Groups = [new(new Guid("0198a5b0-0000-7000-8000-000000000001"))] } },
        Plan = new()
        {
            Steps = [new() { Channels = [ChannelKind.WebPush] }, new() { Channels = [ChannelKind.Sms], After = TimeSpan.FromMinutes(2) }],
            Repeat = new(TimeSpan.FromMinutes(5), 3),
        },
        Answers = [StandardAnswers.Safe],
        Escalation =
        [
            new() { Key = "one", Minimum = new(Percent: 50), Within = TimeSpan.FromMinutes(5), Then = new EscalationAction.RaiseSeverity(Severity.Extreme) },
            new()
            {
                Key = "two", Minimum = new(Count: 3), Within = TimeSpan.FromMinutes(5), After = "one",
                Then = new EscalationAction.Notify(AudienceExpression.Everyone),
            },
        ],
        Attachment = new Attachment.Link(new Uri("https://crise.example/salle")),
    };

    [Fact]
    public void Words_on_the_wire_are_camel_case_kebab_case_uuids_and_iso_durations()
    {
        var json = JsonSerializer.SerializeToNode(Whole, AlertingJson.Options)!;

        Assert.Equal("exercise", (string?)json["mode"]);
        Assert.Equal("web-push", (string?)json["plan"]!["steps"]![0]!["channels"]![0]);
        Assert.Equal("PT2M", (string?)json["plan"]!["steps"]![1]!["after"]);
        Assert.Equal("0198a5b0-0000-7000-8000-000000000001", (string?)json["audience"]!["include"]!["groups"]![0]);
        Assert.Equal("raise-severity", (string?)json["escalation"]![0]!["then"]!["kind"]);
        Assert.Equal("link", (string?)json["attachment"]!["kind"]);
    }

    [Fact]
    public void Every_kind_of_part_comes_back_as_it_was()
    {
        var json = JsonSerializer.Serialize(Whole, AlertingJson.Options);
        var again = JsonSerializer.Deserialize<ScenarioDefinition>(json, AlertingJson.Options)!;

        Assert.Empty(ScenarioValidation.Validate(again));
        Assert.Equal(json, JsonSerializer.Serialize(again, AlertingJson.Options));
        Assert.Equal(Whole.Plan.Steps[1].After, again.Plan.Steps[1].After);
    }

    [Fact]
    public void A_rota_comes_back_as_it_was()
    {
        var rota = new Rota
        {
            Id = new(new Guid("0198a5b0-0000-7000-8000-000000000001")),
            Name = "Astreinte",
            TimeZone = "Europe/Paris",
            Shifts =
            [
                new()
                {
                    Key = "week", Anchor = new(2026, 3, 2), Cadence = ShiftCadence.Weekly, Days = [DayOfWeek.Monday], StartsAt = new(8, 0),
                    EndsAt = new(8, 0), EndsAfterDays = 7, Turns = [new(Guid.Empty)],
                },
            ],
            Overrides = [new() { From = DateTimeOffset.UnixEpoch, Until = DateTimeOffset.UnixEpoch.AddDays(1), Person = new(Guid.Empty) }],
        };

        var json = JsonSerializer.Serialize(rota, AlertingJson.Options);

        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<Rota>(json, AlertingJson.Options), AlertingJson.Options));
        Assert.Contains("\"startsAt\":\"08:00\"", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("severity", "9")]
    [InlineData("severity", "\"dreadful\"")]
    [InlineData("severity", "null")]
    [InlineData("name", "null")]
    [InlineData("answers", "null")]
    [InlineData("answers", "[null]")]
    [InlineData("audience", "{\"include\":{\"groups\":[\"x\"]}}")]
    [InlineData("plan", "{\"steps\":[null]}")]
    [InlineData("plan", "{\"steps\":[],\"expiry\":\"forever\"}")]
    [InlineData("plan", "{\"steps\":[],\"expiry\":\"P9999999999999D\"}")]
    [InlineData("attachment", "{\"kind\":\"script\"}")]
    [InlineData("attachment", "{\"kind\":\"link\"}")]
    [InlineData("attachment", "{\"url\":\"https://a.example\"}")]
    [InlineData("attachment", "{}")]
    [InlineData("unknown", "1")]
    public void What_is_no_scenario_is_refused_when_read(string field, string value)
    {
        var json = JsonSerializer.SerializeToNode(Whole, AlertingJson.Options)!.AsObject();
        json[field] = JsonNode.Parse(value);

        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<ScenarioDefinition>(json.ToJsonString(), AlertingJson.Options));
    }

    [Fact]
    public void A_scenario_broken_anywhere_is_either_refused_or_validated_without_a_throw()
    {
        var random = TestSeed.Random();
        string[] bits = ["null", "[]", "{}", "\"\"", "0", "-1", "1e9", "\"x\"", "[null]", "true", "\"PT0S\"", "\"-PT1H\"", "\"{\""];
        foreach (var scenario in ScenarioLibrary.All.Select(entry => entry.Definition).Append(Whole))
        {
            for (var i = 0; i < 300; i++)
            {
                var json = JsonSerializer.SerializeToNode(scenario, AlertingJson.Options)!;
                Break(json, random, bits);
                try
                {
                    var broken = JsonSerializer.Deserialize<ScenarioDefinition>(json.ToJsonString(), AlertingJson.Options)!;
                    Assert.All(ScenarioValidation.Validate(broken), violation => Assert.Contains(violation.Code, RuleCodes.All));
                }
                catch (JsonException)
                {
                    // Refused, as it should be.
                }
            }
        }
    }

    /// <summary>Puts something else in the place of one value, at any depth.</summary>
    private static void Break(JsonNode node, Random random, string[] bits)
    {
        while (true)
        {
            var replacement = JsonNode.Parse(bits[random.Next(bits.Length)]);
            switch (node)
            {
                case JsonObject { Count: > 0 } fields:
                    var name = fields.ElementAt(random.Next(fields.Count)).Key;
                    if (fields[name] is { } child and not JsonValue && random.Next(4) != 0)
                    {
                        node = child;
                        continue;
                    }

                    fields[name] = replacement;
                    return;
                case JsonArray { Count: > 0 } items:
                    var index = random.Next(items.Count);
                    if (items[index] is { } item and not JsonValue && random.Next(4) != 0)
                    {
                        node = item;
                        continue;
                    }

                    items[index] = replacement;
                    return;
                default:
                    return;
            }
        }
    }
}
