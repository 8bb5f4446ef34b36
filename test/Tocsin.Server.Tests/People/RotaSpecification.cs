using System.Text.Json.Nodes;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.People;

/// <summary>Duty rotas over HTTP, on both databases, under a clock that stands at Monday 2 March 2026, 08:00 UTC (09:00 in Paris).</summary>
public abstract class RotaSpecification : IAsyncLifetime
{
    private ServerUnderTest server = null!;
    private HttpClient admin = null!;
    private string alice = "";
    private string bruno = "";

    protected ManualTimeProvider Clock { get; } = new();

    public async ValueTask InitializeAsync()
    {
        server = await StartAsync();
        admin = await server.AsAsync(Roles.Administrator);
        alice = await AddPersonAsync("Alice", "0611111111");
        bruno = await AddPersonAsync("Bruno", "0622222222");
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<ServerUnderTest> StartAsync();

    [Fact]
    public async Task Who_is_on_duty_now_is_told_to_all_and_how_to_call_them_to_those_who_may_know()
    {
        await AddWeekRotaAsync();
        var director = await (await server.AsAsync(Roles.CrisisDirector)).GetOkAsync("/api/v1/rotas/on-duty");
        var duty = Assert.Single(director.Items)!;
        Assert.Equal((alice, "+33611111111", "2026-03-09T07:00:00+00:00"), ((string?)duty["personId"], (string?)duty["phone"], (string?)duty["until"]));
        var staff = await (await server.AsAsync(Roles.Staff)).GetOkAsync("/api/v1/rotas/on-duty");
        Assert.Null(Assert.Single(staff.Items)!["phone"]);

        Clock.Sleep(TimeSpan.FromDays(7));
        Assert.Equal(bruno, (string?)(await admin.GetOkAsync("/api/v1/rotas/on-duty")).Items[0]!["personId"]);
    }

    [Fact]
    public async Task Duty_handed_over_is_the_others_until_it_would_have_ended()
    {
        var (rota, _) = await AddWeekRotaAsync();
        (await admin.AskAsync(HttpMethod.Post, $"/api/v1/rotas/{rota}/hand-over", new { from = bruno, to = alice })).MustBeRefused(409, "not-on-duty");
        var carla = await AddPersonAsync("Carla", "0633333333");
        (await admin.AskAsync(HttpMethod.Post, $"/api/v1/rotas/{rota}/hand-over", new { from = alice, to = bruno })).MustBe(200);
        Assert.Equal(bruno, await OnDutyAsync());

        // Handed on again: who is replaced is the one in the pattern, not the one who stands in.
        (await admin.AskAsync(HttpMethod.Post, $"/api/v1/rotas/{rota}/hand-over", new { from = bruno, to = carla })).MustBe(200);
        Assert.Equal(carla, await OnDutyAsync());
        var schedule = await admin.GetOkAsync($"/api/v1/rotas/{rota}/schedule?from=2026-03-02T08:00:00Z&until=2026-03-16T08:00:00Z");
        Assert.Equal([carla, bruno], schedule["assignments"].AsArray().Select(a => (string?)a!["person"]).Take(2));
        Assert.Equal(alice, (string?)schedule["assignments"][0]!["replaces"]);
    }

    [Fact]
    public async Task An_additional_duty_handed_over_ends_for_the_first_and_begins_for_the_second()
    {
        var (rota, _) = await AddWeekRotaAsync();
        (await admin.AskAsync(HttpMethod.Post, $"/api/v1/rotas/{rota}/overrides", new { from = "2026-03-02T07:00:00Z", until = "2026-03-02T12:00:00Z", person = bruno })).MustBe(200);
        var carla = await AddPersonAsync("Carla", "0633333333");
        (await admin.AskAsync(HttpMethod.Post, $"/api/v1/rotas/{rota}/hand-over", new { from = bruno, to = carla })).MustBe(200);
        var onDuty = (await admin.GetOkAsync("/api/v1/rotas/on-duty")).Items.Select(item => (string?)item!["personId"]).ToList();
        Assert.Equal([alice, carla], onDuty);
    }

    [Fact]
    public async Task Two_people_swap_their_turns()
    {
        var (rota, _) = await AddWeekRotaAsync();
        (await admin.AskAsync(HttpMethod.Post, $"/api/v1/rotas/{rota}/swaps", new { from = "2026-03-02T07:00:00Z", until = "2026-03-16T07:00:00Z", first = alice, second = bruno })).MustBe(200);
        Assert.Equal(bruno, await OnDutyAsync());
        Clock.Sleep(TimeSpan.FromDays(7));
        Assert.Equal(alice, await OnDutyAsync());
    }

    [Fact]
    public async Task A_member_hands_over_only_the_own_duty()
    {
        var (rota, _) = await AddWeekRotaAsync();
        var member = await server.SignInAsync(await server.CreateAccountAsync(Roles.CrisisMember, person: new(Guid.Parse(alice))));
        var other = await server.AsAsync(Roles.CrisisMember);
        (await other.AskAsync(HttpMethod.Post, $"/api/v1/rotas/{rota}/hand-over", new { from = alice, to = bruno })).MustBeRefused(403, "only-own-duty");
        (await other.AskAsync(HttpMethod.Post, $"/api/v1/rotas/{rota}/overrides", new { from = "2026-03-02T07:00:00Z", until = "2026-03-02T12:00:00Z", person = bruno })).MustBeRefused(403, "only-own-duty");
        (await member.AskAsync(HttpMethod.Post, $"/api/v1/rotas/{rota}/hand-over", new { to = bruno })).MustBe(200);
        Assert.Equal(bruno, await OnDutyAsync());
    }

    [Fact]
    public async Task Who_changes_a_rota_says_which_version_they_saw()
    {
        var (rota, seen) = await AddWeekRotaAsync();
        var body = WeekRota("Astreinte " + rota);
        (await admin.AskAsync(HttpMethod.Put, $"/api/v1/rotas/{rota}", body)).MustBeRefused(428, "version-missing");
        var changed = (await admin.AskAsync(HttpMethod.Put, $"/api/v1/rotas/{rota}", body, ("If-Match", seen))).MustBe(200);
        Assert.Equal("\"2\"", changed.ETag);
        (await admin.AskAsync(HttpMethod.Put, $"/api/v1/rotas/{rota}", body, ("If-Match", seen))).MustBeRefused(412, "version-stale");
        (await admin.AskAsync(HttpMethod.Post, $"/api/v1/rotas/{rota}/hand-over", new { from = alice, to = bruno }, ("If-Match", seen))).MustBeRefused(412, "version-stale");
        (await admin.AskAsync(HttpMethod.Delete, $"/api/v1/rotas/{rota}", null, ("If-Match", "\"nonsense\""))).MustBeRefused(412, "version-stale");

        // Of changes made at once on the same version one is kept, the others are told.
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => admin.AskAsync(HttpMethod.Put, $"/api/v1/rotas/{rota}", body, ("If-Match", "\"2\""))));
        Assert.Single(answers, answer => answer.Status == 200);
        Assert.All(answers.Where(answer => answer.Status != 200), answer => Assert.Contains(answer.Code, (string[])["version-stale", "changed-meanwhile"]));
        (await admin.AskAsync(HttpMethod.Delete, $"/api/v1/rotas/{rota}", null, ("If-Match", "\"3\""))).MustBe(204);
        (await admin.AskAsync(HttpMethod.Get, $"/api/v1/rotas/{rota}")).MustBeRefused(404, "not-found");
    }

    [Fact]
    public async Task Gaps_and_people_who_left_are_shown_before_they_matter()
    {
        var (rota, _) = await AddWeekRotaAsync();
        (await admin.AskAsync(HttpMethod.Post, $"/api/v1/rotas/{rota}/overrides", new { from = "2026-03-03T07:00:00Z", until = "2026-03-03T19:00:00Z", replaces = alice })).MustBe(200);
        (await admin.AskAsync(HttpMethod.Post, $"/api/v1/people/{bruno}/deactivate")).MustBe(200);
        var coverage = await admin.GetOkAsync("/api/v1/rotas/coverage");
        var entry = Assert.Single(coverage.Body!.AsArray())!;
        Assert.Equal("2026-03-03T07:00:00+00:00", (string?)Assert.Single(entry["gaps"]!.AsArray())!["from"]);
        Assert.Equal(bruno, (string?)Assert.Single(entry["unavailable"]!.AsArray())!["id"]);

        Clock.Sleep(TimeSpan.FromDays(7));
        var now = await admin.GetOkAsync("/api/v1/rotas/on-duty");
        Assert.Empty(now.Items);
        Assert.Equal(rota, (string?)Assert.Single(now["uncovered"].AsArray())!["rotaId"]);
    }

    [Fact]
    public async Task A_rota_that_makes_no_sense_is_refused_with_its_field()
    {
        var good = WeekRota("Bonne");
        async Task RefusedAsync(string code, string path, Action<JsonNode> spoil)
        {
            var bad = good.DeepClone();
            spoil(bad);
            var answer = (await admin.AskAsync(HttpMethod.Post, "/api/v1/rotas", bad)).MustBeRefused(400, "rota-invalid");
            Assert.Equal(code, answer.Field(path));
        }

        await RefusedAsync("time-zone-unknown", "timeZone", rota => rota["timeZone"] = "Europe/Atlantis");
        await RefusedAsync("turns-missing", "shifts[0].turns", rota => rota["shifts"]![0]!["turns"] = new JsonArray());
        await RefusedAsync("unknown", "people", rota => rota["shifts"]![0]!["turns"] = new JsonArray(Guid.NewGuid().ToString()));
        await RefusedAsync("missing", "shifts[0]", rota => rota["shifts"]![0]!["turns"] = null);
        await RefusedAsync("missing", "shifts[0]", rota => rota["shifts"]![0] = null);
        await RefusedAsync("turn-length-out-of-range", "shifts[0].periodsPerTurn", rota => rota["shifts"]![0]!["periodsPerTurn"] = 0);
        await RefusedAsync("override-empty", "overrides[0]", rota => rota["overrides"] = new JsonArray(new JsonObject { ["from"] = "2026-03-02T07:00:00Z", ["until"] = "2026-03-02T08:00:00Z" }));
        await RefusedAsync("name-missing", "name", rota => rota["name"] = " ");
        var (id, _) = await AddWeekRotaAsync();
        (await admin.AskAsync(HttpMethod.Get, $"/api/v1/rotas/{id}/schedule?from=2026-01-01T00:00:00Z&until=2036-01-01T00:00:00Z")).MustBeRefused(400, "invalid-input");
        (await admin.AskAsync(HttpMethod.Get, $"/api/v1/rotas/{id}/schedule?from=0001-01-01T00:00:00Z&until=0001-02-01T00:00:00Z")).MustBeRefused(400, "invalid-input");
    }

    [Fact]
    public async Task A_change_taken_back_is_gone()
    {
        var (rota, _) = await AddWeekRotaAsync();
        (await admin.AskAsync(HttpMethod.Post, $"/api/v1/rotas/{rota}/hand-over", new { from = alice, to = bruno })).MustBe(200);
        (await admin.AskAsync(HttpMethod.Delete, $"/api/v1/rotas/{rota}/overrides/7", null, ("If-Match", "\"2\""))).MustBeRefused(404, "not-found");
        (await admin.AskAsync(HttpMethod.Delete, $"/api/v1/rotas/{rota}/overrides/0", null, ("If-Match", "\"2\""))).MustBe(200);
        Assert.Equal(alice, await OnDutyAsync());
    }

    private async Task<string?> OnDutyAsync() => (string?)Assert.Single((await admin.GetOkAsync("/api/v1/rotas/on-duty")).Items)!["personId"];

    /// <summary>A week each, from Monday 08:00 in Paris.</summary>
    private JsonObject WeekRota(string name) => new()
    {
        ["name"] = name,
        ["timeZone"] = "Europe/Paris",
        ["shifts"] = new JsonArray(new JsonObject
        {
            ["key"] = "week",
            ["anchor"] = "2026-03-02",
            ["cadence"] = "weekly",
            ["startsAt"] = "08:00:00",
            ["endsAt"] = "08:00:00",
            ["endsAfterDays"] = 7,
            ["turns"] = new JsonArray(alice, bruno),
        }),
    };

    private async Task<(string Id, string ETag)> AddWeekRotaAsync()
    {
        var added = (await admin.AskAsync(HttpMethod.Post, "/api/v1/rotas", WeekRota("Astreinte technique"))).MustBe(201);
        return (added.Text("id")!, added.ETag!);
    }

    private async Task<string> AddPersonAsync(string name, string mobile)
    {
        var id = (string)(await admin.AskAsync(HttpMethod.Post, "/api/v1/people", new { familyName = name })).MustBe(201)["person"]["id"]!;
        (await admin.AskAsync(HttpMethod.Post, $"/api/v1/people/{id}/contact-points", new { kind = "mobile", address = mobile })).MustBe(201);
        return id;
    }
}

public sealed class Rotas_on_Sqlite : RotaSpecification
{
    protected override Task<ServerUnderTest> StartAsync() => ServerUnderTest.StartAsync(time: Clock);
}

public sealed class Rotas_on_PostgreSql : RotaSpecification
{
    protected override async Task<ServerUnderTest> StartAsync() => await ServerUnderTest.StartAsync(await ServerUnderTest.NewPostgresDatabaseAsync(), Clock);
}
