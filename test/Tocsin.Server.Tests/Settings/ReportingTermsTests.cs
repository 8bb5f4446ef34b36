using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Storage;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Tests.Settings;

/// <summary>Decision 0147: what a country makes of the laws, kept as it was set, refused where it makes no sense, and traced.</summary>
public sealed class ReportingTermsTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Path = "/api/v1/settings/reporting-terms";

    [Fact]
    public async Task An_administrator_sets_the_terms_of_a_law_and_everyone_reads_them_until_they_are_the_unions_again()
    {
        var administrator = await fixture.AsAsync(Roles.Administrator);
        var staff = await fixture.AsAsync(Roles.Staff);
        await administrator.SendJsonAsync(HttpMethod.Put, $"{Path}/nis2", Terms());
        var read = (await staff.GetJsonAsync(Path))["nis2"]!;
        Assert.Equal("ANSSI", read["authority"]!.GetValue<string>());
        Assert.Equal((48, "hours"), (read["clocks"]![0]!["amount"]!.GetValue<int>(), read["clocks"]![0]!["unit"]!.GetValue<string>()));
        Assert.Null((await staff.GetJsonAsync(Path))["gdpr"]);

        // Another law is another: neither takes the other's away.
        var dora = Terms();
        dora["clocks"] = new JsonArray(Clock("initial", "classified", 2, "hours"));
        dora["fields"] = new JsonArray();
        await administrator.SendJsonAsync(HttpMethod.Put, $"{Path}/dora", dora);
        await administrator.SendJsonAsync(HttpMethod.Delete, $"{Path}/nis2", null, HttpStatusCode.NoContent);
        var after = await staff.GetJsonAsync(Path);
        Assert.Null(after["nis2"]);
        Assert.NotNull(after["dora"]);
        await using var db = await fixture.Server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
        Assert.Equal(3, await db.Set<AuditRecord>().CountAsync(record => record.Action == "reporting-terms.changed", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Nobody_else_sets_them_and_there_is_no_other_law()
    {
        var director = await fixture.AsAsync(Roles.CrisisDirector);
        await director.SendJsonAsync(HttpMethod.Put, $"{Path}/gdpr", Terms(), HttpStatusCode.Forbidden);
        await director.SendJsonAsync(HttpMethod.Delete, $"{Path}/gdpr", null, HttpStatusCode.Forbidden);
        await (await fixture.AsAsync(Roles.Administrator)).SendJsonAsync(HttpMethod.Put, $"{Path}/hipaa", Terms(), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_with_its_field()
    {
        var administrator = await fixture.AsAsync(Roles.Administrator);
        foreach (var (change, field) in new (Action<JsonObject>, string)[]
        {
            (terms => terms["authority"] = new string('x', 121), "authority"),
            (terms => terms["citation"] = "two\nlines", "citation"),
            (terms => terms["submitUrl"] = "javascript:alert(1)", "submitUrl"),
            (terms => terms["submitUrl"] = "https://user:secret@authority.example", "submitUrl"),
            (terms => terms["submitMail"] = "nobody", "submitMail"),
            (terms => terms["submitPhone"] = "call us", "submitPhone"),
            (terms => terms["clocks"] = new JsonArray(Clock("early-warning", "aware", 0, "hours")), "clocks[0]"),
            (terms => terms["clocks"] = new JsonArray(Clock("early-warning", "aware", 25, "months")), "clocks[0]"),
            (terms => terms["clocks"] = new JsonArray(Clock("initial", "aware", 1, "hours")), "clocks[0]"),
            (terms => terms["clocks"] = new JsonArray(Clock("final", "notification", 1, "months"), Clock("final", "notification", 2, "months")), "clocks"),
            (terms => terms["fields"] = new JsonArray(Field("initial", "a1", "Point")), "fields[0]"),
            (terms => terms["fields"] = new JsonArray(Field("final", "A 1", "Point")), "fields[0]"),
            (terms => terms["fields"] = new JsonArray(Field("final", "a1", " ")), "fields[0]"),
            (terms => terms["fields"] = new JsonArray(Field("final", "a1", "One"), Field("final", "a1", "Two")), "fields"),
            (terms => terms["fields"] = new JsonArray([.. Enumerable.Range(0, 21).Select(at => Field("final", $"f{at}", "Point"))]), "fields"),
        })
        {
            var terms = Terms();
            change(terms);
            Assert.Equal("out-of-range", (await administrator.SendJsonAsync(HttpMethod.Put, $"{Path}/nis2", terms, HttpStatusCode.BadRequest)).FieldOf(field));
        }

        foreach (var hostile in new Action<JsonObject>[]
        {
            terms => terms["clocks"] = new JsonArray((JsonNode?)null),
            terms => terms["fields"] = new JsonArray((JsonNode?)null),
            terms => terms["authority"] = null,
            terms => terms["clocks"] = new JsonArray(Clock("final", "the moon", 1, "months")),
            terms => terms["more"] = 1,
        })
        {
            var terms = Terms();
            hostile(terms);
            await administrator.SendJsonAsync(HttpMethod.Put, $"{Path}/nis2", terms, HttpStatusCode.BadRequest);
        }
    }

    private static JsonObject Terms() => new()
    {
        ["authority"] = " ANSSI ",
        ["submitUrl"] = "https://monespacenis2.example",
        ["submitMail"] = "incidents@anssi.example",
        ["submitPhone"] = "+33 1 23 45 67 89",
        ["citation"] = "Ordonnance 2026-1, art. 12",
        ["clocks"] = new JsonArray(Clock("early-warning", "aware", 48, "hours")),
        ["fields"] = new JsonArray(Field("notification", "a1", "Numéro SIREN")),
    };

    private static JsonObject Clock(string step, string from, int amount, string unit) => new() { ["step"] = step, ["from"] = from, ["amount"] = amount, ["unit"] = unit };

    private static JsonObject Field(string step, string id, string label) => new() { ["step"] = step, ["id"] = id, ["label"] = label };
}
