using System.Text.Json;
using Microsoft.Playwright;
using Tocsin.Server.Features.Accounts;
using Tocsin.Server.Hosting;
using Tocsin.Server.Tests.AlertsApi;
using Tocsin.Storage.Model;
using Tocsin.Testing;
using Tocsin.Testing.Browsers;

namespace Tocsin.Server.Tests.Meetings;

/// <summary>One server with the built web client and one Chromium for all tests of a class.</summary>
public sealed class MeetingPagesFixture : IAsyncLifetime
{
    public ServerUnderTest Server { get; private set; } = null!;

    public Chromium Chromium { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await ServerUnderTest.StartAsync(configure: options => options.WebRoot = Path.Combine(Repository.Root, "web", "dist"));
        Chromium = await Chromium.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Chromium.DisposeAsync();
        await Server.DisposeAsync();
    }
}

/// <summary>What people do in a meeting, through the product's own pages, in real browsers, before the real server.</summary>
public sealed class MeetingPageTests(MeetingPagesFixture fixture) : IClassFixture<MeetingPagesFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task From_the_list_one_looks_at_oneself_chooses_devices_and_is_in_with_sound_and_picture()
    {
        var (meeting, host) = await OpenAsync();
        await using var karim = await PersonAsync("Benali");
        await using var claire = await PersonAsync("Morel", host);
        await claire.Window.EnterAsync(meeting);

        await karim.Window.GoAsync("/meetings");
        await karim.Window.Page.Locator($"a[href='/meetings/{meeting}']").First.ClickAsync();
        await karim.Window.Page.GetByRole(AriaRole.Switch, new() { Name = "Entrer avec la caméra" }).CheckAsync();
        await MeetingWindow.SeesAsync(karim.Window.Page.GetByRole(AriaRole.Img, new() { Name = "Votre image" }).Locator("video"));
        var capturing = await karim.Window.AskAsync<JsonElement>("() => probe.asked[0].audio");
        Assert.True(capturing.GetProperty("noiseSuppression").GetBoolean());
        Assert.True(capturing.GetProperty("echoCancellation").GetBoolean());
        Assert.True(await karim.Window.AskAsync<bool>("() => probe.tracks[0].getSettings().noiseSuppression"));

        // Another microphone and another camera, each by its name.
        await karim.Window.Page.GetByText("Appareils", new() { Exact = true }).ClickAsync();
        foreach (var kind in new[] { "Micro", "Caméra" })
        {
            var choice = karim.Window.Page.GetByLabel(kind, new() { Exact = true });
            var last = await choice.Locator("option").Last.GetAttributeAsync("value");
            await choice.SelectOptionAsync(last!);
            await Eventually.HoldsAsync(async () => await karim.Window.AskAsync<string?>("() => probe.asked.at(-1)[Object.keys(probe.asked.at(-1))[0]].deviceId?.ideal") == last, $"{kind} is captured from the chosen device");
        }

        await karim.Window.GoInAsync(camera: false, microphone: true);
        await karim.Window.SeesMovingAsync("Camille Morel");
        await claire.Window.SeesMovingAsync("Camille Benali");
        await karim.Window.HearsAsync(1);
        await claire.Window.HearsAsync(1);
        Assert.Equal(1, await karim.Window.AskAsync<int>("() => probe.awake"));

        // Reading another page does not hang up, nor does the phone fall asleep.
        await karim.Window.Page.GetByRole(AriaRole.Link, new() { Name = "Revenir aux réunions" }).ClickAsync();
        await MeetingWindow.SeesAsync(karim.Window.Page.GetByRole(AriaRole.Region, new() { Name = "Vous êtes en réunion" }));
        Assert.Equal(1, await karim.Window.AskAsync<int>("() => probe.awake"));
        await karim.Window.HearsAsync(1);
        await karim.Window.Page.GetByRole(AriaRole.Link, new() { Name = "Revenir à la réunion" }).ClickAsync();
        await karim.Window.SeesMovingAsync("Camille Morel");
        await karim.Window.PressAsync("Quitter la réunion");
        await karim.Window.ReadsAsync("Vous avez quitté la réunion");
        Assert.Equal(0, await karim.Window.AskAsync<int>("() => probe.awake"));
        Assert.True(await karim.Window.AskAsync<bool>("() => probe.tracks.every((track) => track.readyState === 'ended')"));
    }

    [Fact]
    public async Task Layouts_pin_full_screen_picture_in_picture_and_sound_only()
    {
        var (claire, karim, _) = await TwoAsync();
        await using var _1 = claire;
        await using var _2 = karim;
        await karim.Window.SeesMovingAsync("Camille Morel");
        await MeetingWindow.SeesAsync(karim.Window.Page.Locator(".stage.grid"));
        await karim.Window.Tile("Camille Morel").HoverAsync();
        await karim.Window.PressAsync("Épingler Camille Morel");
        await MeetingWindow.SeesAsync(karim.Window.Page.Locator(".stage.speaker"));
        await MeetingWindow.SeesAsync(karim.Window.Page.Locator(".large").GetByRole(AriaRole.Button, new() { Name = "Ne plus épingler Camille Morel" }));

        await karim.Window.OpenPanelAsync("Options");
        await karim.Window.Page.GetByText("Mosaïque").ClickAsync();
        await MeetingWindow.SeesAsync(karim.Window.Page.Locator(".stage.grid"));
        await karim.Window.PressAsync("Plein écran");
        await Eventually.HoldsAsync(async () => await karim.Window.AskAsync<bool>("() => document.fullscreenElement?.classList.contains('call') ?? false"), "the call fills the screen");
        await karim.Window.PressAsync("Plein écran");
        await Eventually.HoldsAsync(async () => await karim.Window.AskAsync<bool>("() => document.fullscreenElement === null"), "and gives it back");
        await karim.Window.PressAsync("Image sur les autres fenêtres");
        await Eventually.HoldsAsync(async () => await karim.Window.AskAsync<bool>("() => document.pictureInPictureElement instanceof HTMLVideoElement"), "the picture is over the other windows");
        await karim.Window.PressAsync("Image sur les autres fenêtres");
        await Eventually.HoldsAsync(async () => await karim.Window.AskAsync<bool>("() => document.pictureInPictureElement === null"), "and back");

        await karim.Window.Page.GetByRole(AriaRole.Switch, new() { Name = "Son seul" }).CheckAsync();
        await MeetingWindow.Expect(karim.Window.Page.Locator("figure video")).ToHaveCountAsync(0);
        await MeetingWindow.Expect(claire.Window.Tile("Camille Benali").Locator("video")).ToHaveCountAsync(0);
        await MeetingWindow.Expect(karim.Window.Button("Image sur les autres fenêtres")).ToBeDisabledAsync();
        await karim.Window.HearsAsync(1);
        await karim.Window.Page.GetByRole(AriaRole.Switch, new() { Name = "Son seul" }).UncheckAsync();
        await karim.Window.SeesMovingAsync("Camille Morel");

        // What somebody in support asks for.
        await karim.Window.OpenPanelAsync("Réseau");
        foreach (var figure in new[] { "Transport", "Aller-retour", "Pertes", "Débit", "Codecs" }) await MeetingWindow.SeesAsync(karim.Window.Page.Locator("dt").GetByText(figure).First);
        await MeetingWindow.SeesAsync(karim.Window.Page.GetByText("UDP").First);
        await MeetingWindow.SeesAsync(karim.Window.Page.GetByText("VP8").First);
    }

    [Fact]
    public async Task A_screen_is_shared_with_its_sound_and_shown_large_until_it_ends()
    {
        var (claire, karim, _) = await TwoAsync();
        await using var _1 = claire;
        await using var _2 = karim;
        await claire.Window.HearsAsync(1);
        await karim.Window.PressAsync("Partager l’écran");
        await claire.Window.SeesMovingAsync("Écran de Camille Benali");
        await MeetingWindow.SeesAsync(claire.Window.Page.Locator(".stage.screen"));
        await claire.Window.HearsAsync(2);
        await karim.Window.PressAsync("Arrêter le partage d’écran");
        await MeetingWindow.Expect(claire.Window.Tile("Écran de Camille Benali")).ToHaveCountAsync(0);
        await MeetingWindow.SeesAsync(claire.Window.Page.Locator(".stage.grid"));
        await claire.Window.HearsAsync(1);
    }

    [Fact]
    public async Task Who_speaks_is_seen_and_who_is_muted_does_not_speak()
    {
        var (claire, karim, _) = await TwoAsync();
        await using var _1 = claire;
        await using var _2 = karim;
        var face = claire.Window.Tile("Camille Benali");
        await MeetingWindow.SeesAsync(face.GetByLabel("parle", new() { Exact = true }));
        await MeetingWindow.SeesAsync(face.GetByText("Bonne liaison"));
        await karim.Window.PressAsync("Couper le micro");
        await MeetingWindow.SeesAsync(face.GetByLabel("micro coupé"));
        await MeetingWindow.Expect(face.GetByLabel("parle", new() { Exact = true })).ToHaveCountAsync(0);
        await karim.Window.PressAsync("Lever la main");
        await MeetingWindow.SeesAsync(face.GetByLabel("main levée"));
        await claire.Window.ReadsAsync("Camille Benali lève la main");
        await karim.Window.OpenPanelAsync("Options");
        await karim.Window.PressAsync("Bravo");
        await claire.Window.ReadsAsync("Camille Benali : Bravo");

        // Talking while a button, or the space bar, is held.
        await karim.Window.Page.GetByRole(AriaRole.Switch, new() { Name = "Appuyer pour parler" }).CheckAsync();
        await karim.Window.Page.GetByText("Maintenir pour parler").HoverAsync();
        await karim.Window.Page.Mouse.DownAsync();
        await MeetingWindow.Expect(face.GetByLabel("micro coupé")).ToHaveCountAsync(0);
        await karim.Window.ReadsAsync("On vous entend");
        await karim.Window.Page.Mouse.UpAsync();
        await MeetingWindow.SeesAsync(face.GetByLabel("micro coupé"));
        await karim.Window.ClosePanelAsync();
        await karim.Window.Page.EvaluateAsync("() => document.activeElement?.blur()");
        await karim.Window.Page.Keyboard.DownAsync(" ");
        await MeetingWindow.Expect(face.GetByLabel("micro coupé")).ToHaveCountAsync(0);
        await karim.Window.Page.Keyboard.UpAsync(" ");
        await MeetingWindow.SeesAsync(face.GetByLabel("micro coupé"));
    }

    [Fact]
    public async Task Another_device_takes_over_from_one_that_is_unplugged_and_one_that_is_plugged_in_again_is_taken()
    {
        var (claire, karim, _) = await TwoAsync();
        await using var _1 = claire;
        await using var _2 = karim;
        await karim.Window.UnplugAsync("audio");
        await karim.Window.ReadsAsync("Le micro a été débranché. Vous parlez maintenant dans");
        await karim.Window.PressAsync("Compris");
        await MeetingWindow.SeesAsync(claire.Window.Tile("Camille Benali").GetByLabel("parle", new() { Exact = true }));

        await karim.Window.UnplugAsync("video", "NotFoundError");
        await karim.Window.ReadsAsync("on ne vous voit plus");
        await MeetingWindow.Expect(claire.Window.Tile("Camille Benali").Locator("video")).ToHaveCountAsync(0);
        await karim.Window.PressAsync("Réessayer");
        await karim.Window.ReadsAsync("Aucun micro ou aucune caméra n’a été trouvé");
        await karim.Window.PlugInAsync();
        await karim.Window.ReadsAsync("On vous voit maintenant par");
        await claire.Window.SeesMovingAsync("Camille Benali");

        // A microphone comes back as open as it was.
        await karim.Window.UnplugAsync("audio", "NotFoundError");
        await karim.Window.ReadsAsync("on ne vous entend plus");
        await MeetingWindow.SeesAsync(claire.Window.Tile("Camille Benali").GetByLabel("micro coupé"));
        await karim.Window.PlugInAsync();
        await MeetingWindow.Expect(claire.Window.Tile("Camille Benali").GetByLabel("micro coupé")).ToHaveCountAsync(0);
        await claire.Window.HearsAsync(1);
    }

    [Fact]
    public async Task A_host_mutes_stops_lowers_removes_locks_and_ends_for_all()
    {
        var (claire, karim, meeting) = await TwoAsync();
        await using var _1 = claire;
        await using var _2 = karim;
        await karim.Window.PressAsync("Lever la main");
        await claire.Window.OpenPanelAsync("Personnes");
        await claire.Window.PressAsync("Couper le micro de Camille Benali");
        await karim.Window.ReadsAsync("Camille Morel a coupé votre micro");
        await MeetingWindow.SeesAsync(karim.Window.Button("Ouvrir le micro"));
        await claire.Window.PressAsync("Couper la caméra de Camille Benali");
        await karim.Window.ReadsAsync("Camille Morel a arrêté votre caméra ou votre écran");
        Assert.True(await karim.Window.AskAsync<bool>("() => probe.tracks.filter((track) => track.kind === 'video').every((track) => track.readyState === 'ended')"));
        await claire.Window.PressAsync("Baisser la main de Camille Benali");
        await MeetingWindow.SeesAsync(karim.Window.Button("Lever la main"));

        // A slip of the finger puts nobody out: it asks first.
        await claire.Window.PressAsync("Faire sortir Camille Benali");
        await claire.Window.HoldAsync("Faire sortir Camille Benali");
        await karim.Window.ReadsAsync("Un animateur vous a fait sortir de la réunion");
        await claire.Window.Page.GetByRole(AriaRole.Switch, new() { Name = "Verrouiller la réunion" }).CheckAsync();
        await MeetingWindow.SeesAsync(claire.Window.Page.GetByText("Verrouillée"));
        await karim.Window.EnterAgainAsync();
        await karim.Window.ReadsAsync("Cette réunion est verrouillée");
        await claire.Window.Page.GetByRole(AriaRole.Switch, new() { Name = "Verrouiller la réunion" }).UncheckAsync();
        await karim.Window.EnterAgainAsync();
        await karim.Window.ReadsAsync("Vous êtes dans la salle d’attente");
        await claire.Window.PressAsync("Faire entrer Camille Benali");
        await MeetingWindow.SeesAsync(karim.Window.Tile("Camille Morel"));

        await claire.Window.HoldAsync("Terminer pour");
        await karim.Window.ReadsAsync("La réunion est terminée");
        await claire.Window.ReadsAsync("La réunion est terminée");
        await karim.Window.GoAsync($"/meetings/{meeting}");
        await karim.Window.ReadsAsync("Un animateur l’a terminée pour tous.");
    }

    [Fact]
    public async Task A_guest_comes_by_a_link_waits_is_let_in_and_is_out_when_the_link_is_withdrawn()
    {
        var (meeting, host) = await OpenAsync();
        await using var claire = await PersonAsync("Morel", host);
        await claire.Window.EnterAsync(meeting);
        await claire.Window.OpenPanelAsync("Personnes");
        await claire.Window.PressAsync("Inviter par un lien");
        var link = await claire.Window.Page.GetByLabel("Lien à transmettre", new() { Exact = true }).InputValueAsync();
        await using var guest = new Attending(await MeetingWindow.OpenAsync(fixture.Chromium, fixture.Server, null, width: 390));
        await guest.Window.Page.GotoAsync(link);
        await guest.Window.Page.GetByLabel("Votre nom").FillAsync("Préfecture");
        await guest.Window.GoInAsync(camera: true, microphone: true);
        await guest.Window.ReadsAsync("Vous êtes dans la salle d’attente");
        await claire.Window.PressAsync("Faire entrer Préfecture");
        await guest.Window.SeesMovingAsync("Camille Morel");
        await claire.Window.SeesMovingAsync("Préfecture");

        await claire.Window.PressAsync("Retirer le lien");
        await guest.Window.ReadsAsync("Un animateur vous a fait sortir de la réunion");
        await MeetingWindow.Expect(claire.Window.Tile("Préfecture")).ToHaveCountAsync(0);
        await guest.Window.Page.ReloadAsync();
        await guest.Window.ReadsAsync("Ce lien n’est plus valable");
    }

    [Fact]
    public async Task The_check_tells_of_devices_and_of_both_ways_with_what_they_carry()
    {
        await using var karim = await PersonAsync("Benali");
        await karim.Window.GoAsync("/meetings/check");
        await karim.Window.PressAsync("Lancer la vérification");
        await MeetingWindow.SeesAsync(karim.Window.Button("Vérifier à nouveau"));
        await MeetingWindow.Expect(karim.Window.Button("Vérifier à nouveau")).ToBeEnabledAsync();
        string RowOf(string label) => $"//dl/div[dt[text()='{label}']]/dd";
        foreach (var label in new[] { "Navigateur", "Micro", "Caméra" }) await MeetingWindow.Expect(karim.Window.Page.Locator(RowOf(label))).ToHaveTextAsync("En ordre");
        foreach (var label in new[] { "Son et image par UDP", "Secours par TCP" }) await MeetingWindow.Expect(karim.Window.Page.Locator(RowOf(label))).ToContainTextAsync("En ordre");
        foreach (var label in new[] { "Débit montant", "Débit descendant" })
        {
            var text = await karim.Window.Page.Locator(RowOf(label)).InnerTextAsync();
            TestContext.Current.TestOutputHelper?.WriteLine($"{label}: {text}");

            // How much depends on what else the machine does; that it was measured does not.
            Assert.Matches("([1-9]|0,[1-9])(,[0-9])? Mbit/s", text.Replace('\u00A0', ' ').Replace('\u202F', ' '));
        }
    }

    [Fact]
    public async Task Where_no_UDP_goes_through_the_check_says_so_and_the_meeting_goes_over_TCP()
    {
        await using var server = await ServerUnderTest.StartAsync(configure: options =>
        {
            options.WebRoot = Path.Combine(Repository.Root, "web", "dist");
            options.Media.Addresses.Add("127.0.0.1");
        });
        const string UdpHere = "\"address\":\"127.0.0.1\",\"ip\":\"127.0.0.1\",\"protocol\":\"udp\"";
        const string UdpNowhere = "\"address\":\"192.0.2.1\",\"ip\":\"192.0.2.1\",\"protocol\":\"udp\"";
        var account = await server.CreateAccountAsync(Roles.Staff, "Benali");
        await using var karim = new Attending(await MeetingWindow.OpenAsync(fixture.Chromium, server, account));

        // Datagrams to an address of the documentation (RFC 5737) arrive nowhere; the browser is told of no other for UDP.
        await karim.Window.Page.RouteWebSocketAsync(url => new Uri(url).AbsolutePath == "/hub", socket =>
        {
            var there = socket.ConnectToServer();
            socket.OnMessage(frame => there.Send(frame.Text!));
            there.OnMessage(frame => socket.Send(frame.Text!.Replace(UdpHere, UdpNowhere, StringComparison.Ordinal)));
        });
        await karim.Window.GoAsync("/meetings/check");
        await karim.Window.PressAsync("Lancer la vérification");
        await karim.Window.ReadsAsync("Le réseau bloque UDP : la réunion passera par TCP");
        await MeetingWindow.SeesAsync(karim.Window.Page.GetByText("Bloqué (port"));
    }

    [Fact]
    public async Task Who_received_an_alert_joins_its_meeting_from_their_first_page()
    {
        await using var world = await AlertedServer.StartWithClientAsync();
        var director = await world.Server.CreateAccountAsync(Roles.CrisisDirector, "Morel");
        var recipient = await world.Server.CreateAccountAsync(Roles.Staff, person: world.People[0].Id);
        var alert = AlertedServer.IdOf(await world.RaiseAsync());
        await using var claire = new Attending(await MeetingWindow.OpenAsync(fixture.Chromium, world.Server, director));
        await claire.Window.GoAsync($"/alerts/{alert}");
        await claire.Window.PressAsync("Ouvrir la réunion de crise");
        await claire.Window.GoInAsync(camera: true, microphone: true);

        await using var amelie = new Attending(await MeetingWindow.OpenAsync(fixture.Chromium, world.Server, recipient, width: 390));
        await amelie.Window.GoAsync("/");
        await amelie.Window.Page.GetByRole(AriaRole.Link, new() { Name = "Rejoindre la réunion de crise" }).ClickAsync();
        await amelie.Window.GoInAsync(camera: false, microphone: true);
        await amelie.Window.SeesMovingAsync("Camille Morel");
        await MeetingWindow.SeesAsync(claire.Window.Tile("Amélie Durand"));

        // Whom it is not for does not see it.
        await using var other = new Attending(await MeetingWindow.OpenAsync(fixture.Chromium, world.Server, await world.Server.CreateAccountAsync(Roles.Staff, "Autre")));
        await other.Window.GoAsync("/meetings");
        await other.Window.ReadsAsync("Aucune réunion ouverte");
    }

    [Fact]
    public async Task The_pages_are_back_in_the_call_after_a_restart_without_being_loaded_again()
    {
        using var data = new ScratchDirectory();
        var port = LoopbackPort.Free();
        void AtTheSamePlace(TocsinOptions options) => (options.Port, options.Data, options.WebRoot) = (port, data.Path, Path.Combine(Repository.Root, "web", "dist"));
        Attending claire, karim;
        await using (var server = await ServerUnderTest.StartAsync(configure: AtTheSamePlace))
        {
            var host = await server.CreateAccountAsync(Roles.CrisisDirector, "Morel");
            await using var opening = await MeetingPerson.OfAsync(server, host);
            var meeting = await opening.OpenMeetingAsync();
            claire = new Attending(await MeetingWindow.OpenAsync(fixture.Chromium, server, host));
            karim = new Attending(await MeetingWindow.OpenAsync(fixture.Chromium, server, await server.CreateAccountAsync(Roles.Staff, "Benali"), width: 390));
            await claire.Window.EnterAsync(meeting);
            await karim.Window.EnterAsync(meeting);
            await karim.Window.SeesMovingAsync("Camille Morel");
            await claire.Window.SeesMovingAsync("Camille Benali");
            await karim.Window.PressAsync("Lever la main");
            await MeetingWindow.SeesAsync(claire.Window.Tile("Camille Benali").GetByLabel("main levée"));
            await karim.Window.AskAsync<bool>("() => (window.isSame = true)");
        }

        await using var _1 = claire;
        await using var _2 = karim;
        await karim.Window.ReadsAsync("La liaison est coupée.");
        await using var restarted = await ServerUnderTest.StartAsync(configure: AtTheSamePlace);
        await karim.Window.SeesMovingAsync("Camille Morel");
        await claire.Window.SeesMovingAsync("Camille Benali");
        await karim.Window.HearsAsync(1);
        Assert.True(await karim.Window.AskAsync<bool>("() => window.isSame"));

        // His hand is up as before, and people go on writing.
        await MeetingWindow.SeesAsync(claire.Window.Tile("Camille Benali").GetByLabel("main levée"));
        foreach (var person in new[] { claire, karim }) await person.Window.OpenPanelAsync("Messages");
        await karim.Window.Page.GetByLabel("Votre message").FillAsync("De retour");
        await karim.Window.PressAsync("Envoyer");
        await MeetingWindow.Expect(claire.Window.Page.GetByRole(AriaRole.Log)).ToContainTextAsync("De retour");
    }

    [Theory]
    [InlineData(390, false, false)]
    [InlineData(1440, true, true)]
    public async Task The_call_can_be_read_and_used_by_everyone(int width, bool isEnglish, bool isDark)
    {
        var (meeting, host) = await OpenAsync();
        await using var claire = await PersonAsync("Morel", host);
        await claire.Window.EnterAsync(meeting);
        await using var seen = new Attending(await MeetingWindow.OpenAsync(fixture.Chromium, fixture.Server, await fixture.Server.CreateAccountAsync(Roles.CrisisMember, "Benali"), width, isEnglish, isDark));
        var page = seen.Window.Page;
        await seen.Window.GoAsync($"/meetings/{meeting}");
        await MeetingWindow.SeesAsync(page.GetByRole(AriaRole.Switch).First);
        await seen.Window.JudgeAsync($"before-{width}");
        await seen.Window.GoInAsync(camera: true, microphone: true);
        await seen.Window.SeesMovingAsync("Camille Morel");
        await seen.Window.JudgeAsync($"grid-{width}");

        // The six controls are under the thumb, whole.
        foreach (var control in await page.GetByRole(AriaRole.Toolbar).GetByRole(AriaRole.Button).AllAsync())
        {
            var box = (await control.BoundingBoxAsync())!;
            Assert.True(box is { X: >= 0, Width: >= 48, Height: >= 48 } && box.X + box.Width <= width && box.Y + box.Height <= (width < 500 ? 844 : 900), $"{await control.InnerTextAsync()}: {box.X} {box.Y} {box.Width} {box.Height}");
        }

        await page.GetByRole(AriaRole.Toolbar).GetByRole(AriaRole.Button).Nth(4).ClickAsync();
        for (var tab = 0; tab < 4; tab++)
        {
            await page.GetByRole(AriaRole.Tab).Nth(tab).ClickAsync();
            await seen.Window.JudgeAsync($"panel-{tab}-{width}");
        }

        await seen.Window.GoAsync("/meetings/check");
        await seen.Window.Button("Lancer la vérification").Or(seen.Window.Button("Begin the check")).ClickAsync();
        await MeetingWindow.SeesAsync(seen.Window.Button("Vérifier à nouveau").Or(seen.Window.Button("Check again")));
        await MeetingWindow.SeesAsync(page.Locator(".banner"));
        await seen.Window.JudgeAsync($"check-{width}");
    }

    /// <summary>Claire, who opened the meeting, and Karim are in it, with sound and picture.</summary>
    private async Task<(Attending Claire, Attending Karim, Guid Meeting)> TwoAsync()
    {
        var (meeting, host) = await OpenAsync();
        var claire = await PersonAsync("Morel", host);
        var karim = await PersonAsync("Benali");
        await claire.Window.EnterAsync(meeting);
        await karim.Window.EnterAsync(meeting);
        await claire.Window.SeesMovingAsync("Camille Benali");
        return (claire, karim, meeting);
    }

    private async Task<(Guid Meeting, AccountHolder Host)> OpenAsync()
    {
        var host = await fixture.Server.CreateAccountAsync(Roles.CrisisDirector, "Morel");
        await using var opening = await MeetingPerson.OfAsync(fixture.Server, host);
        return (await opening.OpenMeetingAsync(), host);
    }

    private async Task<Attending> PersonAsync(string familyName, AccountHolder? account = null) =>
        new(await MeetingWindow.OpenAsync(fixture.Chromium, fixture.Server, account ?? await fixture.Server.CreateAccountAsync(Roles.Staff, familyName)));

    /// <summary>A window that closes with its test: its camera and its place in the call end.</summary>
    private sealed class Attending(MeetingWindow window) : IAsyncDisposable
    {
        public MeetingWindow Window { get; } = window;

        public async ValueTask DisposeAsync() => await Window.Page.Context.CloseAsync();
    }
}
