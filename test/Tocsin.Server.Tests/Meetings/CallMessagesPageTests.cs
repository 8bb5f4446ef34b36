using System.Collections.Concurrent;
using System.Text;
using Microsoft.Playwright;
using Tocsin.Server.Features.Accounts;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Meetings;

/// <summary>What people write in a call, through the product's own pages, in real browsers, before the real server.</summary>
public sealed class CallMessagesPageTests(MeetingPagesFixture fixture) : IClassFixture<MeetingPagesFixture>, IAsyncDisposable
{
    private readonly List<MeetingWindow> windows = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var window in windows) await window.Page.Context.CloseAsync();
    }

    [Fact]
    public async Task What_one_writes_the_others_read_and_the_server_carries_none_of_it_in_clear()
    {
        var (meeting, claire) = await OpenAsync();
        var karim = await ComeAsync("Benali", width: 390);
        var carried = new ConcurrentQueue<string>();
        foreach (var window in new[] { claire, karim })
        {
            window.Page.WebSocket += (_, socket) =>
            {
                socket.FrameSent += (_, frame) => carried.Enqueue(frame.Text ?? "");
                socket.FrameReceived += (_, frame) => carried.Enqueue(frame.Text ?? "");
            };
            await window.EnterAsync(meeting);
        }

        await SharesKeysAsync(claire, karim);

        // All of it by keyboard.
        await claire.Page.Keyboard.PressAsync("c");
        await claire.Page.Keyboard.TypeAsync("Évacuer le bloc B");
        await claire.Page.Keyboard.PressAsync("Enter");
        await MeetingWindow.Expect(Log(claire)).ToContainTextAsync("Évacuer le bloc B");
        await MeetingWindow.Expect(Log(claire).GetByText("en cours d’envoi")).ToHaveCountAsync(0);

        // Announced, then marked as unread until the list is looked at.
        await MeetingWindow.Expect(karim.Page.Locator(".notices")).ToContainTextAsync("Camille Morel : Évacuer le bloc B");
        await karim.PressAsync("Messages : 1 non lu");
        await MeetingWindow.Expect(Log(karim)).ToContainTextAsync("Camille Morel");
        await MeetingWindow.SeesAsync(karim.Button("Messages").First);
        await MeetingWindow.Expect(karim.Button("Messages : 1 non lu")).ToHaveCountAsync(0);
        await karim.Page.GetByLabel("Votre message").FillAsync("Compris : https://plans.example/b, et https://banque.example@pirate.example/");
        await karim.PressAsync("Envoyer");
        var address = Log(claire).GetByRole(AriaRole.Link);
        await MeetingWindow.Expect(address).ToHaveCountAsync(1);
        Assert.Equal(("https://plans.example/b", "noopener noreferrer external"), (await address.GetAttributeAsync("href"), await address.GetAttributeAsync("rel")));
        await MeetingWindow.Expect(Log(claire)).ToContainTextAsync("https://banque.example@pirate.example/");

        // Many at once: all have them in the same order.
        foreach (var i in Enumerable.Range(1, 4))
        {
            foreach (var window in new[] { claire, karim })
            {
                await window.Page.GetByLabel("Votre message").FillAsync($"tour {i}");
                await window.Page.Keyboard.PressAsync("Enter");
            }
        }

        await Eventually.HoldsAsync(async () => await OrderAsync(claire) is { Length: 8 } order && order.SequenceEqual((await OrderAsync(karim)).Select(who => who == "Vous" ? "Camille Benali" : who == "Camille Morel" ? "Vous" : who)), "both have the same order");

        var sealedOnes = carried.Where(frame => frame.Contains("call-message", StringComparison.Ordinal) || frame.Contains("SendToCall", StringComparison.Ordinal)).ToList();
        Assert.True(sealedOnes.Count >= 20, $"{sealedOnes.Count} frames of messages went over the line");
        foreach (var clear in new[] { "bloc B", "Compris", "plans.example", "tour 1", Convert.ToBase64String(Encoding.UTF8.GetBytes("Évacuer le bloc"))[..16] })
            Assert.DoesNotContain(carried, frame => frame.Contains(clear, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_guest_writes_too_and_reads_nothing_of_before_they_had_the_keys()
    {
        var (meeting, claire) = await OpenAsync();
        await claire.EnterAsync(meeting);
        await MeetingWindow.SeesAsync(claire.Button("Appel chiffré"));
        await claire.OpenPanelAsync("Messages");
        await WriteAsync(claire, "entre nous");
        await MeetingWindow.Expect(Log(claire)).ToContainTextAsync("entre nous");
        await claire.OpenPanelAsync("Personnes");
        await claire.PressAsync("Inviter par un lien");
        var link = await claire.Page.GetByLabel("Lien à transmettre", new() { Exact = true }).InputValueAsync();
        var guest = await WindowAsync(null, width: 390);
        await guest.Page.GotoAsync(link);
        await guest.Page.GetByLabel("Votre nom").FillAsync("Préfecture");
        await guest.GoInAsync(camera: false, microphone: true);
        await claire.PressAsync("Faire entrer Préfecture");
        await SharesKeysAsync(claire, guest);
        await guest.OpenPanelAsync("Messages");
        await guest.ReadsAsync("Vous voyez ce qui s’écrit depuis que vous avez les clés");
        await WriteAsync(guest, "Bonjour à tous");
        await claire.OpenPanelAsync("Messages");
        await MeetingWindow.Expect(Log(claire)).ToContainTextAsync("Bonjour à tous");
        await MeetingWindow.Expect(Log(claire)).ToContainTextAsync("Préfecture");
        await MeetingWindow.Expect(Log(claire)).ToContainTextAsync("invité");
        await WriteAsync(claire, "Bienvenue");
        await MeetingWindow.Expect(Log(guest)).ToContainTextAsync("Bienvenue");
        Assert.DoesNotContain("entre nous", await Log(guest).InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_no_keys_shows_as_initials_with_the_reason_until_somebody_hands_them_over()
    {
        var (meeting, claire) = await OpenAsync();
        await claire.EnterAsync(meeting);
        await MeetingWindow.SeesAsync(claire.Button("Appel chiffré"));
        var account = await fixture.Server.CreateAccountAsync(Roles.Staff, "Benali");
        var device = await WindowAsync(account);
        await device.GoAsync($"/meetings/{meeting}");
        await MeetingWindow.Expect(device.Button("Entrer dans la réunion")).ToBeEnabledAsync();

        // Another browser of the same person is none of his devices.
        var karim = await WindowAsync(account, width: 390);
        await karim.GoAsync($"/meetings/{meeting}");
        await karim.ReadsAsync("Ce navigateur n’est pas un de vos appareils");
        await karim.GoInAsync(camera: true, microphone: true);
        await MeetingWindow.SeesAsync(claire.Tile("Camille Benali").Locator(".initials"));
        await MeetingWindow.Expect(claire.Tile("Camille Benali")).ToContainTextAsync("n’a pas encore les clés");
        await MeetingWindow.Expect(karim.Tile("Camille Morel").Locator("video")).ToHaveCountAsync(1);
        await MeetingWindow.SeesAsync(karim.Tile("Camille Morel").Locator(".initials"));
        await karim.JudgeAsync("no-keys-390");

        await claire.OpenPanelAsync("Personnes");
        await claire.PressAsync("Donner les clés");
        await karim.SeesMovingAsync("Camille Morel");
        await claire.SeesMovingAsync("Camille Benali");
        await MeetingWindow.Expect(claire.Tile("Camille Benali").Locator(".initials")).ToHaveCountAsync(0);
        await MeetingWindow.Expect(karim.Tile("Camille Morel").Locator(".initials")).ToHaveCountAsync(0);

        // Each is listed with the device that the group has of them, and with how well it is known.
        var people = claire.Page.GetByRole(AriaRole.Listitem);
        await MeetingWindow.Expect(people.Filter(new() { HasText = "Camille Benali" })).ToContainTextAsync("appareil non vérifié");
        await MeetingWindow.Expect(people.Filter(new() { HasText = "Camille Morel" })).ToContainTextAsync("cet appareil");
        await claire.JudgeAsync("devices-1280");
    }

    [Fact]
    public async Task Where_nobody_has_a_known_device_one_begins_the_keys_by_a_button_and_hands_them_over()
    {
        var host = await fixture.Server.CreateAccountAsync(Roles.CrisisDirector, "Morel");
        var other = await fixture.Server.CreateAccountAsync(Roles.Staff, "Benali");
        await using var opening = await MeetingPerson.OfAsync(fixture.Server, host);
        var meeting = await opening.OpenMeetingAsync();

        // Both have an identity, on devices that they have not got with them.
        foreach (var account in new[] { host, other })
        {
            var device = await WindowAsync(account);
            await device.GoAsync($"/meetings/{meeting}");
            await MeetingWindow.Expect(device.Button("Entrer dans la réunion")).ToBeEnabledAsync();
        }

        var claire = await WindowAsync(host, width: 390);
        var karim = await WindowAsync(other);
        foreach (var window in new[] { claire, karim })
        {
            await window.EnterAsync(meeting);
            await window.OpenPanelAsync("Personnes");
            await window.ReadsAsync("Vous n’avez pas encore les clés");
        }

        await claire.JudgeAsync("begin-keys-390");
        await claire.PressAsync("Créer les clés sur cet appareil");
        await Eventually.HoldsAsync(async () => await CodeAsync(claire) is { Length: > 0 }, "there are keys, and a code");
        await karim.PressAsync("Créer les clés sur cet appareil");
        await karim.ReadsAsync("Quelqu’un ici a déjà les clés");
        await claire.PressAsync("Donner les clés");
        await Eventually.HoldsAsync(async () => await CodeAsync(karim) is { Length: > 0 } code && code == await CodeAsync(claire), "both read the same code");
        await claire.ReadsAsync("Personne ici n’a d’appareil reconnu");
        await karim.ReadsAsync("Personne ici n’a d’appareil reconnu");
        await claire.JudgeAsync("none-known-390");
        await karim.SeesMovingAsync("Camille Morel");
    }

    [Theory]
    [InlineData(390, false, false)]
    [InlineData(390, true, true)]
    [InlineData(1440, true, false)]
    [InlineData(1440, false, true)]
    public async Task The_messages_can_be_read_and_used_by_everyone(int width, bool isEnglish, bool isDark)
    {
        var (meeting, claire) = await OpenAsync();
        await claire.EnterAsync(meeting);
        var seen = await ComeAsync("Benali", width, isEnglish, isDark);
        await seen.EnterAsync(meeting);
        await SharesKeysAsync(claire, seen);
        await seen.JudgeAsync($"unwritten-{width}-{isEnglish}-{isDark}");
        await claire.OpenPanelAsync("Messages");
        await WriteAsync(claire, "Point de situation à 14 h 30, salle 204.\nLe plan est ici : https://plans.example/bloc-b");
        await MeetingWindow.SeesAsync(seen.Page.Locator("button.messages .count"));
        await seen.JudgeAsync($"unread-{width}-{isEnglish}-{isDark}");
        await seen.Page.Locator("button.messages").ClickAsync();
        await MeetingWindow.Expect(Log(seen)).ToContainTextAsync("salle 204");
        await WriteAsync(seen, isEnglish ? "Received. Two ambulances are on their way to the south entrance." : "Bien reçu. Deux ambulances arrivent à l’entrée sud.");
        await MeetingWindow.Expect(Log(claire)).ToContainTextAsync("ambulances");
        await seen.JudgeAsync($"messages-{width}-{isEnglish}-{isDark}");
        foreach (var button in await seen.Page.Locator("aside button:not([role=tab]), .head button").AllAsync())
        {
            var box = (await button.BoundingBoxAsync())!;
            Assert.True(box is { Width: >= 47.5f, Height: >= 47.5f } && box.X >= 0 && box.X + box.Width <= width, $"{await button.InnerTextAsync()}: {box.X} {box.Y} {box.Width} {box.Height}");
        }
    }

    private static ILocator Log(MeetingWindow window) => window.Page.GetByRole(AriaRole.Log);

    private static async Task WriteAsync(MeetingWindow window, string text)
    {
        await window.Page.Locator("aside textarea").FillAsync(text);
        await window.Page.Keyboard.PressAsync("Enter");
    }

    /// <summary>Who said each of the rounds.</summary>
    private static Task<string[]> OrderAsync(MeetingWindow window) => window.AskAsync<string[]>(
        "() => [...document.querySelectorAll('[role=log] .line')].filter((line) => line.querySelector('.text').textContent.startsWith('tour ')).map((line) => line.querySelector('strong').textContent)");

    /// <summary>Both have the keys of the same epoch: they read the same code.</summary>
    private static async Task SharesKeysAsync(MeetingWindow one, MeetingWindow other)
    {
        foreach (var window in new[] { one, other }) await window.Page.Locator("button.safe").ClickAsync();
        await Eventually.HoldsAsync(async () => await CodeAsync(one) is { Length: > 0 } code && code == await CodeAsync(other), "both read the same code");
        foreach (var window in new[] { one, other }) await window.Page.Locator("aside .close").ClickAsync();
    }

    private static Task<string> CodeAsync(MeetingWindow window) => window.AskAsync<string>("() => document.querySelector('aside .code')?.textContent ?? ''");

    private async Task<(Guid Meeting, MeetingWindow Claire)> OpenAsync()
    {
        var host = await fixture.Server.CreateAccountAsync(Roles.CrisisDirector, "Morel");
        await using var opening = await MeetingPerson.OfAsync(fixture.Server, host);
        return (await opening.OpenMeetingAsync(), await WindowAsync(host));
    }

    private async Task<MeetingWindow> ComeAsync(string familyName, int width = 1280, bool isEnglish = false, bool isDark = false) =>
        await WindowAsync(await fixture.Server.CreateAccountAsync(Roles.Staff, familyName), width, isEnglish, isDark);

    private async Task<MeetingWindow> WindowAsync(AccountHolder? account, int width = 1280, bool isEnglish = false, bool isDark = false)
    {
        var window = await MeetingWindow.OpenAsync(fixture.Chromium, fixture.Server, account, width, isEnglish, isDark);
        windows.Add(window);
        return window;
    }
}
