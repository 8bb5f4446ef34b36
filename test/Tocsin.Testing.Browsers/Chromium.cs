using Microsoft.Playwright;

namespace Tocsin.Testing.Browsers;

/// <summary>The system's Chromium without a window. It ends with its owner, and talks to nobody by itself.</summary>
public sealed class Chromium : IAsyncDisposable
{
    internal static readonly string[] Quiet =
    [
        "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        // Half of the pictures that it makes by itself: what costs most here is to draw, compress and show them, for many who share the machine's processors.
        "--use-fake-device-for-media-stream=fps=10", "--use-fake-ui-for-media-stream",
        // Where no route leads out, the loopback interface is all there is for a call too.
        "--allow-loopback-in-peer-connection",
    ];

    private readonly BrowserDriver driver;

    private Chromium(BrowserDriver driver, IBrowser browser) => (this.driver, Browser) = (driver, browser);

    public IBrowser Browser { get; }

    /// <inheritdoc cref="BrowserDriver.StartChromiumAsync"/>
    public static Task<Chromium> StartAsync() => StartAsync(driver => driver.StartChromiumAsync());

    /// <inheritdoc cref="BrowserDriver.StartWholeChromiumAsync"/>
    public static Task<Chromium> StartWholeAsync() => StartAsync(driver => driver.StartWholeChromiumAsync());

    /// <summary>A new person at a new device: cookies, storage and service workers of their own.</summary>
    /// <param name="language">Of the browser (<c>fr-FR</c>).</param>
    public Task<IBrowserContext> NewPersonAsync(string language = "fr-FR") =>
        Browser.NewContextAsync(new BrowserNewContextOptions { Locale = language, TimezoneId = "Europe/Paris" });

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        driver.Dispose();
    }

    internal static string FindProgram() => Find("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");

    internal static string FindShell() => Find("/usr/bin/chromium-headless-shell");

    private static async Task<Chromium> StartAsync(Func<BrowserDriver, Task<IBrowser>> launch)
    {
        var started = await BrowserDriver.StartAsync();
        try
        {
            return new Chromium(started, await launch(started));
        }
        catch
        {
            started.Dispose();
            throw;
        }
    }

    private static string Find(params string[] programs) =>
        programs.FirstOrDefault(File.Exists) ?? throw new InvalidOperationException("Chromium is not installed: `./dev setup` installs what the tests need.");
}
