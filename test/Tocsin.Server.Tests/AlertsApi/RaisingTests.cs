using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Tocsin.Alerting.Audience;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Scenarios;
using Tocsin.Server.Access;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Tests.AlertsApi;

public sealed class RaisingTests
{
    private const string Alerts = AlertedServer.Alerts;

    [Fact]
    public async Task A_free_alert_reaches_everyone_and_a_brace_in_it_is_a_brace()
    {
        await using var world = await AlertedServer.StartAsync();
        var alert = await world.RaiseAsync();
        Assert.Equal(1, alert["number"]!.GetValue<long>());
        Assert.Equal(3, alert["recipients"]!.GetValue<long>());
        Assert.Equal(3, world.Sms.Sent.Count);
        Assert.All(world.Email.Sent, message => Assert.Equal("Sortez {maintenant}.", message.Body));
        var board = await world.BoardAsync(AlertedServer.IdOf(alert));
        Assert.Equal(3, board["standings"]!["sent"]!.GetValue<long>());
        Assert.Equal(0, board["standings"]!["needs-help"]!.GetValue<long>());
        Assert.Equal("3\u00A0personnes\u00A0: groupe Tous", board["alert"]!["audienceSentence"]!["fr"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_crisis_member_raises_what_is_prepared_and_changes_nothing_of_it()
    {
        await using var world = await AlertedServer.StartAsync();
        var key = await PrepareAsync(world);
        var member = await world.Server.AsAsync(Roles.CrisisMember);
        var raised = await member.PostJsonAsync(Alerts, new JsonObject { ["scenarioKey"] = key, ["variables"] = new JsonObject { ["place"] = "bâtiment B" }, ["mode"] = "exercise" });
        Assert.Equal("exercise", raised["mode"]!.GetValue<string>());
        Assert.Equal("Incendie bâtiment B", raised["title"]!["fr"]!.GetValue<string>());

        var changed = await member.PostJsonAsync(
            Alerts, new JsonObject { ["scenarioKey"] = key, ["variables"] = new JsonObject { ["place"] = "x" }, ["severity"] = "extreme" }, HttpStatusCode.Forbidden);
        Assert.Equal("only-as-prepared", changed.CodeOf());
        Assert.Equal("only-prepared", (await member.PostJsonAsync(Alerts, world.Free(), HttpStatusCode.Forbidden)).CodeOf());
    }

    [Fact]
    public async Task A_scenario_sent_back_whole_and_unchanged_is_as_prepared()
    {
        await using var world = await AlertedServer.StartAsync();
        var key = await PrepareAsync(world);
        var member = await world.Server.AsAsync(Roles.CrisisMember);
        var scenario = (await member.GetJsonAsync("/api/v1/scenarios?limit=500"))["items"]!.AsArray().Single(item => item!["key"]!.GetValue<string>() == key)!;
        var definition = scenario["definition"]!;
        var request = new JsonObject
        {
            ["scenarioId"] = scenario["id"]!.DeepClone(),
            ["mode"] = "real",
            ["severity"] = definition["severity"]!.DeepClone(),
            ["title"] = definition["content"]!["title"]!.DeepClone(),
            ["body"] = definition["content"]!["body"]!.DeepClone(),
            ["variables"] = new JsonObject { ["place"] = "hall" },
            ["audience"] = definition["audience"]!.DeepClone(),
            ["plan"] = definition["plan"]!.DeepClone(),
            ["answers"] = definition["answers"]!.DeepClone(),
            ["escalation"] = definition["escalation"]!.DeepClone(),
            ["attachment"] = null,
        };
        await member.PostJsonAsync(Alerts, request);
    }

    [Fact]
    public async Task A_machine_raises_by_key_what_is_prepared_and_nothing_else()
    {
        await using var world = await AlertedServer.StartAsync();
        var key = await PrepareAsync(world);
        var machine = await world.Server.WithApiTokenAsync(TokenScopes.RaiseAlert);
        var request = new JsonObject { ["scenarioKey"] = key, ["variables"] = new JsonObject { ["place"] = "salle 3" } };
        var raised = await machine.PostJsonAsync(Alerts, request, key: "event-1");
        Assert.Equal(1, raised["number"]!.GetValue<long>());
        Assert.Equal("only-prepared", (await machine.PostJsonAsync(Alerts, world.Free(), HttpStatusCode.Forbidden)).CodeOf());
        await machine.GetJsonAsync(Alerts, HttpStatusCode.Forbidden);

        request["audience"] = ApiClient.ToJson(AudienceExpression.Everyone);
        Assert.Equal("only-as-prepared", (await machine.PostJsonAsync(Alerts, request, HttpStatusCode.Forbidden)).CodeOf());
    }

    [Fact]
    public async Task The_same_request_sent_again_raises_nothing_twice()
    {
        await using var world = await AlertedServer.StartAsync();
        var director = await world.DirectorAsync();
        var first = await director.PostJsonAsync(Alerts, world.Free(), key: "k1");
        var again = await director.PostJsonAsync(Alerts, world.Free(), key: "k1");
        Assert.Equal(AlertedServer.IdOf(first), AlertedServer.IdOf(again));
        Assert.Single((await director.GetJsonAsync(Alerts))["items"]!.AsArray());

        var other = world.Free();
        other["severity"] = "info";
        Assert.Equal("idempotency-key-reused", (await director.PostJsonAsync(Alerts, other, HttpStatusCode.UnprocessableEntity, key: "k1")).CodeOf());
    }

    [Fact]
    public async Task What_is_wrong_with_a_request_is_said_by_field()
    {
        await using var world = await AlertedServer.StartAsync();
        var key = await PrepareAsync(world);
        var director = await world.DirectorAsync();
        var unknown = await director.PostJsonAsync(
            Alerts, new JsonObject { ["scenarioKey"] = key, ["variables"] = new JsonObject { ["place"] = "a", ["colour"] = "red" } }, HttpStatusCode.BadRequest);
        Assert.Equal("variable-unknown", unknown.FieldOf("variables.colour"));
        var missing = await director.PostJsonAsync(Alerts, new JsonObject { ["scenarioKey"] = key }, HttpStatusCode.BadRequest);
        Assert.Equal("variable-missing", missing.FieldOf("variables.place"));
        var empty = await director.PostJsonAsync(Alerts, new JsonObject(), HttpStatusCode.BadRequest);
        Assert.Equal("title-missing", empty.FieldOf("title"));
        var nobody = world.Free();
        nobody["audience"] = ApiClient.ToJson(new AudienceExpression { Include = new AudienceSelection { People = [new(Guid.NewGuid())] } });
        Assert.Equal("audience-empty", (await director.PostJsonAsync(Alerts, nobody, HttpStatusCode.BadRequest)).FieldOf("audience"));
        var long_ = world.Free();
        long_["title"]!["fr"] = new string('x', 5_000);
        Assert.Equal("title-too-long", (await director.PostJsonAsync(Alerts, long_, HttpStatusCode.BadRequest)).FieldOf("title.fr"));
        await director.PostJsonAsync(Alerts, new JsonObject { ["scenarioKey"] = "no-such" }, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_scenario_that_is_switched_off_is_not_raised()
    {
        await using var world = await AlertedServer.StartAsync();
        var director = await world.DirectorAsync();
        var id = (await director.GetJsonAsync("/api/v1/scenarios"))["items"]![0]!["id"]!.GetValue<string>();
        await director.PostJsonAsync($"/api/v1/scenarios/{id}/disable", null);
        Assert.Equal("scenario-disabled", (await director.PostJsonAsync(Alerts, new JsonObject { ["scenarioId"] = id }, HttpStatusCode.Conflict)).CodeOf());
    }

    [Theory]
    [InlineData("tcn_" + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("x")]
    public async Task A_forged_token_raises_nothing(string token)
    {
        await using var world = await AlertedServer.StartAsync();
        var client = world.Server.NewClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        Assert.Equal("not-signed-in", (await client.PostJsonAsync(Alerts, world.Free(), HttpStatusCode.Unauthorized)).CodeOf());
    }

    [Theory]
    [InlineData(Roles.Administrator)]
    [InlineData(Roles.Communicator)]
    [InlineData(Roles.Auditor)]
    [InlineData(Roles.Staff)]
    public async Task Who_neither_directs_nor_takes_part_raises_nothing(Roles role)
    {
        await using var world = await AlertedServer.StartAsync();
        Assert.Equal("not-allowed", (await (await world.Server.AsAsync(role)).PostJsonAsync(Alerts, world.Free(), HttpStatusCode.Forbidden)).CodeOf());
    }

    [Fact]
    public async Task An_audience_is_counted_with_who_can_be_reached_how()
    {
        await using var world = await AlertedServer.StartAsync();
        var director = await world.DirectorAsync();
        var audience = new AudienceExpression
        {
            Include = world.Audience.Include,
            Exclude = new AudienceSelection { Groups = [world.Nurses.Id] },
        };
        var count = await director.PostJsonAsync($"{Alerts}/audience-count", new JsonObject { ["audience"] = ApiClient.ToJson(audience) });
        Assert.Equal(2, count["people"]!.GetValue<int>());
        Assert.Equal(1, count["excluded"]!.GetValue<int>());
        Assert.Equal(0, count["unreachable"]!.GetValue<int>());
        Assert.Equal(2, count["byChannel"]!["sms"]!.GetValue<int>());
        Assert.Equal(0, count["byChannel"]!["web-push"]!.GetValue<int>());
        Assert.Equal("2 people: group Tous, except group Infirmiers", count["sentence"]!["en"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_preview_says_what_an_SMS_costs_and_offers_plain_letters()
    {
        await using var world = await AlertedServer.StartAsync();
        var director = await world.DirectorAsync();
        var request = new JsonObject
        {
            ["mode"] = "exercise",
            ["severity"] = "severe",
            ["title"] = new JsonObject { ["fr"] = "Alerte au cœur de l’hôpital" },
            ["body"] = new JsonObject { ["fr"] = "Fenêtres fermées, portes fermées, restez où vous êtes et attendez les consignes." },
        };
        var french = (await director.PostJsonAsync($"{Alerts}/preview", request))["languages"]!.AsArray().Single()!;
        Assert.Equal("ucs2", french["sms"]!["encoding"]!.GetValue<string>());
        Assert.Contains("œ", french["sms"]!["charactersForcingUcs2"]!.AsArray().Select(character => character!.GetValue<string>()));
        Assert.True(french["sms"]!["plain"]!["parts"]!.GetValue<int>() < french["sms"]!["parts"]!.GetValue<int>());
        Assert.StartsWith("EXERCICE", french["sms"]!["text"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.StartsWith("EXERCICE", french["email"]!["subject"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private static async Task<string> PrepareAsync(AlertedServer world)
    {
        var definition = new ScenarioDefinition
        {
            Name = new LocalizedText("Incendie", "Fire"),
            Category = ScenarioCategory.Fire,
            Icon = "fire",
            Severity = Severity.Severe,
            Content = new ScenarioContent
            {
                Title = new LocalizedText("Incendie {place}", "Fire {place}"),
                Body = new LocalizedText("Évacuez.", "Leave."),
                Variables = [new VariableDefinition { Name = "place", Label = new LocalizedText("Où ?", "Where?"), Required = true }],
            },
            Audience = world.Audience,
        };
        var created = await (await world.DirectorAsync()).PostJsonAsync("/api/v1/scenarios", new JsonObject { ["key"] = "fire-here", ["definition"] = ApiClient.ToJson(definition) });
        return created["key"]!.GetValue<string>();
    }
}
