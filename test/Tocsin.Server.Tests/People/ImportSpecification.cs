using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Server.Features.Import;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.People;

/// <summary>Import of people over HTTP, on both databases; each test has a directory of its own.</summary>
public abstract class ImportSpecification : IAsyncLifetime
{
    private const string Header = "Nom;Prénom;Mobile;Fixe;Courriel;Site;Groupes;Fonction;Matricule;Langue\n";

    private ServerUnderTest server = null!;
    private HttpClient admin = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

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
    public async Task A_preview_says_line_by_line_what_would_happen_and_changes_nothing()
    {
        var preview = await PreviewAsync(Header
            + "Martin;Élodie;06 12 34 56 78;;elodie@example.org;Site Nord;Urgences|Garde;Médecin;M1;fr\n"
            + "Durand;Luc;12;;pas une adresse;;;;M2;klingon\n"
            + ";;;;;;;;M3;\n"
            + "Martin;Encore;;;;;;;M1;\n"
            + "Petit;Ana;;01 23 45 67 89;;;;;M4;en\n");
        Assert.Equal((2, 3), ((int)preview["added"], (int)preview["refused"]));
        var lines = (await admin.GetOkAsync($"/api/v1/imports/{preview.Text("id")}/lines?action=refuse")).Items;
        Assert.Equal([3, 4, 5], lines.Select(line => (int)line!["line"]!));
        Assert.Equal("language:language-unknown mobile:phone-special-number email:email-invalid", Reasons(lines[0]!));
        Assert.Equal("familyName:missing", Reasons(lines[1]!));
        Assert.Equal(":line-twice", Reasons(lines[2]!));
        Assert.Empty((await admin.GetOkAsync("/api/v1/people?search=petit")).Items);
        Assert.Single((await admin.GetOkAsync($"/api/v1/imports/{preview.Text("id")}/lines?limit=1")).Items);
    }

    [Fact]
    public async Task Applied_people_are_found_with_all_that_the_file_said_and_the_same_file_again_changes_nothing()
    {
        var file = Header + "Martin;Élodie;0612345678;0123456789;elodie@example.org;Site Nord;Urgences, Garde;Médecin;M1;en\nPetit;Ana;;;;;;;M2;\n";
        await ApplyAsync(await PreviewAsync(file));
        var found = Assert.Single((await admin.GetOkAsync("/api/v1/people?search=elo%20m1")).Items)!;
        Assert.Equal(("Site Nord", "Médecin"), ((string?)found["siteName"], (string?)found["jobTitle"]));
        var detail = await admin.GetOkAsync($"/api/v1/people/{found["id"]}");
        Assert.Equal(["mobile", "email", "landline"], detail["contactPoints"].AsArray().Select(point => (string?)point!["kind"]));
        Assert.Equal(["Garde", "Urgences"], detail["groups"].AsArray().Select(group => (string?)group!["name"]));
        Assert.Equal("en", detail.Text("language"));

        var again = await PreviewAsync(file);
        Assert.Equal((0, 0, 2, 0), ((int)again["added"], (int)again["changed"], (int)again["unchanged"], (int)again["refused"]));
    }

    [Fact]
    public async Task A_change_is_shown_field_by_field_and_leaves_alone_what_was_typed_by_hand()
    {
        await ApplyAsync(await PreviewAsync(Header + "Martin;Élodie;0612345678;;;Nord;Urgences;;M1;\n"));
        var id = (string)(await admin.GetOkAsync("/api/v1/people?search=M1")).Items[0]!["id"]!;
        (await admin.AskAsync(HttpMethod.Post, $"/api/v1/people/{id}/contact-points", new { kind = "mobile", address = "0699999999" })).MustBe(201);
        var hand = (await admin.AskAsync(HttpMethod.Post, "/api/v1/groups", new { name = "À la main" })).MustBe(201).Text("id");
        (await admin.AskAsync(HttpMethod.Post, $"/api/v1/groups/{hand}/members", new { add = new[] { id } })).MustBe(204);

        var preview = await PreviewAsync(Header + "Martin;Élodie-Rose;0687654321;;;Sud;Garde;;M1;\n");
        var line = Assert.Single((await admin.GetOkAsync($"/api/v1/imports/{preview.Text("id")}/lines")).Items)!;
        Assert.Equal("change", (string?)line["action"]);
        var outcome = line["outcome"]!.AsArray().ToLookup(field => (string)field!["field"]!, field => ((string?)field!["before"], (string?)field["after"]));
        Assert.Equal(("Élodie", "Élodie-Rose"), outcome["givenName"].Single());
        Assert.Equal(("Nord", "Sud"), outcome["site"].Single());
        Assert.Equal(("+33612345678", "+33687654321"), outcome["mobile"].Single());
        Assert.Equal([(null, "Garde"), ("Urgences", null)], outcome["groups"]);

        await ApplyAsync(preview);
        var detail = await admin.GetOkAsync($"/api/v1/people/{id}");
        Assert.Equal(["+33687654321", "+33699999999"], detail["contactPoints"].AsArray().Select(point => (string?)point!["address"]));
        Assert.Equal(["À la main", "Garde"], detail["groups"].AsArray().Select(group => (string?)group!["name"]));
        Assert.Single((await admin.GetOkAsync("/api/v1/people?search=rose")).Items);
    }

    [Fact]
    public async Task A_full_list_takes_out_who_is_missing_but_asks_before_it_takes_out_many()
    {
        var everyone = string.Concat(Enumerable.Range(0, 8).Select(i => $"Nom{i};P;;;;;;;M{i};\n"));
        await ApplyAsync(await PreviewAsync(Header + everyone));
        var typed = (await admin.AskAsync(HttpMethod.Post, "/api/v1/people", new { familyName = "Tapé" })).MustBe(201);
        var half = await PreviewAsync(Header + string.Concat(everyone.Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(4).Select(line => line + "\n")), "&fullList=true");
        Assert.Equal(4, (int)half["removed"]);
        (await admin.AskAsync(HttpMethod.Post, $"/api/v1/imports/{half.Text("id")}/apply", new { })).MustBeRefused(409, "removals-too-many");
        (await admin.AskAsync(HttpMethod.Post, $"/api/v1/imports/{half.Text("id")}/apply", new { confirmedRemovals = 3 })).MustBeRefused(409, "removals-too-many");
        await ApplyAsync(half, new { confirmedRemovals = 4 });
        Assert.Equal(4, (await admin.GetOkAsync("/api/v1/people?active=false")).Items.Count);
        Assert.Single((await admin.GetOkAsync("/api/v1/people?search=tape")).Items);
        Assert.NotNull(typed.Body);

        // Who is named again is back.
        var back = await PreviewAsync(Header + everyone);
        Assert.Equal(4, (int)back["changed"]);
        await ApplyAsync(back);
        Assert.Empty((await admin.GetOkAsync("/api/v1/people?active=false")).Items);
    }

    [Fact]
    public async Task An_import_previewed_before_the_directory_changed_is_not_applied()
    {
        var preview = await PreviewAsync(Header + "Martin;Élodie;;;;;;;M1;\n");
        (await admin.AskAsync(HttpMethod.Post, "/api/v1/people", new { familyName = "Martin", givenName = "Élodie", externalId = "M1" })).MustBe(201);
        (await admin.AskAsync(HttpMethod.Post, $"/api/v1/imports/{preview.Text("id")}/apply", new { })).MustBe(202);
        var ended = await EndedAsync(preview.Text("id")!);
        Assert.Equal(("failed", "directory-changed"), (ended.Text("state"), ended.Text("errorCode")));
    }

    [Fact]
    public async Task An_import_that_a_crash_left_behind_is_applied_at_the_next_start()
    {
        var preview = await PreviewAsync(Header + "Martin;Élodie;;;;;;;M1;\n");
        var imports = server.Services.GetRequiredService<PeopleImports>();
        var id = new PeopleImportId(Guid.Parse(preview.Text("id")!));
        await imports.RequestAsync(id, null, Tocsin.Storage.Audit.AuditActor.System, Cancellation);

        // What the worker does first when a process starts.
        using var worker = ActivatorUtilities.CreateInstance<ImportWorker>(server.Services);
        await worker.StartAsync(Cancellation);
        Assert.Equal("applied", (await EndedAsync(preview.Text("id")!)).Text("state"));
        await worker.StopAsync(Cancellation);
        await imports.ApplyAsync(id, Cancellation);
        Assert.Single((await admin.GetOkAsync("/api/v1/people?search=M1")).Items);
    }

    [Fact]
    public async Task What_a_node_that_died_had_begun_another_takes_over_once_its_lease_has_run_out()
    {
        // The test plays both nodes: this server's own would take the import between two of its steps.
        await server.Services.GetRequiredService<ImportWorker>().StopAsync(Cancellation);
        var preview = await PreviewAsync(Header + "Martin;Élodie;;;;;;;M1;\n");
        var id = new PeopleImportId(Guid.Parse(preview.Text("id")!));
        var imports = server.Services.GetRequiredService<PeopleImports>();
        await imports.RequestAsync(id, null, Tocsin.Storage.Audit.AuditActor.System, Cancellation);
        var now = DateTimeOffset.UtcNow;
        await LeaseUntilAsync(id, now.AddMinutes(1));

        // Somebody else has it in hand: neither is it waiting, nor does applying it do anything.
        Assert.DoesNotContain(id, await imports.ReadWaitingAsync(Cancellation));
        await imports.ApplyAsync(id, Cancellation);
        Assert.Equal("applying", (await admin.GetOkAsync($"/api/v1/imports/{id}")).Text("state"));

        await LeaseUntilAsync(id, now.AddMinutes(-1));
        Assert.Contains(id, await imports.ReadWaitingAsync(Cancellation));
        await imports.ApplyAsync(id, Cancellation);
        Assert.Equal("applied", (await admin.GetOkAsync($"/api/v1/imports/{id}")).Text("state"));
        Assert.Empty(await imports.ReadWaitingAsync(Cancellation));
    }

    [Fact]
    public async Task How_far_a_preview_is_can_be_asked_by_whoever_chose_its_id()
    {
        var id = Guid.CreateVersion7();
        using var gate = new SlowFile(Encoding.UTF8.GetBytes(Header + "Martin;Élodie;;;;;;;M1;\n"));
        var sending = admin.SendAsync(HttpMethod.Post, $"/api/v1/imports?fileName=people.csv&id={id}", gate);
        await Eventually.HoldsAsync(async () => (await admin.AskAsync(HttpMethod.Get, $"/api/v1/imports/{id}/progress")).Status == 200, "the preview is under way");
        Assert.Equal("reading", (await admin.GetOkAsync($"/api/v1/imports/{id}/progress")).Text("step"));
        gate.LetGo();
        Assert.Equal(id.ToString(), (await sending).MustBe(201).Text("id"));
        Assert.Equal(404, (await admin.AskAsync(HttpMethod.Get, $"/api/v1/imports/{id}/progress")).Status);
        var again = (await admin.SendAsync(HttpMethod.Post, $"/api/v1/imports?id={id}", new ByteArrayContent("nom\na\n"u8.ToArray()))).MustBeRefused(422, "import-unreadable");
        Assert.Equal("import-id-taken", again.Field("file"));
    }

    [Fact]
    public async Task An_alert_raised_while_a_large_import_is_written_does_not_wait_for_it()
    {
        var file = new StringBuilder("nom;prénom;mobile;courriel;matricule;groupes\n");
        for (var i = 0; i < 5_000; i++) file.Append(System.Globalization.CultureInfo.InvariantCulture, $"Nom{i};Prénom{i % 90};+336{i:D8};p{i}@example.org;M{i};Service {i % 50}\n");
        var preview = await PreviewAsync(file.ToString());
        (await admin.AskAsync(HttpMethod.Post, $"/api/v1/imports/{preview.Text("id")}/apply", new { })).MustBe(202);
        await Eventually.HoldsAsync(
            async () => (await admin.AskAsync(HttpMethod.Get, $"/api/v1/imports/{preview.Text("id")}/progress")) is not { Status: 200 } now || now.Text("step") == "writing", "rows are being written");

        // As an alert's own write does: in no mood to wait.
        await server.Store.CommitAsync((_, _) => Task.CompletedTask, Cancellation);

        Assert.Equal("applied", (await EndedAsync(preview.Text("id")!)).Text("state"));
        Assert.Single((await admin.GetOkAsync("/api/v1/people?search=M4999")).Items);
    }

    [Fact]
    public async Task Whoever_has_no_language_of_their_own_has_none_and_so_the_organisations()
    {
        (await admin.AskAsync(HttpMethod.Put, "/api/v1/settings", new { organisationName = "Hospital", defaultLanguage = "en", timeZone = "Europe/Paris" })).MustBe(200);
        await ApplyAsync(await PreviewAsync("nom;langue;matricule\nSmith;;M1\nDurand;fr;M2\n"));
        (await admin.AskAsync(HttpMethod.Post, "/api/v1/people", new { familyName = "Jones", externalId = "M3" })).MustBe(201);

        // A file that says nothing of it leaves it so.
        await ApplyAsync(await PreviewAsync("nom;prénom;matricule\nSmith;Ann;M1\n"));

        async Task<string?> LanguageOfAsync(string number) =>
            (await admin.GetOkAsync($"/api/v1/people/{(await admin.GetOkAsync($"/api/v1/people?search={number}")).Items.Single()!["id"]}")).Text("language");

        Assert.Equal((null, "fr", null), (await LanguageOfAsync("M1"), await LanguageOfAsync("M2"), await LanguageOfAsync("M3")));
    }

    [Fact]
    public async Task Encodings_and_delimiters_are_recognised()
    {
        await ApplyAsync(await PreviewAsync(CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetBytes("nom;prénom\nCœur;Noël\n")));
        await ApplyAsync(await PreviewAsync([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes("Last name,First name\r\n\"O'Hara, Jr\",Zoë\r\n")]));
        await ApplyAsync(await PreviewAsync(Encoding.UTF8.GetBytes("FIRST NAME\tLAST NAME\nŁukasz\tNowak\n")));
        foreach (var search in (string[])["noel coeur", "zoe hara jr", "lukasz nowak"])
            Assert.Single((await admin.GetOkAsync($"/api/v1/people?search={Uri.EscapeDataString(search)}")).Items);
    }

    [Fact]
    public async Task A_file_that_is_no_list_of_people_is_refused_with_reason_and_line()
    {
        async Task RefusedAsync(string code, string? line, byte[] file)
        {
            var answer = (await admin.SendAsync(HttpMethod.Post, "/api/v1/imports", new ByteArrayContent(file))).MustBeRefused(422, "import-unreadable");
            Assert.Equal((code, line), (answer.Field("file"), answer.Field("line")));
        }

        await RefusedAsync("file-empty", null, []);
        await RefusedAsync("header-without-name", "1", "colour;size\nred;1\n"u8.ToArray());
        await RefusedAsync("header-twice", "1", "nom;nom\na;b\n"u8.ToArray());
        await RefusedAsync("quote-not-closed", "3", "nom\na\n\"b\nc\n"u8.ToArray());
        await RefusedAsync("field-too-long", "2", [.. "nom\n"u8, .. Enumerable.Repeat((byte)'x', 10 * 1024 * 1024)]);
        await RefusedAsync("field-too-long", "1", [0, .. Enumerable.Repeat((byte)0xFF, 100_000)]);
        Assert.Empty((await admin.GetOkAsync("/api/v1/imports")).Items);
    }

    [Fact]
    public async Task Script_and_formulas_in_names_are_letters_and_control_characters_are_refused()
    {
        var preview = await PreviewAsync(Header + "\"<script>alert(1)</script>\";=1+1;;;;;;;S1;\nMar\0tin;X;;;;;;;S2;\n");
        Assert.Equal((1, 1), ((int)preview["added"], (int)preview["refused"]));
        await ApplyAsync(preview);
        Assert.Equal("=1+1 <script>alert(1)</script>", (string?)(await admin.GetOkAsync("/api/v1/people?search=S1")).Items[0]!["name"]);
    }

    [Fact]
    public async Task Only_administrators_and_machines_with_the_scope_import()
    {
        Assert.Equal(403, (await (await server.AsAsync(Roles.CrisisDirector)).SendAsync(HttpMethod.Post, "/api/v1/imports", new ByteArrayContent("nom\na\n"u8.ToArray()))).Status);
        var machine = await server.WithApiTokenAsync("people:import");
        (await machine.SendAsync(HttpMethod.Post, "/api/v1/imports", new ByteArrayContent("nom\na\n"u8.ToArray()))).MustBe(201);
        var discarded = await PreviewAsync("nom\nb\n");
        (await admin.AskAsync(HttpMethod.Post, $"/api/v1/imports/{discarded.Text("id")}/discard")).MustBe(204);
        (await admin.AskAsync(HttpMethod.Post, $"/api/v1/imports/{discarded.Text("id")}/apply", new { })).MustBeRefused(409, "import-not-ready");
    }

    private Task<int> LeaseUntilAsync(PeopleImportId id, DateTimeOffset until) => server.Store.CommitAsync(
        (transaction, token) => transaction.Db.Set<PeopleImport>().Where(i => i.Id == id).ExecuteUpdateAsync(set => set.SetProperty(i => i.LeaseUntil, until), token), Cancellation);

    private static string Reasons(JsonNode line) => string.Join(' ', line["outcome"]!.AsArray().Select(reason => $"{reason!["field"]}:{reason["code"]}"));

    private Task<JsonAnswer> PreviewAsync(string file, string query = "") => PreviewAsync(Encoding.UTF8.GetBytes(file), query);

    private async Task<JsonAnswer> PreviewAsync(byte[] file, string query = "") =>
        (await admin.SendAsync(HttpMethod.Post, $"/api/v1/imports?fileName=people.csv{query}", new ByteArrayContent(file))).MustBe(201);

    private async Task ApplyAsync(JsonAnswer preview, object? confirmation = null)
    {
        (await admin.AskAsync(HttpMethod.Post, $"/api/v1/imports/{preview.Text("id")}/apply", confirmation ?? new { })).MustBe(202);
        Assert.Equal("applied", (await EndedAsync(preview.Text("id")!)).Text("state"));
    }

    private async Task<JsonAnswer> EndedAsync(string id)
    {
        JsonAnswer? answer = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                answer = await admin.GetOkAsync($"/api/v1/imports/{id}");
                return answer.Text("state") is "applied" or "failed";
            },
            "the import ends");
        return answer!;
    }
}

/// <summary>A file of which the last octet comes only when it is let go.</summary>
internal sealed class SlowFile(byte[] bytes) : HttpContent
{
    private readonly TaskCompletionSource letGo = new();

    public void LetGo() => letGo.SetResult();

    protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
    {
        await stream.WriteAsync(bytes.AsMemory(0, bytes.Length - 1));
        await stream.FlushAsync();
        await letGo.Task;
        await stream.WriteAsync(bytes.AsMemory(bytes.Length - 1));
    }

    protected override bool TryComputeLength(out long length)
    {
        length = bytes.Length;
        return true;
    }
}

public sealed class Import_on_Sqlite : ImportSpecification
{
    protected override Task<ServerUnderTest> StartAsync() => ServerUnderTest.StartAsync();
}

public sealed class Import_on_PostgreSql : ImportSpecification
{
    protected override async Task<ServerUnderTest> StartAsync() => await ServerUnderTest.StartAsync(await ServerUnderTest.NewPostgresDatabaseAsync());
}
