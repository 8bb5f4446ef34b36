using Microsoft.Playwright;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Rehearsal;

/// <summary>Somebody at a page who has keys and no mouse. Wherever the focus comes to, it must be seen.</summary>
internal sealed class KeyboardWalk(IPage page)
{
    // More stops than any page of ours has; a list of any length is one of them.
    private const int MostStops = 120;

    /// <summary>The name of an element as it is read aloud.</summary>
    private const string NameOf =
        """
        (one) => {
          const labelled = (one.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(' ').trim();
          const name = one.getAttribute('aria-label') || labelled || [...(one.labels ?? [])].map((label) => label.textContent).join(' ') || one.textContent || '';
          return name.replace(/\s+/g, ' ').trim();
        }
        """;

    /// <summary>Whether something of that name waits for keys.</summary>
    private const string IsThere =
        $$"""
        (name) => [...document.querySelectorAll('a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, summary, [tabindex]')]
          .some((one) => one.checkVisibility() && ({{NameOf}})(one).includes(name))
        """;

    /// <summary>What has the focus: its name as it is read aloud, and why somebody who looks for it could not see it (null: they can).</summary>
    private const string Probe =
        $$"""
        () => {
          const one = document.activeElement;
          if (!one || one === document.body) return { name: '', unseen: null, id: '' };
          window.tocsinStops ??= new WeakMap();
          window.tocsinNext ??= 0;
          if (!window.tocsinStops.has(one)) window.tocsinStops.set(one, String(window.tocsinNext++));
          const shown = one.matches('.visually-hidden, .visually-hidden *') || one.getBoundingClientRect().width < 4 ? one.parentElement : one;
          const box = shown.getBoundingClientRect();
          const inWindow = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
          // A hidden input shows its focus on what stands for it.
          const bearers = [one, one.parentElement, one.closest('label'), one.nextElementSibling].filter(Boolean);
          const ringed = bearers.some((bearer) => {
            const style = getComputedStyle(bearer);
            return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
          });
          // A page that has just come puts who listens at its heading: a place to read from, where no key does anything.
          if (one.matches('h1, h2, main')) return { name: '', unseen: null, id: window.tocsinStops.get(one) };
          return { name: ({{NameOf}})(one), unseen: inWindow ? (ringed ? null : 'no ring') : 'out of the window', id: window.tocsinStops.get(one) };
        }
        """;

    /// <summary>Presses Tab until the focus is on what bears this name, and sees each stop on the way.</summary>
    public async Task ToAsync(string name)
    {
        // A page that is still being put together has not all its stops yet.
        try
        {
            await page.WaitForFunctionAsync(IsThere, name);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"“{name}” is not on {page.Url}, or waits for no key.");
        }

        var seen = new List<string>();
        for (var pressed = 0; pressed < MostStops; pressed++)
        {
            var stop = await StopAsync();
            if (stop.Name.Contains(name, StringComparison.Ordinal)) return;
            seen.Add(stop.Name);
            await page.Keyboard.PressAsync("Tab");
            await SeesAsync();
        }

        Assert.Fail($"“{name}” is out of reach of the Tab key. Stops: {string.Join(" | ", seen.Distinct())}");
    }

    /// <summary>Once around the page: every stop is seen, and none holds the focus.</summary>
    public async Task AroundAsync()
    {
        var stops = new HashSet<string>();
        var (last, stayed) = ("", 0);
        for (var pressed = 0; pressed < MostStops; pressed++)
        {
            await page.Keyboard.PressAsync("Tab");
            var stop = await SeesAsync();
            // A field for a day and a time has a stop for each of its parts.
            stayed = stop.Id == last ? stayed + 1 : 0;
            Assert.True(stayed < 8, $"“{stop.Name}” holds the focus.");
            last = stop.Id;
            if (stayed == 0 && !stops.Add(stop.Id)) return;
        }

        Assert.Fail("The Tab key does not come around the page.");
    }

    public async Task PressAsync(string name, string key = "Enter")
    {
        await ToAsync(name);
        await page.Keyboard.PressAsync(key);
    }

    public async Task TypeAsync(string label, string text)
    {
        await ToAsync(label);
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.TypeAsync(text);
    }

    /// <summary>Holds a key on a button that asks to be held, until it has taken it.</summary>
    public async Task HoldAsync(string name, string key)
    {
        await ToAsync(name);
        var address = page.Url;
        await page.Keyboard.DownAsync(key);
        await Eventually.HoldsAsync(() => ValueTask.FromResult(page.Url != address), "the key was held long enough");
        await page.Keyboard.UpAsync(key);
    }

    /// <summary>A dialog keeps the focus inside, ends with Escape, and gives the focus back to what opened it.</summary>
    public async Task ThroughDialogAsync()
    {
        var opener = await page.EvaluateAsync<string>("() => window.tocsinOpener");
        var dialog = page.Locator("dialog[open]");
        await Assertions.Expect(dialog).ToBeVisibleAsync();
        for (var pressed = 0; pressed < 12; pressed++)
        {
            await page.Keyboard.PressAsync("Tab");
            await SeesAsync();
            Assert.True(await page.EvaluateAsync<bool>("() => document.activeElement === document.body || document.activeElement.closest('dialog[open]') !== null"), "The focus left the dialog.");
        }

        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
        Assert.Equal(opener, (await SeesAsync()).Name);
    }

    /// <summary>Opens a dialog with Enter, remembering from where.</summary>
    public async Task OpenAsync(string name)
    {
        await ToAsync(name);
        var stop = await StopAsync();
        await page.EvaluateAsync("(name) => (window.tocsinOpener = name)", stop.Name);
        await page.Keyboard.PressAsync("Enter");
    }

    public Task<string> FocusedAsync() => page.EvaluateAsync<string>("() => document.activeElement?.textContent ?? ''");

    private async Task<Stop> SeesAsync()
    {
        var stop = await StopAsync();
        // What scrolls into the window may take a frame; what has no ring has none later either.
        if (stop.Unseen is not null)
        {
            await page.EvaluateAsync("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))");
            stop = await StopAsync();
        }

        Assert.True(stop.Unseen is null, $"{page.Url}: the focus on “{stop.Name}” is not seen: {stop.Unseen}.");
        return stop;
    }

    private async Task<Stop> StopAsync()
    {
        var found = (await page.EvaluateAsync(Probe))!.Value;
        return new Stop(found.GetProperty("name").GetString()!, found.GetProperty("unseen").GetString(), found.GetProperty("id").GetString()!);
    }

    private sealed record Stop(string Name, string? Unseen, string Id);
}
