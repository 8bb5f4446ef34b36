using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Tocsin.Server.Features.Demonstration;
using Tocsin.Storage.Model;
using Tocsin.Testing;
using Tocsin.Testing.Browsers;
using static Microsoft.Playwright.Assertions;

namespace Tocsin.Server.Tests.Rehearsal;

/// <summary>The main jobs by somebody who has no mouse, or whose hand shakes: keys only, the focus seen at every stop.</summary>
public sealed partial class KeyboardOnlyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_alert_and_the_pages_around_it_are_worked_with_keys_only()
    {
        await using var server = await ServerUnderTest.StartAsync(configure: options =>
        {
            options.Demo = true;
            options.WebRoot = Path.Combine(Repository.Root, "web", "dist");
        });
        var ways = (await server.Services.GetRequiredService<DemonstrationStart>().PrepareAsync(Cancellation))!;
        var way = ways.First(one => one.Person.Key == "claire.morel");
        await server.Store.CommitAsync(
            (transaction, token) => transaction.Db.Users.Where(account => account.UserName == way.Person.Key)
                .ExecuteUpdateAsync(set => set.SetProperty(account => account.Roles, Roles.Administrator | Roles.CrisisDirector | Roles.Staff), token),
            Cancellation);
        await using var chromium = await Chromium.StartAsync();
        var context = await chromium.NewPersonAsync();
        var page = await context.NewPageAsync();
        await page.SetViewportSizeAsync(1280, 800);
        var keys = new KeyboardWalk(page);

        await page.GotoAsync(new Uri(server.Address, $"/sign-in#card={way.Person.Key}&code={way.Code}").ToString());
        await Expect(page.GetByLabel("Code de la carte")).ToBeVisibleAsync();
        await keys.AroundAsync();
        await keys.ToAsync("Code de la carte");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("Aucune alerte en cours.")).ToBeVisibleAsync();
        await keys.AroundAsync();

        await RaiseAsync(page, keys);
        await ResendAsync(page, keys);
        await AnswerAsync(page, keys);
        await AddPersonAsync(page, keys);
        await SeeDutyAsync(page, keys);
        await ChangeSettingsAsync(page, keys);
        await keys.PressAsync("Moi");
        await keys.PressAsync("Se déconnecter");
        await keys.PressAsync("Me déconnecter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Se connecter" })).ToBeVisibleAsync();
    }

    private static async Task RaiseAsync(IPage page, KeyboardWalk keys)
    {
        await keys.PressAsync("Lancer une alerte");
        await Expect(page.GetByText("Incendie").First).ToBeVisibleAsync();
        await keys.PressAsync("Incendie");
        await keys.TypeAsync("Lieu à évacuer", "le bâtiment B");
        await keys.TypeAsync("Où se rassembler", "le parking nord");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Alerter 300 personnes" })).ToBeEnabledAsync();
        await keys.AroundAsync();

        // Let go too early, it says so and raises nothing.
        await keys.ToAsync("Alerter 300 personnes");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("Encore un peu")).ToBeVisibleAsync();
        Assert.DoesNotMatch(BoardAddress(), page.Url);
        await keys.HoldAsync("Alerter 300 personnes", "Enter");
        await page.WaitForURLAsync(address => BoardAddress().IsMatch(address));
    }

    private static async Task ResendAsync(IPage page, KeyboardWalk keys)
    {
        await Expect(page.GetByRole(AriaRole.List, new() { Name = "Personnes" }).GetByRole(AriaRole.Button).First).ToBeVisibleAsync();
        await keys.AroundAsync();
        await keys.TypeAsync("Rechercher une personne", "girard thomas");
        await Expect(page.GetByRole(AriaRole.List, new() { Name = "Personnes" }).GetByRole(AriaRole.Button)).ToHaveCountAsync(1);
        await keys.OpenAsync("Thomas Girard");
        await keys.ThroughDialogAsync();
        await keys.OpenAsync("Thomas Girard");
        await keys.PressAsync("Renvoyer");
        await Expect(page.Locator("dialog[open]").GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("Escape");
    }

    private static async Task AnswerAsync(IPage page, KeyboardWalk keys)
    {
        var own = page.GetByRole(AriaRole.Region, new() { Name = "Vous êtes aussi alerté" });
        await Expect(own).ToBeVisibleAsync();
        await keys.PressAsync("Je suis en sécurité");
        await Expect(own.GetByText("Votre réponse : Je suis en sécurité")).ToBeVisibleAsync();
    }

    private static async Task AddPersonAsync(IPage page, KeyboardWalk keys)
    {
        await keys.PressAsync("Annuaire");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Annuaire" })).ToBeVisibleAsync();
        await Expect(page.Locator("main .skeleton")).ToHaveCountAsync(0);
        await keys.AroundAsync();
        await keys.PressAsync("Ajouter une personne");
        await keys.TypeAsync("Prénom", "Élodie");
        await keys.TypeAsync("Nom", "Le Goff");
        await keys.AroundAsync();
        await keys.PressAsync("Enregistrer");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Élodie Le Goff" })).ToBeVisibleAsync();
    }

    private static async Task SeeDutyAsync(IPage page, KeyboardWalk keys)
    {
        await keys.PressAsync("Astreintes");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Astreintes" })).ToBeVisibleAsync();
        await keys.PressAsync("Astreinte de direction");
        await Expect(page.Locator("main li.today button").First).ToBeVisibleAsync();
        var name = (await page.Locator("main li.today button strong").First.TextContentAsync())!;
        await keys.OpenAsync(name);
        await keys.ThroughDialogAsync();
    }

    private static async Task ChangeSettingsAsync(IPage page, KeyboardWalk keys)
    {
        await keys.PressAsync("Réglages");
        await Expect(page.GetByLabel("Fuseau horaire")).ToBeVisibleAsync();
        await keys.AroundAsync();
        await keys.TypeAsync("Fuseau horaire", "Indian/Reunion");
        await keys.PressAsync("Enregistrer");
        await Expect(page.GetByText("C’est enregistré.")).ToBeVisibleAsync();
    }

    [GeneratedRegex("/alerts/[0-9a-f-]{36}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BoardAddress();
}
