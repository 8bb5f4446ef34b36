using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Tocsin.Alerting.Plans;
using Tocsin.Rehearsal;
using Tocsin.Storage;
using Tocsin.Testing;
using Tocsin.Testing.Browsers;

namespace Tocsin.Scenarios.Published;

/// <summary>What only a browser can ask of the published program: it must miss nothing for passkeys and notifications either, whose code no other scenario comes by.</summary>
public sealed partial class PublishedBrowserTests
{
    private const float BrowserLimit = 60_000;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_administrator_makes_a_passkey_and_signs_in_with_it()
    {
        using var data = new ScratchDirectory();
        await using var server = ServerProcess.Prepare(data, null, new Dictionary<string, object>(StringComparer.Ordinal), PublishedProgram.Executable, PublishedProgram.WebRoot);
        await server.StartAsync();
        await server.ListensAsync();
        await Eventually.HoldsWithinAsync(Limit, () => Task.FromResult(SetupLink().IsMatch(server.Output)), () => $"No link to set it up:\n{server.Output}");
        var link = new Uri(SetupLink().Match(server.Output).Value);
        await using var chromium = await Chromium.StartWholeAsync();
        var page = await (await chromium.NewPersonAsync()).NewPageAsync();
        page.SetDefaultTimeout(BrowserLimit);
        var authenticator = await VirtualAuthenticator.PlugIntoAsync(page);

        await page.GotoAsync(link.ToString());
        foreach (var (field, value) in new[] { ("organization", "CHU de Valmont"), ("given-name", "Ada"), ("family-name", "Lovelace"), ("username", "ada") })
            await page.Locator($"input[autocomplete={field}]").FillAsync(value);
        await page.GetByRole(AriaRole.Button, new() { Name = "Créer une clé d’accès" }).ClickAsync();
        await page.GetByText("Aucune alerte en cours.").WaitForAsync();
        Assert.Single(await authenticator.CredentialsAsync());

        Assert.Equal(204, await page.EvaluateAsync<int>("async () => (await fetch('/api/v1/session', { method: 'DELETE' })).status"));
        await page.GotoAsync(new Uri(link, "/sign-in").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Se connecter avec une clé d’accès" }).ClickAsync();
        await page.GetByText("Aucune alerte en cours.").WaitForAsync();
        Assert.Equal("passkey", await page.EvaluateAsync<string>("async () => (await (await fetch('/api/v1/session')).json()).method"));
    }

    [Fact]
    public async Task An_alert_reaches_the_service_worker_of_a_browser_that_subscribed()
    {
        using var data = new ScratchDirectory();
        await using var organisation = await Organisation.CreateAsync(DatabaseOptions.SqliteFile(data.File("tocsin.db")), 2, _ => ContactPointKind.Email, Cancellation);
        var port = LoopbackPort.Free();
        var notifications = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["webPush"] = new { allowedPushOrigins = new[] { string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}") }, allowLoopbackHttp = true, subject = "mailto:astreinte@chu.example" },
        };
        await using var server = ServerProcess.Prepare(data, null, notifications, PublishedProgram.Executable, PublishedProgram.WebRoot);
        await server.StartAsync();
        await server.ListensAsync();
        await server.IsReadyAsync();
        using var director = AlertCall.Browser(server, organisation);
        var key = await director.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/push/key", UriKind.Relative), Cancellation);
        var certificate = new TestCertificate(data, "gateway");
        await using var browser = Laboratory.Start(
            "push/browser.js", "--certificate", certificate.CertificateFile, "--key", certificate.KeyFile,
            "--application-server-key", key.GetProperty("publicKey").GetString()!, "--service-port", port.ToString(CultureInfo.InvariantCulture));
        var ready = JsonElement.Parse((await browser.WaitForLineAsync("^\\{\"ready\":true.*$", Limit)).Value);

        using var subscribed = await director.PostAsJsonAsync(
            new Uri("/api/v1/me/push-subscriptions", UriKind.Relative), new { subscription = ready.GetProperty("subscription"), device = "Téléphone" }, Cancellation);
        Assert.True(subscribed.IsSuccessStatusCode, await subscribed.Content.ReadAsStringAsync(Cancellation));
        await AlertCall.RaiseAsync(director, AlertCall.Only(organisation.People.Take(1)), Cancellation, channels: ["web-push"]);

        var pushed = JsonElement.Parse((await browser.WaitForLineAsync("^\\{\"pushed\":.*Incendie.*$", Limit)).Value).GetProperty("pushed");
        Assert.Contains("Évacuez par l'escalier", JsonElement.Parse(pushed.GetProperty("text").GetString()!).GetProperty("body").GetString(), StringComparison.Ordinal);
        Assert.Contains(pushed.GetProperty("notifications").EnumerateArray(), title => title.GetString()!.Contains("Incendie", StringComparison.Ordinal));
        browser.CloseInput();
        await browser.WaitForExitAsync();
    }

    [GeneratedRegex(@"http://localhost:\S+/setup#\S+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SetupLink();
}
