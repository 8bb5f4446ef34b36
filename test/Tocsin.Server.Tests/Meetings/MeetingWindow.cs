using Microsoft.Playwright;
using Tocsin.Server.Features.Accounts;
using Tocsin.Testing;
using Tocsin.Testing.Browsers;

namespace Tocsin.Server.Tests.Meetings;

/// <summary>Somebody before the product's own pages of a meeting, in a real Chromium with cameras and microphones.</summary>
/// <remarks><c>meeting-probe.js</c> watches what the page captures and lets a test take devices away.</remarks>
internal sealed class MeetingWindow(IPage page, Uri address)
{
    public IPage Page => page;

    /// <param name="account">Null: a guest.</param>
    public static async Task<MeetingWindow> OpenAsync(Chromium chromium, ServerUnderTest server, AccountHolder? account, int width = 1280, bool isEnglish = false, bool isDark = false)
    {
        var context = await chromium.NewPersonAsync(isEnglish ? "en-GB" : "fr-FR");
        await context.AddInitScriptAsync(scriptPath: Path.Combine(Repository.Root, "test", "Tocsin.Server.Tests", "Meetings", "meeting-probe.js"));
        if (account is not null)
            await context.AddCookiesAsync([new Cookie { Name = "tocsin", Value = (await server.OpenSessionAsync(account)).Token, Url = server.Address.ToString() }]);
        var page = await context.NewPageAsync();
        await page.SetViewportSizeAsync(width, width < 500 ? 844 : 900);
        await page.EmulateMediaAsync(new() { ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light, ReducedMotion = ReducedMotion.Reduce });
        return new MeetingWindow(page, server.Address);
    }

    public Task GoAsync(string path) => page.GotoAsync(new Uri(address, path).ToString());

    /// <summary>In, from the meeting's page.</summary>
    public async Task EnterAsync(Guid meeting, bool camera = true, bool microphone = true)
    {
        await GoAsync($"/meetings/{meeting}");
        await GoInAsync(camera, microphone);
        await SeesAsync(page.GetByRole(AriaRole.Toolbar));
    }

    /// <summary>Chooses before the preview, and presses the button to go in.</summary>
    public async Task GoInAsync(bool camera, bool microphone)
    {
        if (camera) await page.GetByRole(AriaRole.Switch).Nth(0).CheckAsync();
        if (microphone) await page.GetByRole(AriaRole.Switch).Nth(1).CheckAsync();
        await Button("Entrer dans la réunion").Or(Button("Demander à entrer")).Or(Button("Go into the meeting")).ClickAsync();
    }

    /// <summary>Out for some reason: tries to come in again, without camera.</summary>
    public async Task EnterAgainAsync()
    {
        await PressAsync("Rejoindre à nouveau");
        await GoInAsync(camera: false, microphone: false);
    }

    public ILocator Button(string name) => page.GetByRole(AriaRole.Button, new() { Name = name });

    public Task PressAsync(string name) => Button(name).First.ClickAsync();

    /// <summary>Opens the panel at one of its tabs.</summary>
    public async Task OpenPanelAsync(string tab)
    {
        if (await page.GetByRole(AriaRole.Tab).CountAsync() == 0) await PressAsync("Plus : ");
        await page.GetByRole(AriaRole.Tab, new() { Name = tab }).ClickAsync();
    }

    public Task ClosePanelAsync() => PressAsync("Fermer");

    /// <summary>The face, or the screen, that bears this name.</summary>
    public ILocator Tile(string name) => page.Locator($"figure[aria-label=\"{name}\"]");

    public static Task SeesAsync(ILocator locator) => Expect(locator).ToBeVisibleAsync();

    public Task ReadsAsync(string text) => Expect(page.GetByText(text).First).ToBeVisibleAsync();

    public static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    /// <summary>The picture of this name moves.</summary>
    public async Task SeesMovingAsync(string name)
    {
        var video = Tile(name).Locator("video");
        await SeesAsync(video);
        var first = await FramesAsync(video);
        await Eventually.HoldsAsync(
            async () =>
            {
                // An element that takes another's place, as after a break, counts from nothing.
                var frames = await FramesAsync(video);
                first = Math.Min(first, frames);
                return frames > first + 3;
            },
            $"the picture of {name} moves");
    }

    /// <summary>So many voices or sounds of others are heard: not silent ones.</summary>
    public Task HearsAsync(int others) =>
        Eventually.HoldsAsync(async () => await page.EvaluateAsync<int>("() => probe.heard()") == others, $"{others} are heard");

    /// <summary>A captured device is unplugged. With <paramref name="refusal"/> no other can be had either, until <see cref="PlugInAsync"/>.</summary>
    public Task UnplugAsync(string kind, string? refusal = null) => page.EvaluateAsync("([kind, refusal]) => probe.unplug(kind, refusal)", new[] { kind, refusal });

    public Task PlugInAsync() => page.EvaluateAsync("() => probe.plugIn()");

    public Task<T> AskAsync<T>(string expression) => page.EvaluateAsync<T>(expression);

    /// <summary>Presses a button that asks to be held until it has taken it.</summary>
    public async Task HoldAsync(string name)
    {
        // The last of that name: what a dialog asks stands after what opened it.
        var button = Button(name).Last;
        await button.HoverAsync();
        await page.Mouse.DownAsync();
        await Eventually.HoldsAsync(async () => await button.CountAsync() == 0, "the button was held long enough");
        await page.Mouse.UpAsync();
    }

    /// <summary>Can be read and used by everyone. Pictured where SCREENSHOTS names a directory.</summary>
    public async Task JudgeAsync(string picture)
    {
        if (Environment.GetEnvironmentVariable("SCREENSHOTS") is { } directory) await page.ScreenshotAsync(new() { Path = Path.Combine(directory, $"call-{picture}.png") });
        Assert.False(await AskAsync<bool>("() => document.documentElement.scrollWidth > innerWidth"), $"{picture} scrolls sideways");
        await page.EvaluateAsync(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "web", "node_modules", "axe-core", "axe.min.js"), TestContext.Current.CancellationToken));
        var found = await AskAsync<string[]>(
            "async () => (await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] })).violations.flatMap((violation) => violation.nodes.map((node) => `${violation.id}: ${node.html} ${node.failureSummary}`))");
        Assert.True(found.Length == 0, $"{picture}: {string.Join('\n', found)}");
    }

    private static Task<int> FramesAsync(ILocator video) => video.First.EvaluateAsync<int>("video => video.getVideoPlaybackQuality().totalVideoFrames");
}
