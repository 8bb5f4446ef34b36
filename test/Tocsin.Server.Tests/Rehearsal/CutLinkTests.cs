using Microsoft.Playwright;
using Tocsin.Server.Tests.AlertsApi;
using Tocsin.Storage.Model;
using Tocsin.Testing;
using Tocsin.Testing.Browsers;
using static Microsoft.Playwright.Assertions;

namespace Tocsin.Server.Tests.Rehearsal;

/// <summary>A phone that loses its link: what was opened stays, and an answer given then leaves when the link is back.</summary>
public sealed class CutLinkTests
{
    [Fact]
    public async Task The_application_opens_without_a_link_and_an_answer_given_then_leaves_when_it_is_back()
    {
        await using var world = await AlertedServer.StartWithClientAsync();
        var account = await world.Server.CreateAccountAsync(Roles.Staff, "Durand", world.People[0].Id);
        var id = AlertedServer.IdOf(await world.RaiseAsync());
        await using var chromium = await Chromium.StartAsync();
        var page = await BrowserSession.OpenAsync(chromium, world.Server, account);
        await page.GotoAsync(world.Server.Address.ToString());
        await Expect(page.GetByText("Fuite de gaz").First).ToBeVisibleAsync();
        await page.EvaluateAsync("() => navigator.serviceWorker.ready.then(() => true)");

        await CutAsync(page);
        await Expect(page.GetByText("Hors ligne.").First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Je suis en sécurité" }).First.ClickAsync();
        await Expect(page.GetByText("1 envoi en attente.").First).ToBeVisibleAsync();

        // The tab is closed and opened again before the link is back: neither the application nor the answer is lost.
        await page.ReloadAsync();
        await Expect(page.GetByText("1 envoi en attente.").First).ToBeVisibleAsync();
        await Expect(page.GetByText("Fuite de gaz").First).ToBeVisibleAsync();
        await Expect(page.GetByText("Dernier état reçu").First).ToBeVisibleAsync();
        Assert.Empty(await AnswersAsync(world, id));

        await MendAsync(page);
        await Eventually.HoldsAsync(async () => (await AnswersAsync(world, id)).Count == 1, "the answer has left");
        await Expect(page.GetByText("1 envoi en attente.")).ToHaveCountAsync(0);
        Assert.Equal(["safe"], await AnswersAsync(world, id));
    }

    [Fact]
    public async Task The_answer_page_keeps_an_answer_until_the_network_is_back()
    {
        await using var world = await AlertedServer.StartWithClientAsync();
        var id = AlertedServer.IdOf(await world.RaiseAsync());
        var link = world.Sms.Sent.First().AnswerLink!;
        await using var chromium = await Chromium.StartAsync();
        var page = await BrowserSession.OpenAsync(chromium, world.Server, null);
        await page.GotoAsync(link.ToString());
        await page.EvaluateAsync("() => navigator.serviceWorker.ready.then(() => true)");

        // Seen once more through its worker, which keeps it.
        await page.ReloadAsync();
        await CutAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "J’ai besoin d’aide" }).ClickAsync();
        await Expect(page.GetByText("Pas de réseau").First).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Expect(page.GetByText("Fuite de gaz").First).ToBeVisibleAsync();
        Assert.Empty(await AnswersAsync(world, id));

        await MendAsync(page);
        await Expect(page.GetByText("Merci, votre réponse est enregistrée.")).ToBeVisibleAsync();
        Assert.Equal(["need-help"], await AnswersAsync(world, id));
    }

    /// <summary>No link. What the browser only pretends a page that has just been loaded can be ahead of: what a page sends is turned away as well.</summary>
    private static async Task CutAsync(IPage page)
    {
        await page.Context.RouteAsync("**/*", route => route.Request.Method == "GET" ? route.FallbackAsync() : route.AbortAsync("internetdisconnected"));
        await page.Context.SetOfflineAsync(true);
    }

    private static async Task MendAsync(IPage page)
    {
        await page.Context.UnrouteAllAsync();
        await page.Context.SetOfflineAsync(false);
    }

    /// <summary>The answers that the server has, in no order.</summary>
    private static async Task<IReadOnlyList<string>> AnswersAsync(AlertedServer world, string id) =>
        [.. (await world.RecipientsAsync(id)).Select(recipient => recipient!["answer"]?.GetValue<string>()).OfType<string>()];
}
