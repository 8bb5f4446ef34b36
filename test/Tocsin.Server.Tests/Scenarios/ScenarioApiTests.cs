using System.Net;
using System.Text.Json.Nodes;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Library;
using Tocsin.Alerting.Scenarios;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Tests.Scenarios;

public sealed class ScenarioApiTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Path = "/api/v1/scenarios";

    [Fact]
    public async Task The_library_is_there_from_the_first_start_and_only_once()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var director = await server.AsAsync(Roles.CrisisDirector);
        var keys = (await director.GetJsonAsync($"{Path}?limit=500"))["items"]!.AsArray().Select(item => item!["key"]!.GetValue<string>()).ToList();
        Assert.Equal(ScenarioLibrary.All.Select(scenario => scenario.Key), keys);
        Assert.Equal(keys.Count, keys.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task A_scenario_is_written_read_and_changed_as_the_rules_write_it()
    {
        var director = await fixture.AsAsync(Roles.CrisisDirector);
        var definition = Definition("Fuite d’eau");
        var created = await director.PostJsonAsync(Path, new JsonObject { ["definition"] = ApiClient.ToJson(definition) });
        Assert.Equal("fuite-d-eau", created["key"]!.GetValue<string>());
        Assert.Equal(1, created["version"]!.GetValue<int>());
        Assert.Equal("PT4H", created["definition"]!["plan"]!["expiry"]!.GetValue<string>());
        Assert.Equal("à choisir au moment de l’alerte", created["audienceSentence"]!["fr"]!.GetValue<string>());

        var id = created["id"]!.GetValue<string>();
        var changed = await director.SendJsonAsync(
            HttpMethod.Put, $"{Path}/{id}", new JsonObject { ["version"] = 1, ["definition"] = ApiClient.ToJson(definition with { Severity = Severity.Advisory }) });
        Assert.Equal(2, changed["version"]!.GetValue<int>());
        var read = await director.GetJsonAsync($"{Path}/{id}");
        Assert.Equal("advisory", read["definition"]!["severity"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_change_of_a_version_that_was_not_the_last_is_refused()
    {
        var director = await fixture.AsAsync(Roles.CrisisDirector);
        var id = await CreateAsync(director, "Panne d’ascenseur");
        var change = new JsonObject { ["version"] = 1, ["definition"] = ApiClient.ToJson(Definition("Panne")) };
        await director.SendJsonAsync(HttpMethod.Put, $"{Path}/{id}", change.DeepClone());
        var problem = await director.SendJsonAsync(HttpMethod.Put, $"{Path}/{id}", change, HttpStatusCode.Conflict);
        Assert.Equal("scenario-changed", problem.CodeOf());
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_said_at_once_by_field()
    {
        var director = await fixture.AsAsync(Roles.CrisisDirector);
        var definition = ApiClient.ToJson(Definition("Grêle"));
        definition["icon"] = "Not an icon";
        definition["content"]!["title"]!["fr"] = "";
        definition["plan"]!["expiry"] = "PT1S";
        var problem = await director.PostJsonAsync(Path, new JsonObject { ["definition"] = definition, ["key"] = "Not A Key" }, HttpStatusCode.BadRequest);
        Assert.Equal("invalid-input", problem.CodeOf());
        Assert.Equal("icon-invalid", problem.FieldOf("definition.icon"));
        Assert.Equal("key-invalid", problem.FieldOf("key"));
        Assert.Equal("expiry-out-of-range", problem.FieldOf("definition.plan.expiry"));
        Assert.NotNull(problem.FieldOf("definition.content.title.fr"));
    }

    [Theory]
    [InlineData("""{"definition":null}""", "definition")]
    [InlineData("""{"definition":{"name":{"fr":"x"},"colour":"red"}}""", "definition.colour")]
    [InlineData("""{"definition":5}""", "definition")]
    [InlineData("{", null)]
    [InlineData("null", null)]
    public async Task A_body_of_another_form_is_a_refusal_and_never_a_breakdown(string body, string? field)
    {
        var director = await fixture.AsAsync(Roles.CrisisDirector);
        var problem = await director.SendTextAsync(HttpMethod.Post, Path, body, HttpStatusCode.BadRequest);
        Assert.Equal("invalid-input", problem.CodeOf());
        if (field is not null) Assert.Equal("unreadable", problem.FieldOf(field));
    }

    [Fact]
    public async Task A_body_larger_than_a_scenario_can_be_is_refused()
    {
        var director = await fixture.AsAsync(Roles.CrisisDirector);
        var problem = await director.PostJsonAsync(Path, new JsonObject { ["definition"] = new string('x', 2 * 1024 * 1024) }, HttpStatusCode.RequestEntityTooLarge);
        Assert.Equal("too-large", problem.CodeOf());
    }

    [Fact]
    public async Task Two_scenarios_do_not_share_a_key()
    {
        var director = await fixture.AsAsync(Roles.CrisisDirector);
        var problem = await director.PostJsonAsync(
            Path, new JsonObject { ["key"] = "ransomware", ["definition"] = ApiClient.ToJson(Definition("Rançongiciel")) }, HttpStatusCode.Conflict);
        Assert.Equal("scenario-key-taken", problem.CodeOf());
    }

    [Fact]
    public async Task A_deleted_scenario_comes_back_when_it_is_enabled()
    {
        var director = await fixture.AsAsync(Roles.CrisisDirector);
        var id = await CreateAsync(director, "Coupure de gaz");
        var deleted = await director.SendJsonAsync(HttpMethod.Delete, $"{Path}/{id}", null);
        Assert.False(deleted["enabled"]!.GetValue<bool>());
        Assert.DoesNotContain(id, await IdsAsync(director, enabled: true));
        await director.PostJsonAsync($"{Path}/{id}/enable", null);
        Assert.Contains(id, await IdsAsync(director, enabled: true));
    }

    [Fact]
    public async Task A_duplicate_is_a_scenario_of_its_own_and_switched_off()
    {
        var director = await fixture.AsAsync(Roles.CrisisDirector);
        var id = await CreateAsync(director, "Colis suspect");
        var copy = await director.PostJsonAsync($"{Path}/{id}/duplicate", null);
        Assert.Equal("Colis suspect (copie)", copy["definition"]!["name"]!["fr"]!.GetValue<string>());
        Assert.Equal("colis-suspect-2", copy["key"]!.GetValue<string>());
        Assert.False(copy["enabled"]!.GetValue<bool>());
    }

    [Fact]
    public async Task The_list_comes_in_pages_that_follow_each_other()
    {
        var director = await fixture.AsAsync(Roles.CrisisDirector);
        var whole = await IdsAsync(director, enabled: null);
        var seen = new List<string>();
        string? after = null;
        do
        {
            var page = await director.GetJsonAsync($"{Path}?limit=4{(after is null ? "" : $"&after={after}")}");
            seen.AddRange(page["items"]!.AsArray().Select(item => item!["id"]!.GetValue<string>()));
            after = page["next"]?.GetValue<string>();
        }
        while (after is not null);
        Assert.Equal(whole.Take(9), seen.Take(9));
        Assert.Equal(seen.Count, seen.Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData(Roles.CrisisDirector, HttpStatusCode.OK, HttpStatusCode.OK)]
    [InlineData(Roles.Communicator, HttpStatusCode.OK, HttpStatusCode.OK)]
    [InlineData(Roles.Administrator, HttpStatusCode.OK, HttpStatusCode.OK)]
    [InlineData(Roles.CrisisMember, HttpStatusCode.OK, HttpStatusCode.Forbidden)]
    [InlineData(Roles.Auditor, HttpStatusCode.OK, HttpStatusCode.Forbidden)]
    [InlineData(Roles.Staff, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    public async Task Each_role_reads_and_writes_what_it_may(Roles role, HttpStatusCode reads, HttpStatusCode writes)
    {
        var client = await fixture.AsAsync(role);
        await client.GetJsonAsync(Path, reads);
        await client.PostJsonAsync(Path, new JsonObject { ["definition"] = ApiClient.ToJson(Definition($"Essai {role}")) }, writes);
    }

    [Fact]
    public async Task A_script_in_a_name_is_kept_as_text()
    {
        const string name = "<script>alert(1)</script>";
        var director = await fixture.AsAsync(Roles.CrisisDirector);
        var id = await CreateAsync(director, name);
        Assert.Equal(name, (await director.GetJsonAsync($"{Path}/{id}"))["definition"]!["name"]!["fr"]!.GetValue<string>());
    }

    private static async Task<string> CreateAsync(HttpClient client, string name) =>
        (await client.PostJsonAsync(Path, new JsonObject { ["definition"] = ApiClient.ToJson(Definition(name)) }))["id"]!.GetValue<string>();

    private static async Task<List<string>> IdsAsync(HttpClient client, bool? enabled) =>
        [.. (await client.GetJsonAsync($"{Path}?limit=500{(enabled is { } wanted ? $"&enabled={(wanted ? "true" : "false")}" : "")}"))["items"]!.AsArray().Select(item => item!["id"]!.GetValue<string>())];

    private static ScenarioDefinition Definition(string name) => new()
    {
        Name = new LocalizedText(name, name),
        Category = ScenarioCategory.Other,
        Icon = "other",
        Severity = Severity.Severe,
        Content = new ScenarioContent
        {
            Title = new LocalizedText("Titre", "Title"),
            Body = new LocalizedText("Restez où vous êtes.", "Stay where you are."),
        },
    };
}
