using System.Text.Json.Nodes;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.People;

/// <summary>Readiness over HTTP, on both databases, under a clock that stands at Monday 2 March 2026, 08:00 UTC: clocks change on the 29th, outside the 14 days.</summary>
public abstract class ReadinessSpecification : IAsyncLifetime
{
    private ServerUnderTest server = null!;
    private HttpClient admin = null!;

    protected ManualTimeProvider Clock { get; } = new();

    public async ValueTask InitializeAsync()
    {
        server = await StartAsync();
        admin = await server.AsAsync(Roles.Administrator);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<ServerUnderTest> StartAsync();

    [Fact]
    public async Task A_verified_number_grows_old_and_whoever_lacks_one_is_listed()
    {
        var before = await CountAsync("people");
        var alice = await AddPersonAsync("Alice");
        var bruno = await AddPersonAsync("Bruno");
        await AddMobileAsync(alice, "0611111111", verified: true);
        await AddMobileAsync(bruno, "0622222222", verified: false);

        var reach = (await admin.GetOkAsync("/api/v1/readiness"))["reach"];
        Assert.Equal((before + 2, 2, 1, 1), ((int)reach["people"]!, (int)reach["withMobile"]!, (int)reach["verified"]!, (int)reach["neverVerified"]!));
        Assert.Equal([bruno], await ListedAsync("verification"));
        Assert.Empty(await ListedAsync("recent-verification"));

        // Nobody stays signed in for so long.
        Clock.Sleep(TimeSpan.FromDays(200));
        admin = await server.SignInAsync(await server.CreateAccountAsync(Roles.Administrator));
        Assert.Equal(1, (int)(await admin.GetOkAsync("/api/v1/readiness?months=12"))["reach"]["verified"]!);
        Assert.Equal(0, (int)(await admin.GetOkAsync("/api/v1/readiness?months=6"))["reach"]["verified"]!);
        Assert.Equal([alice], await ListedAsync("recent-verification&months=6"));
    }

    [Fact]
    public async Task A_function_is_covered_while_a_holder_or_deputy_is_on_duty_and_its_gaps_have_times()
    {
        var alice = await AddPersonAsync("Alice");
        var bruno = await AddPersonAsync("Bruno");
        var carla = await AddPersonAsync("Carla");
        await AddFunctionAsync("Directeur de crise", [alice], [bruno]);
        await AddFunctionAsync("Porte-parole", [carla], []);
        (await admin.AskAsync(HttpMethod.Post, "/api/v1/rotas", WeekRota(alice, bruno))).MustBe(201);

        var functions = (await admin.GetOkAsync("/api/v1/readiness"))["functions"].AsArray();
        var director = functions.Single(function => (string?)function!["name"] == "Directeur de crise")!;
        Assert.Equal((2, 2, "Europe/Paris"), ((int)director["people"]!, (int)director["onRota"]!, (string?)director["timeZone"]));
        Assert.Equal((14 * 720, 14 * 720, 14 * 720), ((int)director["dayMinutes"]!, (int)director["dayCoveredMinutes"]!, (int)director["nightCoveredMinutes"]!));
        Assert.Empty(director["gaps"]!.AsArray());
        var spokesperson = functions.Single(function => (string?)function!["name"] == "Porte-parole")!;
        Assert.Equal((1, 0, 0), ((int)spokesperson["people"]!, (int)spokesperson["onRota"]!, (int)spokesperson["dayCoveredMinutes"]!));

        // The deputy leaves: their week is a gap, since nobody else who holds the function is on duty then.
        (await admin.AskAsync(HttpMethod.Post, $"/api/v1/people/{bruno}/deactivate")).MustBe(200);
        director = (await admin.GetOkAsync("/api/v1/readiness"))["functions"].AsArray().Single(function => (string?)function!["name"] == "Directeur de crise")!;
        var gap = Assert.Single(director["gaps"]!.AsArray())!;
        Assert.Equal("2026-03-09T07:00:00+00:00", (string?)gap["from"]);
        Assert.Equal((1, 1), ((int)director["people"]!, (int)director["onRota"]!));
    }

    [Fact]
    public async Task An_organisation_without_anything_is_told_so_and_nonsense_is_refused()
    {
        var figures = await admin.GetOkAsync("/api/v1/readiness");
        Assert.Equal((12, 0), ((int)figures["months"]!, (int)figures["rotas"]!));
        Assert.Empty(figures["functions"].AsArray());
        Assert.Empty(figures["drills"].AsArray());
        Assert.All(figures["channels"].AsArray(), channel => Assert.Null(channel!["lastTest"]));
        foreach (var months in (int[])[0, 37]) (await admin.AskAsync(HttpMethod.Get, $"/api/v1/readiness?months={months}")).MustBeRefused(400, "invalid-input");
        (await admin.AskAsync(HttpMethod.Get, "/api/v1/people?lacking=nothing")).MustBeRefused(400, "invalid-input");
        (await admin.AskAsync(HttpMethod.Get, "/api/v1/people?lacking=mobile&months=99")).MustBeRefused(400, "invalid-input");
    }

    private async Task<int> CountAsync(string what) => (int)(await admin.GetOkAsync("/api/v1/readiness"))["reach"][what]!;

    private async Task<IEnumerable<string?>> ListedAsync(string lacking) =>
        (await admin.GetOkAsync($"/api/v1/people?lacking={lacking}")).Items.Select(person => (string?)person!["id"]);

    private async Task<string> AddPersonAsync(string name) => (string)(await admin.AskAsync(HttpMethod.Post, "/api/v1/people", new { familyName = name })).MustBe(201)["person"]["id"]!;

    private async Task AddMobileAsync(string person, string address, bool verified)
    {
        var point = (await admin.AskAsync(HttpMethod.Post, $"/api/v1/people/{person}/contact-points", new { kind = "mobile", address })).MustBe(201).Text("id");
        if (verified) (await admin.AskAsync(HttpMethod.Post, $"/api/v1/people/{person}/contact-points/{point}/confirm")).MustBe(200);
    }

    private async Task AddFunctionAsync(string name, string[] holders, string[] deputies)
    {
        var function = (await admin.AskAsync(HttpMethod.Post, "/api/v1/functions", new { nameFr = name })).MustBe(201).Text("id");
        var set = await admin.AskAsync(HttpMethod.Put, $"/api/v1/functions/{function}/holders", new { holders, deputies });
        Assert.True(set.Status is 200 or 204, $"{set.Status} {set.Body}");
    }

    private static JsonObject WeekRota(string first, string second) => new()
    {
        ["name"] = "Astreinte",
        ["timeZone"] = "Europe/Paris",
        ["shifts"] = new JsonArray(new JsonObject
        {
            ["key"] = "week",
            ["anchor"] = "2026-03-02",
            ["cadence"] = "weekly",
            ["startsAt"] = "08:00:00",
            ["endsAt"] = "08:00:00",
            ["endsAfterDays"] = 7,
            ["turns"] = new JsonArray(first, second),
        }),
    };
}

public sealed class Readiness_on_Sqlite : ReadinessSpecification
{
    protected override Task<ServerUnderTest> StartAsync() => ServerUnderTest.StartAsync(time: Clock);
}

public sealed class Readiness_on_PostgreSql : ReadinessSpecification
{
    protected override async Task<ServerUnderTest> StartAsync() => await ServerUnderTest.StartAsync(await ServerUnderTest.NewPostgresDatabaseAsync(), Clock);
}
