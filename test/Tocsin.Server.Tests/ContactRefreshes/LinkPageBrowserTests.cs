using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Features.Alerts;
using Tocsin.Server.Tests.AlertsApi;
using Tocsin.Server.Tests.People;
using Tocsin.Server.Tests.Rehearsal;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Model;
using Tocsin.Testing;
using Tocsin.Testing.Browsers;

namespace Tocsin.Server.Tests.ContactRefreshes;

/// <summary>The page behind a campaign's link in a real browser, on a telephone's width: by keyboard, without a fault that axe finds, nothing wider than the screen.</summary>
public sealed class LinkPageBrowserTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("fr", ColorScheme.Light)]
    [InlineData("en", ColorScheme.Dark)]
    public async Task All_is_confirmed_by_one_key_and_a_number_is_given_on_a_telephone(string language, ColorScheme scheme)
    {
        var email = new StandInChannel(ChannelKind.Email);
        var sms = new StandInChannel(ChannelKind.Sms);
        await using var server = await ServerUnderTest.StartAsync(replace: services =>
        {
            services.AddAlertChannel(_ => email);
            services.AddAlertChannel(_ => sms);
        });
        await AddPersonAsync(server);
        var administrator = await server.AsAsync(Roles.Administrator);
        (await administrator.AskAsync(HttpMethod.Post, "/api/v1/contact-refreshes", new JsonObject
        {
            ["audience"] = new JsonObject { ["kind"] = "everyone" },
            ["until"] = DateTimeOffset.UtcNow.AddDays(10),
            ["title"] = new JsonObject { ["fr"] = "Confirmez vos coordonnées" },
            ["body"] = new JsonObject { ["fr"] = "Merci." },
        })).MustBe(201);
        await Eventually.HoldsAsync(() => email.Sent.Count == 1, "the link is sent");
        var link = new Uri(server.Address, $"{email.Sent.Single().AnswerLink!.AbsolutePath}?lang={language}");
        await using var chromium = await Chromium.StartAsync();
        var page = await BrowserSession.OpenAsync(chromium, server, null);
        await page.SetViewportSizeAsync(390, 844);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
        await page.GotoAsync(link.AbsoluteUri);
        await JudgeAsync(page, $"link-{language}");

        // What was given waits for its code.
        await page.Locator("summary").First.ClickAsync();
        await page.Locator("li input[name=address]").First.FillAsync("06 99 98 97 96");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#code").WaitForAsync();
        await JudgeAsync(page, $"code-{language}");

        var allRight = page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = language == "fr" ? "Tout est juste" : "All is right" });
        await allRight.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.GetByText(language == "fr" ? "Merci" : "Thank you", new PageGetByTextOptions { Exact = false }).First.WaitForAsync();
        await JudgeAsync(page, $"thanks-{language}");
        await page.GotoAsync(new Uri(server.Address, "/c/" + new string('A', 22)).AbsoluteUri);
        await JudgeAsync(page, $"invalid-{language}");
    }

    private static async Task JudgeAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("TOCSIN_PICTURES") is { Length: > 0 } folder) await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), "wider than the screen");
        await page.EvaluateAsync(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "web", "node_modules", "axe-core", "axe.min.js"), Cancellation));
        var faults = await page.EvaluateAsync<JsonElement>("axe.run().then(found => found.violations.map(one => one.id + ': ' + one.nodes.map(node => node.html).join(' ')))");
        Assert.Equal("[]", faults.ToString());
    }

    private static Task AddPersonAsync(ServerUnderTest server)
    {
        var now = DateTimeOffset.UtcNow;
        var person = new Person { Id = new PersonId(Guid.CreateVersion7(now)), GivenName = "Claire", FamilyName = "Morel", DisplayName = "Claire Morel", CreatedAt = now, ChangedAt = now };
        person.Refold();
        return server.Store.CommitAsync(
            (transaction, _) =>
            {
                transaction.Db.Add(person);
                foreach (var (kind, address, rank) in new[] { (ContactPointKind.Mobile, "+33639980142", 0), (ContactPointKind.Email, "claire.morel@hopital.example", 1), (ContactPointKind.Landline, "+33199001122", 2) })
                    transaction.Db.Add(new StoredContactPoint { Id = new ContactPointId(Guid.CreateVersion7(now)), PersonId = person.Id, Kind = kind, Address = address, Rank = rank, CreatedAt = now, ChangedAt = now });
                return Task.CompletedTask;
            },
            Cancellation);
    }
}
