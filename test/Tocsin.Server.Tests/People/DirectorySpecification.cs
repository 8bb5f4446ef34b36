using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Storage;
using Tocsin.Storage.Events;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Tests.People;

/// <summary>The server on a database of one kind, for all tests of a class.</summary>
public abstract class ServerOnDatabase : IAsyncLifetime
{
    public ServerUnderTest Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<ServerUnderTest> StartAsync();
}

public sealed class ServerOnSqlite : ServerOnDatabase
{
    protected override Task<ServerUnderTest> StartAsync() => ServerUnderTest.StartAsync();
}

public sealed class ServerOnPostgreSql : ServerOnDatabase
{
    protected override async Task<ServerUnderTest> StartAsync() => await ServerUnderTest.StartAsync(await ServerUnderTest.NewPostgresDatabaseAsync());
}

/// <summary>What the directory's API promises, on both databases.</summary>
public abstract class DirectorySpecification(ServerOnDatabase fixture)
{
    private static int counter;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Task<HttpClient> Administrator => fixture.Server.AsAsync(Roles.Administrator);

    [Fact]
    public async Task Somebody_added_is_found_as_one_types_and_told_to_readers()
    {
        var admin = await Administrator;
        var number = Unique();
        var head = await fixture.Server.Services.GetRequiredService<EventLog>().HeadAsync(Cancellation);
        var added = await AddPersonAsync(admin, new { givenName = " Élodie ", familyName = "D'Œuvre", externalId = number, jobTitle = "Médecin", language = "en" });
        Assert.Equal("Élodie D'Œuvre", (string?)added["person"]!["name"]);
        foreach (var search in (string[])[number, number[..4] + " elo", "D’OEU " + number, "oeuvre " + number, number + " méd"])
        {
            var found = await (await fixture.Server.AsAsync(Roles.Communicator)).GetOkAsync($"/api/v1/people?search={Uri.EscapeDataString(search)}");
            Assert.Contains(found.Items, item => (string?)item!["id"] == Id(added));
        }

        var events = await fixture.Server.Services.GetRequiredService<EventLog>().ReadAsync(head, 10, Cancellation);
        Assert.Contains(events, e => e.Kind == "person.changed" && e.Data.Contains(Id(added), StringComparison.Ordinal) && e.VisibleTo.HasFlag(Roles.CrisisMember) && !e.VisibleTo.HasFlag(Roles.Staff));
        Assert.DoesNotContain(events, e => e.Data.Contains("uvre", StringComparison.Ordinal));
        await using var db = await fixture.Server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);
        Assert.True(await db.Set<AuditRecord>().AnyAsync(r => r.Action == "person.added" && r.Subject == "person:" + Id(added), Cancellation));
    }

    [Fact]
    public async Task A_changed_name_is_found_by_its_new_words_and_no_longer_by_its_old()
    {
        var admin = await Administrator;
        var (before, after) = (Unique(), Unique());
        var id = Id(await AddPersonAsync(admin, new { familyName = before }));
        (await admin.AskAsync(HttpMethod.Put, $"/api/v1/people/{id}", new { familyName = after })).MustBe(200);
        Assert.Empty((await admin.GetOkAsync($"/api/v1/people?search={before}")).Items);
        Assert.Single((await admin.GetOkAsync($"/api/v1/people?search={after}")).Items);
    }

    [Fact]
    public async Task Somebody_taken_out_is_no_longer_listed_and_comes_back_whole()
    {
        var admin = await Administrator;
        var name = Unique();
        var id = Id(await AddPersonAsync(admin, new { familyName = name }));
        var group = await AddAsync(admin, "groups", new { name = Unique() });
        (await admin.AskAsync(HttpMethod.Post, $"/api/v1/groups/{group}/members", new { add = new[] { id } })).MustBe(204);
        (await admin.AskAsync(HttpMethod.Post, $"/api/v1/people/{id}/deactivate")).MustBe(200);
        Assert.Empty((await admin.GetOkAsync($"/api/v1/people?search={name}")).Items);
        Assert.Single((await admin.GetOkAsync($"/api/v1/people?search={name}&active=false")).Items);
        Assert.Equal(0, (int)(await admin.GetOkAsync($"/api/v1/groups/{group}"))["people"]);

        (await admin.AskAsync(HttpMethod.Post, $"/api/v1/people/{id}/reactivate")).MustBe(200);
        Assert.Single((await admin.GetOkAsync($"/api/v1/people?groupId={group}")).Items);
        Assert.Equal(1, (int)(await admin.GetOkAsync($"/api/v1/groups/{group}"))["people"]);
    }

    [Fact]
    public async Task Who_can_still_sign_in_is_not_taken_out()
    {
        var account = await fixture.Server.CreateAccountAsync(Roles.Staff);
        (await (await Administrator).AskAsync(HttpMethod.Post, $"/api/v1/people/{account.Account.PersonId}/deactivate")).MustBeRefused(409, "person-can-sign-in");
    }

    [Theory]
    [InlineData("familyName", "", "missing")]
    [InlineData("familyName", "  \u00A0 ", "missing")]
    [InlineData("familyName", "a\0b", "invalid-character")]
    [InlineData("familyName", "Mar\ntin", "invalid-character")]
    [InlineData("familyName", "\u202Enitram", "invalid-character")]
    [InlineData("externalId", "x\u0007", "invalid-character")]
    [InlineData("familyName", "101 long", "too-long")]
    [InlineData("jobTitle", "101 long", "too-long")]
    [InlineData("externalId", "101 long", "too-long")]
    public async Task A_name_that_nobody_could_read_is_refused_with_its_field(string field, string value, string code)
    {
        var body = new JsonObject { ["familyName"] = Unique() };
        body[field] = value == "101 long" ? new string('x', 101) : value;
        var answer = (await (await Administrator).AskAsync(HttpMethod.Post, "/api/v1/people", body)).MustBeRefused(400, "invalid-input");
        Assert.Equal(code, answer.Field(field));
    }

    [Fact]
    public async Task Markup_in_a_name_is_kept_as_the_letters_that_it_is()
    {
        var admin = await Administrator;
        var name = $"<script>alert('{Unique()}')</script>";
        var added = await AddPersonAsync(admin, new { familyName = name });
        Assert.Equal(name, (string?)added["person"]!["name"]);
        (await admin.AskAsync(HttpMethod.Get, $"/api/v1/people?search={Uri.EscapeDataString("'; DROP TABLE people; --")}")).MustBe(200);
    }

    [Fact]
    public async Task Two_people_never_share_an_external_id()
    {
        var admin = await Administrator;
        var number = Unique();
        var first = Id(await AddPersonAsync(admin, new { familyName = "Un", externalId = number }));
        (await admin.AskAsync(HttpMethod.Post, "/api/v1/people", new { familyName = "Deux", externalId = number })).MustBeRefused(409, "external-id-taken");
        (await admin.AskAsync(HttpMethod.Put, $"/api/v1/people/{first}", new { familyName = "Encore", externalId = number })).MustBe(200);
    }

    [Fact]
    public async Task A_repeated_command_with_its_key_adds_one_person()
    {
        var admin = await Administrator;
        var (key, name) = (Unique(), Unique());
        var first = await admin.AskAsync(HttpMethod.Post, "/api/v1/people", new { familyName = name }, ("Idempotency-Key", key));
        var second = await admin.AskAsync(HttpMethod.Post, "/api/v1/people", new { familyName = name }, ("Idempotency-Key", key));
        Assert.Equal(Id(first.MustBe(201).Body!), Id(second.MustBe(201).Body!));
        Assert.Single((await admin.GetOkAsync($"/api/v1/people?search={name}")).Items);
    }

    [Fact]
    public async Task Staff_see_and_change_only_what_is_their_own()
    {
        var account = await fixture.Server.CreateAccountAsync(Roles.Staff);
        var staff = await fixture.Server.SignInAsync(account);
        var other = Id(await AddPersonAsync(await Administrator, new { familyName = Unique() }));
        foreach (var path in (string[])["people", $"people/{other}", "groups", "sites", "functions", "lists"])
            Assert.Equal(403, (await staff.AskAsync(HttpMethod.Get, $"/api/v1/{path}")).Status);
        Assert.Equal(403, (await staff.AskAsync(HttpMethod.Post, $"/api/v1/people/{other}/contact-points", new { kind = "mobile", address = "0612345678" })).Status);

        var point = (await staff.AskAsync(HttpMethod.Post, "/api/v1/me/contact-points", new { kind = "mobile", address = "06 12 34 56 78", label = "perso" })).MustBe(201);
        Assert.Equal("+33612345678", point.Text("address"));
        Assert.Equal("06\u00A012\u00A034\u00A056\u00A078", point.Text("display"));
        var owner = (await staff.GetOkAsync("/api/v1/me/person"))["person"]["id"]!;
        var confirmed = (await (await Administrator).AskAsync(HttpMethod.Post, $"/api/v1/people/{owner}/contact-points/{point.Text("id")}/confirm")).MustBe(200);
        Assert.NotNull(confirmed.Text("verifiedAt"));
        var moved = (await staff.AskAsync(HttpMethod.Put, $"/api/v1/me/contact-points/{point.Text("id")}", new { kind = "mobile", address = "+32471234567" })).MustBe(200);
        Assert.Null(moved.Text("verifiedAt"));
        (await staff.AskAsync(HttpMethod.Put, "/api/v1/me/preferences", new { order = new[] { "sms", "email" }, declined = new[] { "web-push" } })).MustBe(204);

        var self = await staff.GetOkAsync("/api/v1/me/person");
        Assert.Equal("+32471234567", (string?)self["contactPoints"][0]!["address"]);
        Assert.Equal(["sms", "email"], self["preferences"]["order"]!.AsArray().Select(channel => (string?)channel));
    }

    [Theory]
    [InlineData("mobile", "12", "phone-special-number")]
    [InlineData("mobile", "06 12 34 56", "phone-too-short")]
    [InlineData("landline", "Jean", "phone-invalid-character")]
    [InlineData("mobile", "", "missing")]
    [InlineData("email", "nobody", "email-invalid")]
    [InlineData("email", "a@b@c", "email-invalid")]
    [InlineData("email", "x@example.org\r\nBcc: all@example.org", "email-invalid")]
    [InlineData("email", "\"quoted\"@example.org", "email-invalid")]
    [InlineData("pager", "12A", "pager-invalid")]
    public async Task An_address_that_cannot_be_reached_is_refused_with_the_reason(string kind, string address, string code)
    {
        var admin = await Administrator;
        var id = Id(await AddPersonAsync(admin, new { familyName = Unique() }));
        var answer = (await admin.AskAsync(HttpMethod.Post, $"/api/v1/people/{id}/contact-points", new { kind, address })).MustBeRefused(400, "invalid-input");
        Assert.Equal(code, answer.Field("address"));
    }

    [Fact]
    public async Task Contact_points_keep_their_order_and_never_repeat()
    {
        var admin = await Administrator;
        var path = $"/api/v1/people/{Id(await AddPersonAsync(admin, new { familyName = Unique() }))}/contact-points";
        var mobile = (await admin.AskAsync(HttpMethod.Post, path, new { kind = "mobile", address = "0612345678" })).MustBe(201).Text("id");
        var mail = (await admin.AskAsync(HttpMethod.Post, path, new { kind = "email", address = "Jean.Dupont@Hôpital.example", quietHours = new { from = "22:00", until = "07:00", timeZone = "Europe/Paris" } })).MustBe(201);
        Assert.Equal("Jean.Dupont@xn--hpital-ixa.example", mail.Text("address"));
        (await admin.AskAsync(HttpMethod.Post, path, new { kind = "mobile", address = "+33 6 12 34 56 78" })).MustBeRefused(409, "contact-point-twice");
        (await admin.AskAsync(HttpMethod.Post, path, new { kind = "app", address = "https://push.example.org" })).MustBeRefused(400, "invalid-input");
        (await admin.AskAsync(HttpMethod.Post, path, new { kind = "email", address = "b@example.org", quietHours = new { from = "22:00", until = "07:00", timeZone = "Mars/Base" } })).MustBeRefused(400, "invalid-input");

        (await admin.AskAsync(HttpMethod.Put, path + "/order", new { ids = new[] { mail.Text("id") } })).MustBeRefused(409, "changed-meanwhile");
        (await admin.AskAsync(HttpMethod.Put, path + "/order", new { ids = new[] { mail.Text("id"), mobile } })).MustBe(204);
        var points = (await admin.GetOkAsync(path[..^"/contact-points".Length]))["contactPoints"].AsArray();
        Assert.Equal(["email", "mobile"], points.Select(point => (string?)point!["kind"]));
        Assert.Equal("22:00", (string?)points[0]!["quietHours"]!["from"]);

        (await admin.AskAsync(HttpMethod.Delete, $"{path}/{mobile}")).MustBe(204);
        (await admin.AskAsync(HttpMethod.Delete, $"{path}/{mobile}")).MustBeRefused(404, "not-found");
        for (var i = 1; i < 20; i++) (await admin.AskAsync(HttpMethod.Post, path, new { kind = "email", address = $"a{i}@example.org" })).MustBe(201);
        (await admin.AskAsync(HttpMethod.Post, path, new { kind = "email", address = "last@example.org" })).MustBeRefused(409, "contact-points-too-many");
    }

    [Fact]
    public async Task Groups_nest_but_never_in_a_circle()
    {
        var admin = await Administrator;
        string[] groups = [await AddAsync(admin, "groups", new { name = Unique() }), await AddAsync(admin, "groups", new { name = Unique() }), await AddAsync(admin, "groups", new { name = Unique() })];
        (await admin.AskAsync(HttpMethod.Put, $"/api/v1/groups/{groups[0]}/subgroups", new { groups = new[] { groups[1] } })).MustBe(204);
        (await admin.AskAsync(HttpMethod.Put, $"/api/v1/groups/{groups[1]}/subgroups", new { groups = new[] { groups[2] } })).MustBe(204);
        (await admin.AskAsync(HttpMethod.Put, $"/api/v1/groups/{groups[2]}/subgroups", new { groups = new[] { groups[0] } })).MustBeRefused(409, "group-circle");
        (await admin.AskAsync(HttpMethod.Put, $"/api/v1/groups/{groups[1]}/subgroups", new { groups = new[] { groups[1] } })).MustBeRefused(409, "group-circle");

        var person = Id(await AddPersonAsync(admin, new { familyName = Unique() }));
        (await admin.AskAsync(HttpMethod.Post, $"/api/v1/groups/{groups[2]}/members", new { add = new[] { person } })).MustBe(204);
        (await admin.AskAsync(HttpMethod.Post, $"/api/v1/groups/{groups[1]}/members", new { add = new[] { person } })).MustBe(204);
        var top = await admin.GetOkAsync($"/api/v1/groups/{groups[0]}");
        Assert.Equal((0, 1), ((int)top["directMembers"], (int)top["people"]));
        Assert.Single((await admin.GetOkAsync($"/api/v1/people?groupId={groups[0]}")).Items);
        Assert.Empty((await admin.GetOkAsync($"/api/v1/people?groupId={groups[0]}&direct=true")).Items);
        (await admin.AskAsync(HttpMethod.Post, $"/api/v1/groups/{groups[0]}/members", new { add = new[] { Guid.NewGuid() } })).MustBeRefused(400, "invalid-input");

        (await admin.AskAsync(HttpMethod.Delete, $"/api/v1/groups/{groups[1]}")).MustBe(204);
        Assert.Empty((await admin.GetOkAsync($"/api/v1/groups/{groups[0]}"))["subgroupIds"].AsArray());
    }

    [Fact]
    public async Task Names_are_unique_whatever_their_accents()
    {
        var admin = await Administrator;
        var name = Unique();
        foreach (var (kind, field) in ((string, string)[])[("groups", "name"), ("sites", "name"), ("lists", "name"), ("functions", "nameFr")])
        {
            await AddAsync(admin, kind, new JsonObject { [field] = $"Hôpital {name}" });
            (await admin.AskAsync(HttpMethod.Post, $"/api/v1/{kind}", new JsonObject { [field] = $"HOPITAL  {name}" })).MustBeRefused(409, "name-taken");
            (await admin.AskAsync(HttpMethod.Post, $"/api/v1/{kind}", new JsonObject { [field] = "***" })).MustBeRefused(400, "invalid-input");
        }
    }

    [Fact]
    public async Task A_function_has_holders_and_ordered_deputies()
    {
        var admin = await Administrator;
        var function = await AddAsync(admin, "functions", new { nameFr = "Directeur " + Unique(), nameEn = "Director " + Unique() });
        string[] people = [Id(await AddPersonAsync(admin, new { familyName = Unique() })), Id(await AddPersonAsync(admin, new { familyName = Unique() })), Id(await AddPersonAsync(admin, new { familyName = Unique() }))];
        (await admin.AskAsync(HttpMethod.Put, $"/api/v1/functions/{function}/holders", new { holders = people[..1], deputies = new[] { people[2], people[1] } })).MustBe(204);
        (await admin.AskAsync(HttpMethod.Put, $"/api/v1/functions/{function}/holders", new { holders = people[..1], deputies = people[..1] })).MustBeRefused(400, "invalid-input");
        var listed = await admin.AskAsync(HttpMethod.Get, "/api/v1/functions?limit=1000", null, ("Accept-Language", "en-GB,fr;q=0.5"));
        var view = Assert.Single(listed.Items, item => (string?)item!["id"] == function)!;
        Assert.StartsWith("Director ", (string?)view["name"], StringComparison.Ordinal);
        Assert.Equal([people[2], people[1]], view["deputies"]!.AsArray().Select(deputy => (string?)deputy!["id"]));
        Assert.Equal(1, (int?)view["people"]);
        var detail = await admin.GetOkAsync($"/api/v1/people/{people[1]}");
        Assert.Equal(2, (int?)detail["functions"][0]!["rank"]);
    }

    [Fact]
    public async Task A_site_with_people_is_not_removed()
    {
        var admin = await Administrator;
        var site = await AddAsync(admin, "sites", new { name = Unique(), postalAddress = "2 rue Henri Le Guilloux" });
        var person = Id(await AddPersonAsync(admin, new { familyName = Unique(), siteId = site }));
        (await admin.AskAsync(HttpMethod.Delete, $"/api/v1/sites/{site}")).MustBeRefused(409, "site-in-use");
        Assert.Single((await admin.GetOkAsync($"/api/v1/people?siteId={site}")).Items);
        (await admin.AskAsync(HttpMethod.Put, $"/api/v1/people/{person}", new { familyName = "Ailleurs", siteId = Guid.NewGuid() })).MustBeRefused(400, "invalid-input");
        (await admin.AskAsync(HttpMethod.Put, $"/api/v1/people/{person}", new { familyName = "Ailleurs" })).MustBe(200);
        (await admin.AskAsync(HttpMethod.Delete, $"/api/v1/sites/{site}")).MustBe(204);
    }

    [Fact]
    public async Task Lists_page_by_cursor_and_refuse_one_that_is_not_theirs()
    {
        var admin = await Administrator;
        for (var i = 0; i < 5; i++) await AddAsync(admin, "lists", new { name = Unique() });
        var names = new List<string?>();
        string? next = null;
        do
        {
            var page = await admin.GetOkAsync($"/api/v1/lists?limit=2{(next is null ? "" : "&after=" + next)}");
            names.AddRange(page.Items.Select(item => (string?)item!["name"]));
            next = page.Text("next");
        }
        while (next is not null);
        Assert.Equal(names.Count, names.Distinct(StringComparer.Ordinal).Count());
        Assert.True(names.Count >= 5);
        foreach (var path in (string[])["lists", "people", "groups", "sites", "functions"])
        {
            foreach (var cursor in (string[])["%00", "!!!", "AA", new string('A', 3000)])
            {
                var answer = await admin.AskAsync(HttpMethod.Get, $"/api/v1/{path}?after={cursor}");
                Assert.True(answer.Status is 200 or 400, $"{path} {cursor}: {answer.Status}");
            }
        }
    }

    [Fact]
    public async Task Members_of_a_list_come_and_go_once()
    {
        var admin = await Administrator;
        var list = await AddAsync(admin, "lists", new { name = Unique() });
        var person = Id(await AddPersonAsync(admin, new { familyName = Unique() }));
        for (var i = 0; i < 2; i++) (await admin.AskAsync(HttpMethod.Post, $"/api/v1/lists/{list}/members", new { add = new[] { person } })).MustBe(204);
        Assert.Single((await admin.GetOkAsync($"/api/v1/people?listId={list}")).Items);
        for (var i = 0; i < 2; i++) (await admin.AskAsync(HttpMethod.Post, $"/api/v1/lists/{list}/members", new { remove = new[] { person } })).MustBe(204);
        Assert.Empty((await admin.GetOkAsync($"/api/v1/people?listId={list}")).Items);
        (await admin.AskAsync(HttpMethod.Post, $"/api/v1/lists/{list}/members", new { add = Enumerable.Range(0, 1_001).Select(_ => Guid.NewGuid()) })).MustBeRefused(400, "members-too-many");
    }

    private static string Unique() => $"Z{Interlocked.Increment(ref counter):X4}q";

    private static string Id(JsonNode detail) => (string)detail["person"]!["id"]!;

    private static async Task<JsonNode> AddPersonAsync(HttpClient admin, object body) => (await admin.AskAsync(HttpMethod.Post, "/api/v1/people", body)).MustBe(201).Body!;

    private static async Task<string> AddAsync(HttpClient admin, string kind, object body) => (await admin.AskAsync(HttpMethod.Post, $"/api/v1/{kind}", body)).MustBe(201).Text("id")!;
}

public sealed class Directory_on_Sqlite(ServerOnSqlite fixture) : DirectorySpecification(fixture), IClassFixture<ServerOnSqlite>;

public sealed class Directory_on_PostgreSql(ServerOnPostgreSql fixture) : DirectorySpecification(fixture), IClassFixture<ServerOnPostgreSql>;
