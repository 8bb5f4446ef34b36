using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using Tocsin.Testing;

namespace Tocsin.Rehearsal.Calls;

/// <summary>Somebody at a browser who comes to a meeting by the product's own page, and what their browser says of it.</summary>
public sealed class CallParticipant
{
    /// <summary>Only a failing test waits so long: five browsers encode and decode on what may be two busy cores.</summary>
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(90);

    private static readonly string watch = ReadWatch();

    private readonly string? cookie;
    private readonly Uri server;
    private readonly TaskCompletionSource crashed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool isThere = true;

    private CallParticipant(IBrowser browser, IPage page, string name, Uri server, string? cookie) => (Browser, Page, Name, this.server, this.cookie) = (browser, page, name, server, cookie);

    public IBrowser Browser { get; }

    public IPage Page { get; }

    /// <summary>As the others read it.</summary>
    public string Name { get; }

    /// <summary>What the page complained of, where the browser tells: to name it in a failure.</summary>
    public List<string> Complaints { get; } = [];

    /// <param name="camera">Width of the camera's picture, of 16 to 9. Browsers send all three sizes of it from 960 on.</param>
    /// <param name="rate">Pictures a second of the camera.</param>
    /// <param name="cookie">The session's; null: a guest.</param>
    /// <param name="codecs">Of video, those that the browser is to know; null: all it does.</param>
    /// <param name="processors">That the browser is to have; null: as many as it has.</param>
    public static async Task<CallParticipant> OpenAsync(IBrowser browser, Uri server, string name, string? cookie, int camera = 480, int rate = 10, IReadOnlyList<string>? codecs = null, int? processors = null)
    {
        ArgumentNullException.ThrowIfNull(browser);
        var context = await browser.NewContextAsync(new()
        {
            Locale = "en-GB",
            IgnoreHTTPSErrors = true,
            ViewportSize = new() { Width = 960, Height = 600 },
            ServiceWorkers = ServiceWorkerPolicy.Block,
        });
        if (cookie is not null)
            await context.AddCookiesAsync([new Cookie { Name = "__Host-tocsin", Value = cookie["tocsin=".Length..], Url = server.ToString(), Secure = true, HttpOnly = true, SameSite = SameSiteAttribute.Strict }]);
        await context.AddInitScriptAsync(string.Create(CultureInfo.InvariantCulture, $"window.tocsinCamera = {{ width: {camera}, height: {camera * 9 / 16}, frameRate: {rate} }};\nwindow.tocsinCodecs = {JsonSerializer.Serialize(codecs)};\nwindow.tocsinProcessors = {JsonSerializer.Serialize(processors)};\n{watch}"));
        context.SetDefaultTimeout((float)patience.TotalMilliseconds);
        var participant = new CallParticipant(browser, await context.NewPageAsync(), name, server, cookie);
        participant.Page.Crash += (_, _) => participant.crashed.TrySetResult();
        participant.Page.PageError += (_, error) => participant.Complaints.Add(error);
        return participant;
    }

    /// <summary>Comes to the meeting's page and goes in, seen and heard.</summary>
    public async Task EnterAsync(Guid meeting)
    {
        await Page.GotoAsync(new Uri(server, $"/meetings/{meeting}").ToString());
        await GoInAsync("Go into the meeting");
    }

    /// <summary>Comes by a guest's link and asks to be let in, seen and heard.</summary>
    public async Task AskAsGuestAsync(string link)
    {
        await Page.GotoAsync(new Uri(server, $"/meet#{link}").ToString());
        await Page.GetByLabel("Your name").FillAsync(Name);
        await GoInAsync("Ask to come in");
    }

    private async Task GoInAsync(string button)
    {
        var enter = Page.GetByRole(AriaRole.Button, new() { Name = button });
        await enter.WaitForAsync();
        var switches = Page.GetByRole(AriaRole.Switch);
        await switches.Nth(0).SetCheckedAsync(true);
        await Page.Locator("video").First.WaitForAsync();
        await switches.Nth(1).SetCheckedAsync(true);
        await enter.ClickAsync();
    }

    /// <summary>Opens the list of who is there, where it is not.</summary>
    public async Task OpenPeopleAsync()
    {
        if (await Page.GetByRole(AriaRole.Tab).CountAsync() == 0) await PressAsync("More : ");
        await Page.GetByRole(AriaRole.Tab, new() { Name = "People" }).ClickAsync();
    }

    /// <summary>The code of the call as it is shown in the open list of people; empty without keys.</summary>
    public Task<string> CodeAsync() => Page.EvaluateAsync<string>("() => document.querySelector('aside .code')?.textContent ?? ''");

    /// <summary>Puts somebody out: presses the button, then holds the one that asks for it.</summary>
    public async Task PutOutAsync(string name)
    {
        await PressAsync($"Remove {name}");
        var held = Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = $"Remove {name}" });
        await held.HoverAsync();
        await Page.Mouse.DownAsync();
        await held.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await Page.Mouse.UpAsync();
    }

    /// <summary>Presses a control of the call's bar, by its English name.</summary>
    public Task PressAsync(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name }).ClickAsync();

    public Task<CallLook> LookAsync() => LookAfterAsync(TimeSpan.Zero);

    /// <summary>Looks when so much time has passed in the browser: for figures over a period.</summary>
    public async Task<CallLook> LookAfterAsync(TimeSpan period) =>
        JsonSerializer.Deserialize<CallLook>(await AskAsync("async (period) => JSON.stringify(await tocsinWatch.lookAfter(period))", period.TotalMilliseconds, period + patience), JsonSerializerOptions.Web)!;

    /// <summary>Of somebody's picture, since this was asked last; nothing the first time.</summary>
    public async Task<PictureHole> HoleOfAsync(string name) =>
        JsonSerializer.Deserialize<PictureHole>(await AskAsync("(name) => JSON.stringify(tocsinWatch.holeOf(name))", name, patience), JsonSerializerOptions.Web)!;

    /// <summary>What happened to the page's lines and paths since a moment: to tell where the time went.</summary>
    public async Task<string> HappenedSinceAsync(DateTimeOffset moment)
    {
        var happened = JsonSerializer.Deserialize<List<Happening>>(
            await AskAsync("(moment) => JSON.stringify(tocsinWatch.since(moment))", moment.ToUnixTimeMilliseconds(), patience), JsonSerializerOptions.Web)!;
        return $"{Name}: {string.Join("; ", happened.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.After / 1000:0.00} {one.What}")))}";
    }

    /// <summary>Asks the page, for a time: the driver waits for ever for the answer of a page whose process is gone.</summary>
    private async Task<string> AskAsync(string question, object argument, TimeSpan limit)
    {
        var answer = Page.EvaluateAsync<string>(question, argument);
        var first = await Task.WhenAny(answer, crashed.Task, Task.Delay(limit));
        if (first == answer) return await answer;
        throw first == crashed.Task
            ? new InvalidOperationException($"The page of {Name} crashed.")
            : new TimeoutException($"The page of {Name} did not answer within {limit.TotalSeconds:0} s.\n{string.Join('\n', Complaints)}");
    }

    private sealed record Happening(double After, string What);

    /// <summary>Looks until it holds.</summary>
    /// <exception cref="TimeoutException">It did not; the message has what the browser said last.</exception>
    public async Task<CallLook> SeesAsync(Func<CallLook, bool> condition, string what, TimeSpan? within = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var look = await LookAsync();
        await Eventually.HoldsWithinAsync(
            within ?? patience,
            async () =>
            {
                if (condition(look)) return true;

                // Statistics cost the browser what it needs for decoding: not too often.
                look = await LookAfterAsync(TimeSpan.FromMilliseconds(50));
                return condition(look);
            },
            () => $"{Name} sees {what}: {look}\n{string.Join('\n', Complaints)}");
        return look;
    }

    /// <summary>Waits until pictures and sound of so many others come and are decoded, beyond what they had come to before.</summary>
    public Task<CallLook> DecodesAsync(int others, CallLook? since = null, TimeSpan? within = null, int frames = 5) =>
        SeesAsync(
            look => look.InCall && others == look.Videos.Count(stream => Grew(stream, since, before => stream.Frames >= before.Frames + frames)) &&
                others == look.Voices.Count(stream => Grew(stream, since, before => stream.Energy > before.Energy && stream.Packets > before.Packets + 5)),
            string.Create(CultureInfo.InvariantCulture, $"and hears {others} others"),
            within);

    /// <summary>The process of the browser ends, with all that it started, without a word to anybody.</summary>
    public async Task KillBrowserAsync()
    {
        var protocol = await Browser.NewBrowserCDPSessionAsync();
        var answer = await protocol.SendAsync("SystemInfo.getProcessInfo");
        isThere = false;
        foreach (var process in answer!.Value.GetProperty("processInfo").EnumerateArray())
        {
            try
            {
                using var running = System.Diagnostics.Process.GetProcessById(process.GetProperty("id").GetInt32());
                running.Kill();
            }
            catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                // It went with one that was killed before.
            }
        }
    }

    /// <summary>Not killed.</summary>
    public bool IsThere => isThere;

    public string? Cookie => cookie;

    private static bool Grew(ReceivedStream stream, CallLook? since, Func<ReceivedStream, bool> more)
    {
        var before = since?.Received.FirstOrDefault(other => other.Track == stream.Track && other.From == stream.From && other.Packets <= stream.Packets);
        return more(before ?? new ReceivedStream("", "", "", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    }

    private static string ReadWatch()
    {
        using var reader = new StreamReader(typeof(CallParticipant).Assembly.GetManifestResourceStream("watch.js")!);
        return reader.ReadToEnd();
    }
}
