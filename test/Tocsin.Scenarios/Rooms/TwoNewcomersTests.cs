using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Tocsin.Alerting.Plans;
using Tocsin.Rehearsal;
using Tocsin.Scenarios.Published;
using Tocsin.Storage;
using Tocsin.Storage.Model;
using Tocsin.Testing;
using Tocsin.Testing.Browsers;

namespace Tocsin.Scenarios.Rooms;

/// <summary>
/// Two people who have never used it, before the real program: they make their devices safe, open a room, write, share a file and call; one loses the telephone, comes back by the emergency card and the recovery
/// code, reads what was written before and takes the lost device off the list.
/// </summary>
/// <remarks>Every step is found by the words and roles that the pages show, beginning with the first page; no address is known but the server's. It takes a minute on a quiet machine.</remarks>
public sealed class TwoNewcomersTests
{
    private const int TimeLimit = 420_000;

    private const float PatienceMilliseconds = 90_000;

    private readonly long began = Stopwatch.GetTimestamp();

    private bool isFrench;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = TimeLimit)]
    [InlineData("fr-FR", 390)]
    [InlineData("en-GB", 1440)]
    public async Task Two_who_have_never_used_it_write_share_call_and_recover_a_lost_device_by_what_the_pages_say(string language, int width)
    {
        isFrench = language.StartsWith("fr", StringComparison.Ordinal);
        using var data = new ScratchDirectory();
        await using var organisation = await Organisation.CreateAsync(DatabaseOptions.SqliteFile(data.File("tocsin.db")), 2, _ => ContactPointKind.Email, Cancellation);
        string[] cookies = [organisation.Cookie, await organisation.SignInAsync(1, Roles.Staff, Cancellation)];
        await using var server = ServerProcess.Prepare(
            data, null, new Dictionary<string, object>(StringComparer.Ordinal), PublishedProgram.IfThere, Path.Combine(Repository.Root, "web", "dist"));
        await server.StartAsync();
        await server.ListensAsync();
        await server.IsReadyAsync();
        await using var chromium = await Chromium.StartWholeAsync();
        var hers = await OpenAsync(chromium, server.Address, language, width, cookies[0]);
        var his = await OpenAsync(chromium, server.Address, language, width, cookies[1]);

        await KeepRecoveryCodeAsync(hers);
        var recoveryCode = await KeepRecoveryCodeAsync(his);
        var card = await MakeCardAsync(his);
        Tell("both have a recovery code, one an emergency card");

        var room = Say("Logistique du site nord", "Logistics of the north site");
        await BeginRoomAsync(hers, room);
        await WriteAsync(hers, Say("L’ascenseur B est arrêté", "Lift B is out of order"));
        await GoToAsync(his, Say("Salons", "Rooms"));
        await his.GetByRole(AriaRole.Link, new() { Name = room }).ClickAsync();
        await ReadsAsync(his, Say("L’ascenseur B est arrêté", "Lift B is out of order"));
        await WriteAsync(his, Say("J’arrive avec un technicien", "I am coming with a technician"));
        await ReadsAsync(hers, Say("J’arrive avec un technicien", "I am coming with a technician"));
        var plan = RandomNumberGenerator.GetBytes(1_200_000);
        await ShareAsync(hers, plan);
        Assert.Equal(plan, await DownloadAsync(his));
        Tell("they have a room, read each other and share a file");

        await CallAsync(hers, his);
        Tell("they have talked");

        // The telephone is gone, with all that the browser kept.
        await his.Context.CloseAsync();
        his = await OpenAsync(chromium, server.Address, language, width, null);
        await SignInWithCardAsync(his, card);
        await RecoverAsync(his, recoveryCode);
        Tell("signed in by the card, recovered by the code");
        await TakeLostDeviceOffAsync(his);
        await GoToAsync(his, Say("Salons", "Rooms"));
        await his.GetByRole(AriaRole.Link, new() { Name = room }).ClickAsync();
        await ReadsAsync(his, Say("L’ascenseur B est arrêté", "Lift B is out of order"));
        await ReadsAsync(his, Say("J’arrive avec un technicien", "I am coming with a technician"));
        Assert.Equal(plan, await DownloadAsync(his));
        await WriteAsync(his, Say("Je suis revenu, sur un autre appareil", "I am back, on another device"));
        await GoToAsync(hers, Say("Salons", "Rooms"));
        await hers.GetByRole(AriaRole.Link, new() { Name = room }).ClickAsync();
        await ReadsAsync(hers, Say("Je suis revenu, sur un autre appareil", "I am back, on another device"));
        Tell("the room is read, and written in, on the new device");
    }

    private string Say(string french, string english) => isFrench ? french : english;

    private void Tell(string what) => TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s: {what} (load {File.ReadAllText("/proc/loadavg").Split(' ')[0]})"));

    /// <summary>Somebody at a browser that is new to Tocsin.</summary>
    /// <param name="cookie">Of who has just been signed in; null for who must sign in themselves.</param>
    private async Task<IPage> OpenAsync(Chromium chromium, Uri server, string language, int width, string? cookie)
    {
        var context = await chromium.Browser.NewContextAsync(new()
        {
            Locale = language,
            TimezoneId = "Europe/Paris",
            ViewportSize = new() { Width = width, Height = width < 600 ? 844 : 900 },
            HasTouch = width < 600,
        });
        context.SetDefaultTimeout(PatienceMilliseconds);
        if (cookie is not null) await context.AddCookiesAsync([new Cookie { Name = "tocsin", Value = cookie["tocsin=".Length..], Url = server.ToString() }]);
        var page = await context.NewPageAsync();
        await page.GotoAsync(server.ToString());
        if (cookie is not null) await page.GetByText(Say("Cet appareil est prêt pour le chiffrement", "This device is ready for encryption")).WaitForAsync();
        return page;
    }

    /// <summary>The first page says that there is a code to note, and leads to it.</summary>
    private async Task<string> KeepRecoveryCodeAsync(IPage page)
    {
        var make = Say("Créer mon code de récupération", "Make my recovery code");
        await page.GetByRole(AriaRole.Link, new() { Name = make }).ClickAsync();
        await PressAsync(page, make);
        var printed = page.GetByRole(AriaRole.Article).Filter(new() { HasText = Say("Code de récupération", "Recovery code") });
        var groups = Regex.Matches(await printed.InnerTextAsync(), @"\b[0-9A-Z]{4}\b", RegexOptions.None, TimeSpan.FromSeconds(1)).Select(match => match.Value).ToList();
        Assert.Equal(7, groups.Count);
        await page.GetByLabel(Say("Tapez le dernier groupe du code", "Type the last group of the code")).FillAsync(groups[^1]);
        await PressAsync(page, Say("C’est noté", "It is written down"));
        await page.GetByText(Say("Vous avez un code de récupération.", "You have a recovery code.")).WaitForAsync();
        return string.Join(' ', groups);
    }

    /// <returns>What stands on the card: the name to sign in with, and a code that was not used yet.</returns>
    private async Task<(string Name, string Code)> MakeCardAsync(IPage page)
    {
        await GoToAsync(page, Say("Moi", "Me"));
        await OpenPartAsync(page, Say("Cartes d’urgence", "Emergency cards"));
        await PressAsync(page, Say("Créer une carte", "Make a card"));
        var printed = page.GetByRole(AriaRole.Article).Filter(new() { HasText = Say("Carte d’urgence", "Emergency card") });
        await printed.WaitForAsync();
        // The card that is printed has a place for the code of the devices, too.
        await printed.GetByText(Say("Code de récupération de mes appareils", "Recovery code of my devices")).WaitForAsync();
        var name = (await printed.GetByText(" · ").InnerTextAsync()).Split(" · ")[^1].Trim();
        var code = (await printed.GetByRole(AriaRole.Listitem).First.InnerTextAsync()).Trim();
        return (name, code);
    }

    private async Task BeginRoomAsync(IPage page, string room)
    {
        await GoToAsync(page, Say("Salons", "Rooms"));
        await PressAsync(page, Say("Nouveau salon", "New room"));
        await page.GetByLabel(Say("Nom du salon", "Name of the room")).FillAsync(room);
        await page.GetByLabel(Say("Personnes", "People"), new() { Exact = true }).FillAsync("Martin1");
        await PressAsync(page, "Camille Martin1");
        await PressAsync(page, Say("Créer le salon", "Begin the room"));
        await page.GetByRole(AriaRole.Heading, new() { Name = room }).WaitForAsync();
    }

    private async Task WriteAsync(IPage page, string text)
    {
        await page.GetByRole(AriaRole.Textbox, new() { Name = Say("Votre message", "Your message") }).FillAsync(text);
        await page.GetByRole(AriaRole.Button, new() { Name = Say("Envoyer", "Send"), Exact = true }).ClickAsync();
        await ReadsAsync(page, text);
    }

    private static Task ReadsAsync(IPage page, string text) => page.GetByRole(AriaRole.Log).GetByRole(AriaRole.Article).GetByText(text, new() { Exact = true }).WaitForAsync();

    private async Task ShareAsync(IPage page, byte[] content)
    {
        var chooser = await page.RunAndWaitForFileChooserAsync(() => PressAsync(page, Say("Joindre des fichiers", "Attach files")));
        await chooser.SetFilesAsync(new FilePayload { Name = "plan.pdf", MimeType = "application/pdf", Buffer = content });
        await page.GetByRole(AriaRole.Button, new() { Name = Say("Télécharger plan.pdf", "Download plan.pdf") }).WaitForAsync();
    }

    private async Task<byte[]> DownloadAsync(IPage page)
    {
        var download = await page.RunAndWaitForDownloadAsync(() => PressAsync(page, Say("Télécharger plan.pdf", "Download plan.pdf")));
        return await File.ReadAllBytesAsync(await download.PathAsync(), Cancellation);
    }

    private async Task CallAsync(IPage hers, IPage his)
    {
        await GoToAsync(hers, Say("Réunions", "Meetings"));
        await PressAsync(hers, Say("Ouvrir une réunion", "Open a meeting"));
        var dialog = hers.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel(Say("Nom de la réunion", "Name of the meeting")).FillAsync(Say("Point ascenseur", "Lift briefing"));
        await dialog.GetByRole(AriaRole.Searchbox, new() { Name = Say("Personnes invitées", "People invited") }).FillAsync("Martin1");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Camille Martin1" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = Say("Ouvrir une réunion", "Open a meeting") }).ClickAsync();
        await GoToAsync(his, Say("Réunions", "Meetings"));
        await his.GetByRole(AriaRole.Link, new() { Name = Say("Rejoindre", "Join") }).ClickAsync();
        var pages = new[] { hers, his };
        foreach (var page in pages)
        {
            await page.GetByRole(AriaRole.Switch, new() { Name = Say("Entrer avec la caméra", "Go in with the camera on") }).CheckAsync();
            await PressAsync(page, Say("Entrer dans la réunion", "Go into the meeting"));
        }

        // Each sees the other, whose picture is decoded.
        foreach (var page in pages)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = Say("Quitter la réunion", "Leave the meeting") }).WaitForAsync();
            await page.WaitForFunctionAsync("() => [...document.querySelectorAll('video')].filter((video) => video.getVideoPlaybackQuality().totalVideoFrames > 10).length >= 2");
        }

        foreach (var page in pages)
        {
            await PressAsync(page, Say("Quitter la réunion", "Leave the meeting"));
            await page.GetByText(Say("Vous avez quitté la réunion", "You left the meeting")).First.WaitForAsync();
            await page.GetByText(Say("Revenir aux réunions", "Back to the meetings")).ClickAsync();
        }
    }

    private async Task SignInWithCardAsync(IPage page, (string Name, string Code) card)
    {
        await page.GetByRole(AriaRole.Heading, new() { Name = Say("Se connecter", "Sign in") }).WaitForAsync();
        await OpenPartAsync(page, Say("Carte d’urgence", "Emergency card"));
        var form = page.Locator("form").Filter(new() { Has = page.GetByLabel(Say("Code de la carte", "Code of the card")) });
        await form.GetByLabel(Say("Identifiant", "Sign-in name")).FillAsync(card.Name);
        await form.GetByLabel(Say("Code de la carte", "Code of the card")).FillAsync(card.Code);
        await form.GetByRole(AriaRole.Button, new() { Name = Say("Se connecter", "Sign in") }).ClickAsync();
    }

    /// <summary>The first page says that this device has no identity yet, and leads to where the code is asked for.</summary>
    private async Task RecoverAsync(IPage page, string code)
    {
        await page.GetByText(Say("Cet appareil n’a pas votre identité", "This device does not have your identity")).First.WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = Say("Mes appareils", "My devices") }).First.ClickAsync();
        await page.GetByLabel(Say("Code de récupération", "Recovery code")).FillAsync(code);
        await PressAsync(page, Say("Apporter mon identité", "Bring my identity"));
    }

    /// <summary>The page says at once what to do about a device that is lost.</summary>
    private async Task TakeLostDeviceOffAsync(IPage page)
    {
        await page.GetByText(Say("Avez-vous perdu un appareil ?", "Have you lost a device?")).WaitForAsync();
        var devices = page.GetByRole(AriaRole.Region, new() { Name = Say("Appareils", "Devices"), Exact = true }).GetByRole(AriaRole.Listitem);
        await Assertions.Expect(devices).ToHaveCountAsync(2, new() { Timeout = PatienceMilliseconds });
        await devices.Filter(new() { HasNotText = Say("Cet appareil", "This device") }).GetByRole(AriaRole.Button, new() { Name = Say("Retirer", "Remove") }).ClickAsync();
        var held = page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = Say("Retirer", "Remove"), Exact = true });
        await held.HoverAsync();
        await page.Mouse.DownAsync();
        await held.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await page.Mouse.UpAsync();
        await Assertions.Expect(devices).ToHaveCountAsync(1, new() { Timeout = PatienceMilliseconds });
    }

    private async Task GoToAsync(IPage page, string section) =>
        await page.GetByRole(AriaRole.Navigation, new() { Name = Say("Navigation principale", "Main navigation") }).GetByRole(AriaRole.Link, new() { NameRegex = new Regex($@"^{section}(?:\W|$)", RegexOptions.None, TimeSpan.FromSeconds(1)) }).First.ClickAsync();

    private static Task PressAsync(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name }).First.ClickAsync();

    /// <summary>A part of a page that is folded away until somebody wants it.</summary>
    private static Task OpenPartAsync(IPage page, string title) => page.Locator("summary").Filter(new() { HasText = title }).First.ClickAsync();
}
