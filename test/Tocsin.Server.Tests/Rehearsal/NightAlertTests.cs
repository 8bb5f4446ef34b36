using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Features.Accounts.Setup;
using Tocsin.Server.Features.Demonstration;
using Tocsin.Storage;
using Tocsin.Storage.Directory;
using Tocsin.Testing;
using Tocsin.Testing.Browsers;
using static Microsoft.Playwright.Assertions;

namespace Tocsin.Server.Tests.Rehearsal;

/// <summary>The main job from end to end: real browsers, French, phone width; the SMS and mail go through servers that speak the protocols.</summary>
public sealed partial class NightAlertTests
{
    private const int People = 300;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_director_raises_an_alert_people_answer_by_SMS_link_and_application_and_hear_that_it_is_over()
    {
        await using var lab = await CarrierLabProcess.StartAsync();
        await using var server = await ServerUnderTest.StartAsync(configure: options =>
        {
            lab.Configure(options);
            options.WebRoot = Path.Combine(Repository.Root, "web", "dist");
        });
        var ways = (await server.Services.GetRequiredService<DemonstrationStart>().PrepareAsync(Cancellation))!;
        await using var chromium = await Chromium.StartAsync();

        var director = await PhoneAsync(chromium);
        await SignInWithPasskeyAsync(director, server);
        await RaiseFireAsync(director);
        await ExpectSentenceAsync(director, $"0 personne sur {People} a répondu.");

        // She is among those alerted: the board stays hers, and asks for her answer beside the others'.
        await AnswerOnBoardAsync(director);

        // SMS reach all who have a mobile; the others get mail, or are shown as out of reach.
        await Eventually.HoldsAsync(async () => (await lab.MessagesAsync("sms")).Count >= 290, "the SMS have arrived");
        await Eventually.HoldsAsync(async () => (await lab.MessagesAsync("mail")).Count >= 280, "the mails have arrived");
        var (bySms, byLink) = await TwoMessagesAsync(server, lab);
        await lab.ReplyAsync(bySms, "1");
        await AnswerByLinkAsync(chromium, Link().Match(byLink.GetProperty("text").GetString()!).Value);
        await AnswerInApplicationAsync(chromium, server, ways.First(way => way.Person.Key == "thomas.girard"));

        // Nobody reloads: the board counts as they answer.
        await ExpectSentenceAsync(director, $"4 personnes sur {People} ont répondu.");
        await Expect(director.GetByText("1 personne a besoin d’aide").First).ToBeVisibleAsync();

        await EndAsync(director);
        var number = bySms.GetProperty("to").GetString()!;
        await Eventually.HoldsAsync(
            async () => (await lab.MessagesAsync("sms", number)).Any(m => m.GetProperty("text").GetString()!.Contains("FIN D'ALERTE", StringComparison.OrdinalIgnoreCase)),
            "the all-clear has arrived where the alert had");
    }

    /// <summary>SMS to two different people, neither of whom answers in another way too: those who sign in here have accounts.</summary>
    private static async Task<(JsonElement First, JsonElement Second)> TwoMessagesAsync(ServerUnderTest server, CarrierLabProcess lab)
    {
        await using var db = await server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);
        var owners = await db.Set<StoredContactPoint>()
            .Where(point => point.Kind == ContactPointKind.Mobile && !db.Users.Any(account => account.PersonId == point.PersonId))
            .ToDictionaryAsync(point => point.Address, point => point.PersonId, Cancellation);
        var messages = (await lab.MessagesAsync("sms"))
            .Where(message => owners.ContainsKey(message.GetProperty("to").GetString()!))
            .DistinctBy(message => owners[message.GetProperty("to").GetString()!])
            .Take(2)
            .ToList();
        return (messages[0], messages[1]);
    }

    private static async Task<IPage> PhoneAsync(Chromium chromium)
    {
        var context = await chromium.NewPersonAsync();
        var page = await context.NewPageAsync();
        await page.SetViewportSizeAsync(390, 844);
        return page;
    }

    private static async Task SignInWithPasskeyAsync(IPage page, ServerUnderTest server)
    {
        await VirtualAuthenticator.PlugIntoAsync(page);
        var link = await server.Store.CommitAsync(
            async (transaction, token) =>
            {
                var account = await transaction.Db.Users.FirstAsync(a => a.UserName == "claire.morel", token);
                return await server.Services.GetRequiredService<SetupLinks>().IssueAsync(transaction, account.Id, "system", token);
            },
            Cancellation);
        await page.GotoAsync(link.Address.ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Créer une clé d’accès" }).ClickAsync();
        await Expect(page.GetByText("Aucune alerte en cours.")).ToBeVisibleAsync();
    }

    /// <summary>Two taps and a press held for a second.</summary>
    private static async Task RaiseFireAsync(IPage page)
    {
        await page.GetByText("Lancer une alerte").First.ClickAsync();
        await page.GetByText("Incendie").First.ClickAsync();
        await page.GetByLabel("Lieu à évacuer").FillAsync("le bâtiment B");
        await page.GetByLabel("Où se rassembler").FillAsync("le parking nord");
        await HoldAsync(page, $"Alerter {People} personnes");
        await page.WaitForURLAsync(address => BoardAddress().IsMatch(address));
    }

    private static async Task AnswerByLinkAsync(Chromium chromium, string link)
    {
        var page = await PhoneAsync(chromium);
        await page.GotoAsync(link);
        await page.GetByRole(AriaRole.Button, new() { Name = "J’ai besoin d’aide" }).ClickAsync();
        await Expect(page.GetByText("Merci, votre réponse est enregistrée.")).ToBeVisibleAsync();
    }

    private static async Task AnswerInApplicationAsync(Chromium chromium, ServerUnderTest server, DemonstrationSignIn way)
    {
        var page = await PhoneAsync(chromium);
        await page.GotoAsync(new Uri(server.Address, $"/sign-in#card={way.Person.Key}&code={way.Code}").ToString());
        await page.Locator("form button[type=submit]").First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Je suis en sécurité" }).Last.ClickAsync();
    }

    private static async Task AnswerOnBoardAsync(IPage page)
    {
        var own = page.GetByRole(AriaRole.Region, new() { Name = "Vous êtes aussi alerté" });
        await own.GetByRole(AriaRole.Button, new() { Name = "Je suis en sécurité" }).ClickAsync();
        await Expect(own.GetByText("Votre réponse : Je suis en sécurité")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
    }

    private static async Task EndAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Plus" }).ClickAsync();
        await page.GetByText("Fin d’alerte", new() { Exact = true }).First.ClickAsync();
        await HoldAsync(page, "Annoncer la fin d’alerte");
    }

    /// <summary>Presses until the button has taken it: it is gone, or busy.</summary>
    private static async Task HoldAsync(IPage page, string name)
    {
        var button = page.GetByRole(AriaRole.Button, new() { Name = name });
        await Expect(button).ToBeEnabledAsync();
        var address = page.Url;
        await button.HoverAsync();
        await page.Mouse.DownAsync();
        await Eventually.HoldsAsync(async () => page.Url != address || await button.CountAsync() == 0, "the button was held long enough");
        await page.Mouse.UpAsync();
    }

    private static Task ExpectSentenceAsync(IPage page, string sentence) => Expect(page.GetByText(sentence)).ToBeVisibleAsync();

    [GeneratedRegex("/alerts/[0-9a-f-]{36}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BoardAddress();

    [GeneratedRegex(@"https?://\S+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();
}
