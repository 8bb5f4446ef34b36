using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Tocsin.Alerting;
using Tocsin.Alerting.Audience;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Features.Demonstration;
using Tocsin.Storage;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Model;
using Tocsin.Testing;
using Tocsin.Testing.Browsers;
using static Microsoft.Playwright.Assertions;

namespace Tocsin.Server.Tests.Rehearsal;

/// <summary>What people do with the carrier lab's page of phones beside the product, in two windows of a browser.</summary>
public sealed partial class PhonePageTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Staff_verify_a_number_by_the_code_on_their_phone_and_answer_an_alert_by_replying_to_its_mail()
    {
        var inbox = $"127.0.0.1:{LoopbackPort.Free()}";
        await using var lab = await CarrierLabProcess.StartAsync(inbox);
        await using var server = await ServerUnderTest.StartAsync(configure: options =>
        {
            lab.Configure(options);
            options.Email.ReplyAddress = "reponse@ch-valmont.example";
            options.MailInbox.Listen = inbox;
            options.WebRoot = Path.Combine(Repository.Root, "web", "dist");
        });
        var ways = (await server.Services.GetRequiredService<DemonstrationStart>().PrepareAsync(Cancellation))!;
        var way = ways.First(one => one.Person.Key == "thomas.girard");
        await using var chromium = await Chromium.StartAsync();
        var person = await BrowserSession.OpenAsync(chromium, server, null);
        await person.GotoAsync(new Uri(server.Address, $"/sign-in#card={way.Person.Key}&code={way.Code}").ToString());
        await person.Locator("form button[type=submit]").First.ClickAsync();
        await Expect(person.GetByText("Aucune alerte en cours.")).ToBeVisibleAsync();
        var phones = await (await chromium.NewPersonAsync()).NewPageAsync();
        await phones.GotoAsync(lab.Page);

        await AddNumberAsync(person, new Uri(server.Address, "/me"), "06 99 88 77 66");
        var code = await ReadCodeAsync(phones, "+33699887766");
        await person.GetByLabel("Code reçu").FillAsync(code);
        await person.GetByRole(AriaRole.Button, new() { Name = "Vérifier le code" }).ClickAsync();
        await Expect(NumberOf(person).GetByText("Vérifié")).ToBeVisibleAsync();

        var alert = await RaiseByMailAsync(server, way.Person.Key);
        await ReplyByMailAsync(phones, "Thomas Girard", "1");
        await AnsweredAsync(server, alert);
    }

    private static async Task AddNumberAsync(IPage page, Uri me, string number)
    {
        await page.GotoAsync(me.ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Ajouter un moyen de contact" }).ClickAsync();
        await page.GetByLabel("Numéro").FillAsync(number);
        await page.GetByRole(AriaRole.Button, new() { Name = "Enregistrer" }).ClickAsync();
        await NumberOf(page).GetByRole(AriaRole.Button, new() { Name = "Vérifier" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Envoyer le code" }).ClickAsync();
    }

    private static ILocator NumberOf(IPage page) => page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "6 99 88 77 66" });

    /// <summary>A number that nobody was announced with has a phone of its own on the page.</summary>
    private static async Task<string> ReadCodeAsync(IPage phones, string number)
    {
        var message = phones.GetByRole(AriaRole.Article).Filter(new() { HasText = number }).Locator(".text").Last;
        await Expect(message).ToContainTextAsync("Saisissez-le dans Tocsin");
        return SixDigits().Match((await message.TextContentAsync())!).Value;
    }

    private static async Task<string> RaiseByMailAsync(ServerUnderTest server, string signInName)
    {
        await using var db = await server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);
        var person = await db.Users.Where(account => account.UserName == signInName).Select(account => account.PersonId).FirstAsync(Cancellation);
        var request = new JsonObject
        {
            ["severity"] = "severe",
            ["title"] = new JsonObject { ["fr"] = "Fuite de gaz" },
            ["body"] = new JsonObject { ["fr"] = "Sortez." },
            ["audience"] = ApiClient.ToJson(new AudienceExpression { Include = new AudienceSelection { People = [person] } }),
            ["plan"] = ApiClient.ToJson(new ChannelPlan { Steps = [new PlanStep { Channels = [ChannelKind.Email] }] }),
        };
        return (await (await server.AsAsync(Roles.CrisisDirector)).PostJsonAsync("/api/v1/alerts", request))["id"]!.GetValue<string>();
    }

    private static async Task ReplyByMailAsync(IPage phones, string name, string text)
    {
        var mail = phones.GetByLabel($"Répondre par courriel en tant que {name}");
        await mail.FillAsync(text);
        await phones.Locator("form").Filter(new() { Has = mail }).GetByRole(AriaRole.Button, new() { Name = "Envoyer" }).ClickAsync();
    }

    private static async Task AnsweredAsync(ServerUnderTest server, string alert)
    {
        var director = await server.AsAsync(Roles.CrisisDirector);
        JsonNode? recipient = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                recipient = (await director.GetJsonAsync($"/api/v1/alerts/{alert}/recipients"))["items"]!.AsArray().FirstOrDefault();
                return recipient?["standing"]!.GetValue<string>() == "answered";
            },
            "the reply counts");
        Assert.Equal("email", recipient!["via"]!.GetValue<string>());
    }

    [GeneratedRegex("[0-9]{6}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SixDigits();
}
