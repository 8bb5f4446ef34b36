using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Tocsin.Server.Features.Events;
using Tocsin.Server.Features.PublicPage;
using Tocsin.Server.Hosting;
using Tocsin.Server.Tests.People;
using Tocsin.Storage;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.PublicPage;

/// <summary>The page for the public: what comes onto it, what never does, and that it leads nowhere.</summary>
public sealed class PublicPageTests : IAsyncLifetime
{
    private const string Hostile = "</script><script>alert(1)</script><img src=x onerror=alert(1)> ]]> &amp; \" ' <!-- ";

    private ServerUnderTest server = null!;
    private HttpClient author = null!;
    private HttpClient first = null!;
    private HttpClient second = null!;
    private string directory = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await ServerUnderTest.StartAsync(configure: options =>
        {
            directory = Path.Combine(options.Data, "public-files");
            (options.PublicPage.Serve, options.PublicPage.Directory, options.PublicPage.Address) = (true, directory, "https://info.hopital.example");
        });
        author = await server.SignInAsync(await server.CreateAccountAsync(Roles.Communicator));
        first = await server.SignInAsync(await server.CreateAccountAsync(Roles.CrisisDirector));
        second = await server.SignInAsync(await server.CreateAccountAsync(Roles.Communicator));
    }

    public async ValueTask DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task What_was_approved_for_the_public_stands_on_the_page_in_both_languages_and_nothing_else_does()
    {
        await PublishAsync(Draft("Consultations annulées", "Appointments cancelled"));
        var forStaff = Draft("Secret du personnel", "Staff only");
        (forStaff["toPublic"], forStaff["toStaff"]) = (false, true);
        await PublishAsync(forStaff);
        (await author.AskAsync(HttpMethod.Post, "/api/v1/bulletins", new JsonObject { ["draft"] = Draft("Brouillon jamais publié", "Never out") })).MustBe(200);
        var french = await PageAsync("fr.html", "Consultations annulées");
        Assert.DoesNotContain("Secret", french, StringComparison.Ordinal);
        Assert.DoesNotContain("Brouillon", french, StringComparison.Ordinal);
        Assert.Contains("Appointments cancelled", await PageAsync("en.html", "cancelled"), StringComparison.Ordinal);
        Assert.Equal(french, await PageAsync("", "Consultations"));
        foreach (var language in (string[])["fr", "en"])
            Assert.Single(AtomRules.Check(await server.Anonymous.GetByteArrayAsync($"/public/feed.{language}.xml", Cancellation)));
    }

    [Fact]
    public async Task Status_contacts_and_what_to_do_are_shown_and_a_number_can_be_called()
    {
        (await author.AskAsync(HttpMethod.Put, "/api/v1/public-page", Settings())).MustBe(200);
        var page = await PageAsync("fr.html", "Crise en cours");
        Assert.Contains("<a href=\"tel:+33123456789\">&#x2B;33 1 23 45 67 89</a>", page, StringComparison.Ordinal);
        Assert.Contains("Ne venez pas", page, StringComparison.Ordinal);
        Assert.Contains("Families", await PageAsync("en.html", "A crisis is under way"), StringComparison.Ordinal);
        var wrong = Settings();
        wrong["contacts"]![0]!["number"] = "12\n34";
        Assert.Equal("unreadable", (await author.AskAsync(HttpMethod.Put, "/api/v1/public-page", wrong)).MustBeRefused(400, "invalid-input").Field("contacts[0].number"));
    }

    [Fact]
    public async Task As_much_as_may_be_written_can_be_kept()
    {
        var settings = Settings();
        settings["whatToDo"] = new JsonObject { ["fr"] = new string('é', 2_000), ["en"] = new string('é', 2_000) };
        settings["contacts"] = new JsonArray([.. Enumerable.Range(0, 12).Select(_ => new JsonObject { ["name"] = new JsonObject { ["fr"] = new string('é', 80), ["en"] = new string('é', 80) }, ["number"] = new string('1', 80) })]);
        (await author.AskAsync(HttpMethod.Put, "/api/v1/public-page", settings)).MustBe(200);
    }

    [Fact]
    public async Task Hostile_text_stays_the_letters_that_it_is()
    {
        await PublishAsync(Draft("T " + Hostile, "T " + Hostile));
        var settings = Settings();
        settings["contacts"]![0]!["number"] = "javascript:alert(1)\"><script>";
        (await author.AskAsync(HttpMethod.Put, "/api/v1/public-page", settings)).MustBe(200);
        await RaiseAsync("A " + Hostile, isPublic: true);
        var page = await PageAsync("fr.html", "A &lt;/script&gt;");
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch(@"<[^>]*\son\w+\s*=", page);
        Assert.DoesNotMatch("href=\"(?!fr\\.html|en\\.html|feed\\.|cap/|tel:)", page);
        var entries = AtomRules.Check(await server.Anonymous.GetByteArrayAsync("/public/feed.fr.xml", Cancellation));
        Assert.Contains(entries, entry => entry.Element(AtomRules.Atom + "title")!.Value == "T " + Hostile.TrimEnd() || entry.Element(AtomRules.Atom + "title")!.Value == "T " + Hostile);
        var cap = CapRules.Check(await server.Anonymous.GetByteArrayAsync("/public/cap/1-1.xml", Cancellation));
        Assert.StartsWith("A </script><script>", CapRules.Text(cap.Element(CapRules.Cap + "info")!, "headline"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_a_visitor_had_read_at_the_start_does_not_take_the_place_of_the_one_that_was_written_meanwhile()
    {
        var services = server.Services;
        var contexts = new HeldContexts(services.GetRequiredService<IDbContextFactory<TocsinDbContext>>());
        var own = Path.Combine(server.DataDirectory, "own-public-files");
        var options = new TocsinOptions();
        (options.PublicPage.Serve, options.PublicPage.Directory) = (true, own);
        using var publisher = new PublicPagePublisher(
            services.GetRequiredService<EventTail>(), contexts, options, services.GetRequiredService<ServerAddress>(), TimeProvider.System, NullLogger<PublicPagePublisher>.Instance);
        var visitor = publisher.CurrentAsync(Cancellation).AsTask();
        await publisher.StartAsync(Cancellation);
        await Eventually.HoldsAsync(() => File.Exists(Path.Combine(own, "fr.html")), "the publisher wrote its page");
        var written = await publisher.CurrentAsync(Cancellation);
        contexts.LetGo();
        Assert.Same(written, await visitor);
        Assert.Same(written, await publisher.CurrentAsync(Cancellation));
        await publisher.StopAsync(Cancellation);
    }

    [Theory]
    [InlineData("a\0b\u0007c", "a b c")]
    [InlineData("\uFFFE\uFFFFx", "  x")]
    [InlineData("🔥 \uD83D\uDD25", "🔥 🔥")]
    public void What_XML_can_not_write_becomes_a_space(string text, string expected) => Assert.Equal(expected, PublicText.Printable(text, keepLines: true));

    [Fact]
    public void Half_a_character_becomes_a_space() => Assert.Equal(" x", PublicText.Printable((char)0xD800 + "x", keepLines: true));

    [Fact]
    public async Task A_public_alert_is_CAP_from_its_raising_to_its_end_and_each_message_names_those_before()
    {
        var id = await RaiseAsync("Fumées toxiques", isPublic: true);
        (await first.AskAsync(HttpMethod.Post, $"/api/v1/alerts/{id}/updates", Words("Vent tournant : fermez les fenêtres"))).MustBe(200);
        (await first.AskAsync(HttpMethod.Post, $"/api/v1/alerts/{id}/all-clear", new JsonObject())).MustBe(200);
        await PageAsync("fr.html", "Fin d’alerte");
        var messages = new List<System.Xml.Linq.XElement>();
        foreach (var revision in (int[])[1, 2, 3]) messages.Add(CapRules.Check(await server.Anonymous.GetByteArrayAsync($"/public/cap/1-{revision}.xml", Cancellation)));
        Assert.Equal(["Alert", "Update", "Update"], messages.Select(message => CapRules.Text(message, "msgType")));
        Assert.All(messages, message => Assert.Equal("Actual", CapRules.Text(message, "status")));
        Assert.Equal(3, messages.Select(message => CapRules.Text(message, "identifier")).Distinct().Count());
        var info = messages[0].Element(CapRules.Cap + "info")!;
        Assert.Equal(("fr-FR", "Health", "Immediate", "Extreme", "Likely"), (CapRules.Text(info, "language"), CapRules.Text(info, "category"), CapRules.Text(info, "urgency"), CapRules.Text(info, "severity"), CapRules.Text(info, "certainty")));
        Assert.Equal(("Fumées toxiques", "Restez chez vous.", "Vallée de la Trève"), (CapRules.Text(info, "headline"), CapRules.Text(info, "instruction"), CapRules.Text(info.Element(CapRules.Cap + "area")!, "areaDesc")));
        Assert.Equal(2, messages[2].Element(CapRules.Cap + "references")!.Value.Split(' ').Length);
        Assert.Equal("AllClear", CapRules.Text(messages[2].Element(CapRules.Cap + "info")!, "responseType"));
        Assert.Equal(3, AtomRules.Check(await server.Anonymous.GetByteArrayAsync("/public/feed.en.xml", Cancellation)).Count);
    }

    [Fact]
    public async Task An_alert_that_was_a_mistake_is_cancelled_in_CAP_and_one_that_is_not_public_is_nowhere()
    {
        await RaiseAsync("Affaire interne", isPublic: false);
        var id = await RaiseAsync("Fausse alerte", isPublic: true);
        (await first.AskAsync(HttpMethod.Post, $"/api/v1/alerts/{id}/cancellation", new JsonObject())).MustBe(200);
        var page = await PageAsync("fr.html", "Alerte annulée");
        Assert.Equal("Cancel", CapRules.Text(CapRules.Check(await server.Anonymous.GetByteArrayAsync("/public/cap/2-2.xml", Cancellation)), "msgType"));
        Assert.DoesNotContain("interne", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Anonymous.GetAsync("/public/cap/1-1.xml", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task The_public_decision_is_the_directors()
    {
        var member = await server.SignInAsync(await server.CreateAccountAsync(Roles.CrisisMember));
        var scenarios = await member.GetOkAsync("/api/v1/scenarios?limit=1");
        var body = new JsonObject { ["scenarioId"] = scenarios.Items[0]!["id"]!.GetValue<string>(), ["public"] = new JsonObject() };
        (await member.AskAsync(HttpMethod.Post, "/api/v1/alerts", body)).MustBeRefused(403, "public-by-director");
    }

    [Fact]
    public async Task An_exercise_is_not_shown_unless_that_is_decided_and_then_as_one()
    {
        await PublishAsync(Draft("Simulation de crue", "Simulated flood"), "exercise");
        await RaiseAsync("Exercice d'évacuation", isPublic: true, "exercise");
        await PublishAsync(Draft("Vrai message", "Real message"));
        Assert.DoesNotContain("Simulation", await PageAsync("fr.html", "Vrai message"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Anonymous.GetAsync("/public/cap/1-1.xml", Cancellation)).StatusCode);
        var settings = Settings();
        settings["showExercises"] = true;
        (await author.AskAsync(HttpMethod.Put, "/api/v1/public-page", settings)).MustBe(200);
        var page = await PageAsync("fr.html", "Simulation de crue");
        Assert.Equal(2, page.Split("class=\"exercise\"><strong>EXERCICE</strong>").Length - 1);
        Assert.Equal("Exercise", CapRules.Text(CapRules.Check(await server.Anonymous.GetByteArrayAsync("/public/cap/1-1.xml", Cancellation)), "status"));
        Assert.Equal(2, AtomRules.Check(await server.Anonymous.GetByteArrayAsync("/public/feed.fr.xml", Cancellation)).Count(entry => entry.Element(AtomRules.Atom + "title")!.Value.StartsWith("EXERCICE - ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_page_leads_nowhere_and_is_given_nothing()
    {
        await PublishAsync(Draft("Message", "Message"));
        await PageAsync("fr.html", "Message");
        using var answer = await first.GetAsync("/public/", Cancellation);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        var policy = string.Join(' ', answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        var page = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page.Replace("http-equiv", "", StringComparison.Ordinal), StringComparison.Ordinal);
        foreach (var path in (string[])["..%2f..%2ftocsin.db", "cap%2f..%2ffr.html", "..%5cfr.html", "nothing.html", "cap/"])
            Assert.NotEqual(HttpStatusCode.OK, (await server.Anonymous.GetAsync("/public/" + path, Cancellation)).StatusCode);
        Assert.Equal("/public/", (await server.Anonymous.GetAsync("/public", Cancellation)).Headers.Location?.ToString());
    }

    [Fact]
    public async Task A_server_that_does_not_serve_it_has_no_such_path()
    {
        await using var closed = await ServerUnderTest.StartAsync();
        Assert.NotEqual(HttpStatusCode.OK, (await closed.Anonymous.GetAsync("/public/", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task The_page_stays_below_fifty_kilobytes_however_much_is_published()
    {
        for (var i = 0; i < 8; i++)
        {
            var draft = Draft($"Long {i}", $"Long {i}");
            draft["body"]!["fr"] = string.Concat(Enumerable.Repeat("é&<> ", 800));
            await PublishAsync(draft);
        }

        var page = await PageAsync("fr.html", "Long 7");
        Assert.InRange(Encoding.UTF8.GetByteCount(page), 10_000, PublicPageHtml.MaximumBytes);
        Assert.Contains("plus anciens", page, StringComparison.Ordinal);
        Assert.Equal(8, AtomRules.Check(await server.Anonymous.GetByteArrayAsync("/public/feed.fr.xml", Cancellation)).Count);
    }

    [Fact]
    public async Task Its_files_lie_in_the_directory_and_in_the_archive_and_what_is_not_ours_stays()
    {
        System.IO.Directory.CreateDirectory(Path.Combine(directory, "cap"));
        await File.WriteAllTextAsync(Path.Combine(directory, "robots.txt"), "ours not", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(directory, "cap", "99-1.xml"), "old", Cancellation);
        await RaiseAsync("Crue", isPublic: true);
        await PublishAsync(Draft("Au fichier", "In the file"));

        // The last in order: the others are written by then, and nothing is under way.
        await Eventually.HoldsAsync(() => File.Exists(Path.Combine(directory, "index.html")) && File.ReadAllText(Path.Combine(directory, "index.html")).Contains("Au fichier", StringComparison.Ordinal), "the files have it");
        await Eventually.HoldsAsync(() => !File.Exists(Path.Combine(directory, "cap", "99-1.xml")), "what is gone is gone");
        Assert.True(File.Exists(Path.Combine(directory, "robots.txt")));
        Assert.Empty(System.IO.Directory.EnumerateFiles(directory, "*.partial", SearchOption.AllDirectories));
        using var archive = new ZipArchive(await first.GetStreamAsync("/api/v1/public-page/export.zip", Cancellation));
        Assert.Equal(["cap/1-1.xml", "en.html", "feed.en.xml", "feed.fr.xml", "fr.html", "index.html"], archive.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal));
        using var reader = new StreamReader(archive.GetEntry("fr.html")!.Open());
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(directory, "fr.html"), Cancellation), await reader.ReadToEndAsync(Cancellation));
    }

    private static JsonObject Draft(string title, string english) => new()
    {
        ["title"] = new JsonObject { ["fr"] = title, ["en"] = english },
        ["body"] = new JsonObject { ["fr"] = "Corps.", ["en"] = "Body." },
        ["toPublic"] = true,
    };

    private static JsonObject Settings() => new()
    {
        ["status"] = "crisis",
        ["contacts"] = new JsonArray(new JsonObject { ["name"] = new JsonObject { ["fr"] = "Familles", ["en"] = "Families" }, ["number"] = "+33 1 23 45 67 89" }),
        ["whatToDo"] = new JsonObject { ["fr"] = "Ne venez pas à l'hôpital.", ["en"] = "Do not come." },
    };

    private static JsonObject Words(string title) => new()
    {
        ["title"] = new JsonObject { ["fr"] = title },
        ["body"] = new JsonObject { ["fr"] = "Fermez les fenêtres." },
    };

    private async Task PublishAsync(JsonObject draft, string mode = "real")
    {
        var id = (await author.AskAsync(HttpMethod.Post, "/api/v1/bulletins", new JsonObject { ["draft"] = draft, ["mode"] = mode })).MustBe(200).Text("id");
        foreach (var approver in (HttpClient[])[first, second]) (await approver.AskAsync(HttpMethod.Post, $"/api/v1/bulletins/{id}/approvals", new { version = 1 })).MustBe(200);
        (await author.AskAsync(HttpMethod.Post, $"/api/v1/bulletins/{id}/publication", new { version = 1 })).MustBe(200);
    }

    private async Task<string> RaiseAsync(string title, bool isPublic, string mode = "real")
    {
        var somebody = await server.CreateAccountAsync(Roles.Staff);
        var body = new JsonObject
        {
            ["severity"] = "extreme",
            ["mode"] = mode,
            ["title"] = new JsonObject { ["fr"] = title },
            ["body"] = new JsonObject { ["fr"] = "Fermez les portes." },
            ["audience"] = new JsonObject { ["include"] = new JsonObject { ["people"] = new JsonArray(somebody.Account.PersonId.ToString()) } },
        };
        if (isPublic)
        {
            body["public"] = new JsonObject
            {
                ["category"] = "health",
                ["certainty"] = "likely",
                ["area"] = new JsonObject { ["fr"] = "Vallée de la Trève" },
                ["instruction"] = new JsonObject { ["fr"] = "Restez chez vous." },
            };
        }

        return (await first.AskAsync(HttpMethod.Post, "/api/v1/alerts", body)).MustBe(200).Text("id")!;
    }

    /// <summary>The page once it holds <paramref name="awaited"/>: it follows the event stream.</summary>
    private async Task<string> PageAsync(string name, string awaited)
    {
        var page = "";
        await Eventually.HoldsAsync(
            async () =>
            {
                page = await server.Anonymous.GetStringAsync("/public/" + name, Cancellation);
                return page.Contains(awaited, StringComparison.Ordinal);
            },
            $"the page holds {awaited}");
        return page;
    }

    /// <summary>Who asks first waits until let go.</summary>
    private sealed class HeldContexts(IDbContextFactory<TocsinDbContext> inner) : IDbContextFactory<TocsinDbContext>
    {
        private readonly TaskCompletionSource letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int asked;

        public void LetGo() => letGo.SetResult();

        public TocsinDbContext CreateDbContext() => inner.CreateDbContext();

        public async Task<TocsinDbContext> CreateDbContextAsync(CancellationToken cancellationToken = default)
        {
            if (Interlocked.Increment(ref asked) == 1) await letGo.Task.WaitAsync(cancellationToken);
            return await inner.CreateDbContextAsync(cancellationToken);
        }
    }
}
