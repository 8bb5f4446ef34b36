using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Tocsin.Server.Features.Demonstration;
using Tocsin.Storage.ContactRefreshes;
using Tocsin.Storage.Model;
using Tocsin.Testing;
using Tocsin.Testing.Browsers;

namespace Tocsin.Server.Tests.Rehearsal;

/// <summary>Every page of the web client before the real server: each opens, is refused nothing, and asks no host but its own.</summary>
public sealed partial class EveryPageTests
{
    private const Roles Everything = Roles.Administrator | Roles.CrisisDirector | Roles.CrisisMember | Roles.Communicator | Roles.Auditor | Roles.Staff;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_page_opens_and_asks_no_other_host()
    {
        await using var server = await ServerUnderTest.StartAsync(configure: options =>
        {
            options.Demo = true;
            options.WebRoot = Path.Combine(Repository.Root, "web", "dist");
        });
        await server.Services.GetRequiredService<DemonstrationStart>().PrepareAsync(Cancellation);
        var account = await server.CreateAccountAsync(Everything);
        await ProduceAsync(await server.SignInAsync(account));
        await KeepPastCampaignAsync(server);
        await using var chromium = await Chromium.StartAsync();
        var page = await BrowserSession.OpenAsync(chromium, server, account);
        await OpenCrisisAsync(page, server.Address);
        await BeginLibraryAsync(page, server.Address);
        await RunExerciseAsync(page, server.Address);
        var faults = WatchFaults(page, server.Address);

        var visited = await VisitAsync(page, server.Address);
        Assert.Empty(faults);

        // A page that no link leads to would be missing from the walk.
        var routes = Route().Matches(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "web", "src", "app", "routing", "routes.ts"), Cancellation)).Select(match => match.Groups["pattern"].Value).ToList();
        Assert.NotEmpty(routes);
        Assert.All(routes, route => Assert.Contains(visited, path => PatternOf(route).IsMatch(path)));
    }

    [Fact]
    public async Task The_pages_of_somebody_not_signed_in_ask_no_other_host()
    {
        await using var server = await ServerUnderTest.StartAsync(configure: options => options.WebRoot = Path.Combine(Repository.Root, "web", "dist"));
        await using var chromium = await Chromium.StartAsync();
        foreach (var path in (string[])["/", "/sign-in", "/setup#token", "/sign-in#card=claire.morel"])
        {
            var page = await BrowserSession.OpenAsync(chromium, server, null);
            var faults = WatchFaults(page, server.Address);
            await OpenAsync(page, new Uri(server.Address, path));

            // Who is not signed in is told so, and a link that is not whole is refused.
            Assert.DoesNotContain(faults, fault => !fault.StartsWith("401 ", StringComparison.Ordinal) && !fault.StartsWith("403 ", StringComparison.Ordinal));
        }
    }

    /// <summary>No carrier is set up here: nobody could be told, so none can be started.</summary>
    private static Task KeepPastCampaignAsync(ServerUnderTest server) => server.Store.CommitAsync(
        (transaction, _) =>
        {
            var (id, now) = (new ContactRefreshId(Guid.CreateVersion7(transaction.Now)), transaction.Now);
            transaction.Db.Add(new ContactRefresh { Id = id, Number = 1, TitleFr = "Vos coordonnées", BodyFr = "Merci.", StartedByName = "Claire Morel", StartedAt = now, Until = now, EndedAt = now });
            return Task.CompletedTask;
        },
        Cancellation);

    /// <summary>An alert, a meeting and an import, so that their pages have something to show.</summary>
    private static async Task ProduceAsync(HttpClient client)
    {
        var everyone = (await client.GetJsonAsync("/api/v1/groups"))["items"]![0]!["id"]!.GetValue<string>();
        var raised = await client.PostJsonAsync("/api/v1/alerts", new System.Text.Json.Nodes.JsonObject
        {
            ["severity"] = "severe",
            ["mode"] = "exercise",
            ["title"] = new System.Text.Json.Nodes.JsonObject { ["fr"] = "Panne de courant" },
            ["body"] = new System.Text.Json.Nodes.JsonObject { ["fr"] = "Passez sur groupe électrogène." },
            ["audience"] = new System.Text.Json.Nodes.JsonObject { ["include"] = new System.Text.Json.Nodes.JsonObject { ["groups"] = new System.Text.Json.Nodes.JsonArray(everyone) } },
        });
        Assert.NotNull(raised);
        await client.PostJsonAsync("/api/v1/meetings", new System.Text.Json.Nodes.JsonObject { ["title"] = "Cellule de crise" });
        await client.PostJsonAsync("/api/v1/bulletins", new System.Text.Json.Nodes.JsonObject
        {
            ["draft"] = new System.Text.Json.Nodes.JsonObject
            {
                ["title"] = new System.Text.Json.Nodes.JsonObject { ["fr"] = "Réseau coupé" },
                ["body"] = new System.Text.Json.Nodes.JsonObject { ["fr"] = "Travaillez sur papier." },
                ["toStaff"] = true,
            },
        });
        using var csv = new StringContent("id;nom;prénom;mobile\n1;Martin;Élodie;06 39 98 00 01\n", Encoding.UTF8, "text/csv");
        using var import = await client.PostAsync(new Uri("/api/v1/imports", UriKind.Relative), csv, Cancellation);
        Assert.True(import.IsSuccessStatusCode, await import.Content.ReadAsStringAsync(Cancellation));
    }

    /// <summary>A crisis with its cells, which have logs and tasks. Only a device can open one. Of each room it asks first whether it is there, and is told that it is not.</summary>
    private static async Task OpenCrisisAsync(IPage page, Uri start)
    {
        await OpenAsync(page, new Uri(start, "/crises/new"));
        await page.GetByLabel("Nom de la crise").FillAsync("Panne de courant");
        await page.GetByText("Exercice", new() { Exact = true }).ClickAsync();
        var open = page.GetByRole(AriaRole.Button, new() { Name = "Ouvrir la crise" });

        // As with a switch, which cannot hold a button down.
        await open.DispatchEventAsync("click", new { detail = 0 });
        await page.GetByText("Confirmez-vous").WaitForAsync();
        await open.ClickAsync();
        await page.WaitForURLAsync("**/crises/*-*");
        await PublishReportAsync(page, page.Url);
    }

    /// <summary>A situation report: by the only person of the crisis, whom nobody could approve.</summary>
    private static async Task PublishReportAsync(IPage page, string crisis)
    {
        await OpenAsync(page, new Uri($"{crisis}/situation"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Préparer le prochain point" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Commencer le point" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Soumettre à l’approbation" }).ClickAsync();
        var publish = page.GetByRole(AriaRole.Button, new() { Name = "Publier pour 1 personne" });
        await publish.DispatchEventAsync("click", new { detail = 0 });
        await page.GetByText("Confirmez-vous").WaitForAsync();
        await publish.ClickAsync();
        await page.WaitForURLAsync("**/situation/1");
    }

    /// <summary>Plans and action cards, which a device keeps as well.</summary>
    private static async Task BeginLibraryAsync(IPage page, Uri start)
    {
        await OpenAsync(page, new Uri(start, "/plans"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Commencer une bibliothèque" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Commencer la bibliothèque" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Rançongiciel" }).First.WaitForAsync();
    }

    /// <summary>An exercise under way, whose first inject the crisis has received.</summary>
    private static async Task RunExerciseAsync(IPage page, Uri start)
    {
        await OpenAsync(page, new Uri(start, "/exercises"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Ouvrir une salle d’animation" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Ouvrir la salle" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Rançongiciel" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Préparer cet exercice" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Aller au poste d’animation" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Commencer l’exercice" }).ClickAsync();
        await page.GetByText("Remis aux joueurs", new() { Exact = true }).WaitForAsync();
    }

    /// <summary>Follows every link of the client; one page of each kind.</summary>
    /// <returns>The paths that were opened.</returns>
    private static async Task<List<string>> VisitAsync(IPage page, Uri start)
    {
        var known = new HashSet<string>();
        var visited = new List<string>();

        // Tabs are buttons: no link leads to them.
        var open = new Queue<Uri>(((string[])["/", "/settings?tab=channels", "/settings?tab=accounts", "/settings?tab=tokens", "/directory?tab=groups", "/directory?tab=sites", "/directory?tab=functions", "/bulletins?view=desk"]).Select(path => new Uri(start, path)));
        while (open.TryDequeue(out var next))
        {
            if (!known.Add(KindOf(next))) continue;
            await OpenAsync(page, next);
            visited.Add(next.AbsolutePath);
            var links = await page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('a[href]')].map((link) => link.href)");
            foreach (var link in links.Select(link => new Uri(link)).Where(link => IsOwnPage(link, start))) open.Enqueue(link);
        }

        return visited;
    }

    private static async Task OpenAsync(IPage page, Uri address)
    {
        await page.GotoAsync(address.ToString());
        try
        {
            await page.Locator("main h1").First.WaitForAsync();
            await page.WaitForFunctionAsync("() => !document.querySelector('.skeleton')");
        }
        catch (Exception exception) when (exception is TimeoutException or PlaywrightException)
        {
            Assert.Fail($"{address.PathAndQuery} does not come to rest: {exception.Message}");
        }
    }

    private static bool IsOwnPage(Uri link, Uri own) =>
        link.Authority == own.Authority && !link.AbsolutePath.StartsWith("/api/", StringComparison.Ordinal) && !link.AbsolutePath.StartsWith("/a/", StringComparison.Ordinal);

    private static string KindOf(Uri address) => Identifier().Replace(address.PathAndQuery, ":id");

    /// <summary>The browser's events come on threads of their own, also while the faults are looked at.</summary>
    private static ConcurrentQueue<string> WatchFaults(IPage page, Uri own)
    {
        var faults = new ConcurrentQueue<string>();
        page.PageError += (_, error) => faults.Enqueue($"error on {page.Url}: {error}");
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)) faults.Enqueue($"console on {page.Url}: {message.Text}");
        };
        page.Request += (_, request) =>
        {
            var asked = new Uri(request.Url);
            if (asked.Scheme is not ("data" or "blob") && asked.Authority != own.Authority) faults.Enqueue($"another host was asked on {page.Url}: {asked.Authority}");
        };
        page.Response += (_, response) =>
        {
            if (response.Status >= 400) faults.Enqueue($"{response.Status} on {page.Url}: {response.Request.Method} {new Uri(response.Url).AbsolutePath}");
        };
        return faults;
    }

    private static Regex PatternOf(string route) => new($"^{Parameter().Replace(route, "[^/]+")}$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    [GeneratedRegex("pattern: '(?<pattern>[^']+)'", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Route();

    [GeneratedRegex(":[a-z]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Parameter();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f-]{27}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Identifier();
}
