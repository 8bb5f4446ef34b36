using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Tocsin.Testing;

namespace Tocsin.Scenarios.Crises;

/// <summary>Somebody of a crisis at a browser of their own, in French, who finds everything by the words that the pages show.</summary>
internal sealed class CrisisPerson
{
    /// <summary>Only a failing scenario waits so long: seven browsers share what may be two busy cores.</summary>
    public const float PatienceMilliseconds = 150_000;

    private const int PhoneWidth = 390;

    private readonly Uri server;

    private CrisisPerson(Uri server, string name, bool isOnPhone, IPage page) => (this.server, Name, IsOnPhone, Page) = (server, name, isOnPhone, page);

    /// <summary>As the others read it.</summary>
    public string Name { get; }

    public bool IsOnPhone { get; }

    public IPage Page { get; }

    /// <param name="cookie">The session's; null for a guest.</param>
    /// <param name="path">What is opened first, and only then: all further pages are reached from it.</param>
    public static async Task<CrisisPerson> OpenAsync(IBrowser browser, Uri server, string name, bool isOnPhone, string? cookie, string path = "/")
    {
        var context = await browser.NewContextAsync(new()
        {
            Locale = "fr-FR",
            TimezoneId = "Europe/Paris",
            ViewportSize = isOnPhone ? new() { Width = PhoneWidth, Height = 844 } : new() { Width = 1440, Height = 900 },
            HasTouch = isOnPhone,
        });
        context.SetDefaultTimeout(PatienceMilliseconds);
        await context.AddInitScriptAsync(WatchCalls);
        if (cookie is not null) await context.AddCookiesAsync([new Cookie { Name = "tocsin", Value = cookie["tocsin=".Length..], Url = server.ToString() }]);
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(server, path).ToString());
        await page.EvaluateAsync("() => { window.neverReloaded = true; }");
        return new CrisisPerson(server, name, isOnPhone, page);
    }

    public Task<bool> WasNeverReloadedAsync() => Page.EvaluateAsync<bool>("() => window.neverReloaded === true");

    public ILocator Dialog => Page.GetByRole(AriaRole.Dialog);

    public Task GoToAsync(string section) =>
        Page.GetByRole(AriaRole.Navigation, new() { Name = "Navigation principale" }).GetByRole(AriaRole.Link, new() { NameRegex = BeginningWith(section) }).First.ClickAsync();

    public Task FollowAsync(string link) => Page.GetByRole(AriaRole.Link, new() { Name = link, Exact = true }).First.ClickAsync();

    public Task FollowBeginningAsync(string link) => Page.GetByRole(AriaRole.Link, new() { NameRegex = BeginningWith(link) }).First.ClickAsync();

    public Task FollowContainingAsync(string text) =>
        Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { NameRegex = new Regex(Regex.Escape(text), RegexOptions.None, TimeSpan.FromSeconds(1)) }).First.ClickAsync();

    public Task PressAsync(string button) => Page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).First.ClickAsync();

    public Task ReadsAsync(string text) => Page.GetByText(text, new() { Exact = true }).First.WaitForAsync();

    public Task ReadsHeadingAsync(string text) => Page.GetByRole(AriaRole.Heading, new() { Name = text }).First.WaitForAsync();

    /// <summary>Holds a button until what it asks for is done, and it is gone. On the keyboard: what moves on the page meanwhile does not move it away.</summary>
    public async Task HoldAsync(string pattern)
    {
        var held = Page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex(pattern, RegexOptions.None, TimeSpan.FromSeconds(1)) });
        await held.FocusAsync();
        await Page.Keyboard.DownAsync("Enter");
        await held.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await Page.Keyboard.UpAsync("Enter");
    }

    /// <summary>The page of the crisis, from wherever this person is.</summary>
    public async Task OpenCrisisAsync(string crisis)
    {
        // The bar of a phone has five places: rooms lead to the crises.
        if (IsOnPhone)
        {
            await GoToAsync("Salons");
            await Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "Crises", Exact = true }).First.ClickAsync();
        }
        else await GoToAsync("Crises");
        await FollowContainingAsync(crisis);
        await ReadsHeadingAsync(crisis);
        await Page.GetByRole(AriaRole.Heading, new() { Name = "Déroulé" }).WaitForAsync();
    }

    /// <param name="cell">Null for the room that everybody of the crisis is in.</param>
    public async Task OpenLogAsync(string crisis, string? cell = null)
    {
        await OpenCrisisAsync(crisis);
        await FollowAsync(cell is null ? "Main courante" : $"Main courante de la cellule {cell}");
        await ReadsHeadingAsync("Main courante");
    }

    /// <param name="cell">Null for the room that everybody of the crisis is in.</param>
    public async Task OpenTasksAsync(string crisis, string? cell = null)
    {
        await OpenCrisisAsync(crisis);
        await FollowAsync(cell is null ? "Tâches" : $"Tâches de la cellule {cell}");
        await ReadsHeadingAsync("Tâches");
    }

    /// <summary>On the page of a log.</summary>
    public async Task EnterLineAsync(string text, string? kind = null)
    {
        await BeginLineAsync(text, kind);
        await EndLineAsync(text);
    }

    /// <summary>Everything but the last press.</summary>
    public async Task BeginLineAsync(string text, string? kind = null)
    {
        await PressAsync("Inscrire une ligne");
        if (kind is not null) await Dialog.GetByText(kind, new() { Exact = true }).ClickAsync();
        await Dialog.GetByLabel("Ce qui est à retenir").FillAsync(text);
    }

    /// <summary>It stands on the page at once, sent or not.</summary>
    public async Task EndLineAsync(string text)
    {
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Inscrire", Exact = true }).ClickAsync();
        await ReadsAsync(text);
    }

    /// <summary>On the page of tasks.</summary>
    public async Task AddTaskAsync(string title)
    {
        await PressAsync("Ajouter une tâche");
        await Dialog.GetByLabel("Ce qui est à faire").FillAsync(title);
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Ajouter", Exact = true }).ClickAsync();
        await Page.GetByRole(AriaRole.Article).GetByText(title, new() { Exact = true }).WaitForAsync(new() { State = WaitForSelectorState.Attached });
    }

    public async Task StartTaskAsync(string title)
    {
        if (IsOnPhone) await ShowColumnAsync("À faire");
        await PressAsync($"Commencer : {title}");
    }

    public async Task FinishTaskAsync(string title)
    {
        if (IsOnPhone) await ShowColumnAsync("En cours");
        await PressAsync($"Terminer : {title}");
    }

    /// <summary>In a room, as a member or as a guest.</summary>
    public async Task WriteAsync(string text)
    {
        await Page.GetByRole(AriaRole.Textbox, new() { Name = "Votre message" }).FillAsync(text);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Envoyer", Exact = true }).ClickAsync();
        await ReadsMessageAsync(text);
    }

    public Task ReadsMessageAsync(string text) => Page.GetByRole(AriaRole.Log).GetByRole(AriaRole.Article).GetByText(text, new() { Exact = true }).WaitForAsync();

    /// <summary>On the page before a call.</summary>
    public async Task GoIntoCallAsync()
    {
        await Page.GetByRole(AriaRole.Switch, new() { Name = "Entrer avec le micro ouvert" }).CheckAsync();
        await Page.GetByRole(AriaRole.Switch, new() { Name = "Entrer avec la caméra" }).CheckAsync();
        await PressAsync("Entrer dans la réunion");
    }

    /// <summary>Pictures and voices of so many others come, open and are decoded.</summary>
    public async Task SeesAndHearsAsync(int others)
    {
        await Page.GetByRole(AriaRole.Button, new() { Name = "Quitter la réunion" }).WaitForAsync();
        int[] decoded = [0, 0];
        await Eventually.HoldsWithinAsync(
            TimeSpan.FromMilliseconds(PatienceMilliseconds),
            async () => (decoded = await Page.EvaluateAsync<int[]>(CountDecoded)).All(one => one >= others),
            () => string.Create(CultureInfo.InvariantCulture, $"{Name} sees {decoded[0]} and hears {decoded[1]} others"));
    }

    /// <summary>A picture where <c>SCREENSHOTS</c> names a directory.</summary>
    public async Task PictureAsync(string what)
    {
        if (Environment.GetEnvironmentVariable("SCREENSHOTS") is not { } directory) return;
        await Page.ScreenshotAsync(new() { Path = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"crisis-{what}-{(IsOnPhone ? "phone" : "desktop")}.png")) });
    }

    private Task ShowColumnAsync(string column) =>
        Page.GetByRole(AriaRole.Group).GetByText(new Regex($@"^{column} \(\d+\)$", RegexOptions.None, TimeSpan.FromSeconds(1))).ClickAsync();

    private static Regex BeginningWith(string name) => new($@"^{Regex.Escape(name)}(?:\W|$)", RegexOptions.None, TimeSpan.FromSeconds(1));

    /// <summary>How many others are seen, and how many heard.</summary>
    private const string CountDecoded =
        """
        async () => {
          const seen = new Set();
          const heard = new Set();
          for (const call of window.calls) {
            for (const stream of (await call.getStats()).values()) {
              if (stream.type !== 'inbound-rtp') continue;
              if (stream.kind === 'video' && stream.framesDecoded > 10) seen.add(stream.trackIdentifier);
              if (stream.kind === 'audio' && stream.totalAudioEnergy > 0) heard.add(stream.trackIdentifier);
            }
          }
          return [seen.size, heard.size];
        }
        """;

    private const string WatchCalls =
        """
        window.calls = [];
        const RealConnection = window.RTCPeerConnection;
        window.RTCPeerConnection = class extends RealConnection {
          constructor(...given) {
            super(...given);
            window.calls.push(this);
          }
        };
        """;
}
