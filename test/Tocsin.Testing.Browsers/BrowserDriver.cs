using Microsoft.Playwright;
using Tocsin.Testing.Networks;

namespace Tocsin.Testing.Browsers;

/// <summary>What starts browsers and talks to them. Where it runs in a network namespace, so do they.</summary>
public sealed class BrowserDriver : IDisposable
{
    // Playwright reads it when its driver is started.
    private const string NodeVariable = "PLAYWRIGHT_NODEJS_PATH";
    private static readonly SemaphoreSlim starting = new(1);

    private readonly IPlaywright playwright;

    private BrowserDriver(IPlaywright playwright) => this.playwright = playwright;

    /// <param name="inside">Null: where the tests run.</param>
    public static async Task<BrowserDriver> StartAsync(NetworkNamespace? inside = null)
    {
        // Of the whole process: set here it holds in every test that has a browser, whichever runs first.
        Assertions.SetDefaultExpectTimeout((float)Eventually.Limit.TotalMilliseconds);
        await starting.WaitAsync();
        try
        {
            return new BrowserDriver(inside is null ? await Playwright.CreateAsync() : await StartInsideAsync(inside));
        }
        finally
        {
            starting.Release();
        }
    }

    /// <summary>Chromium without the browser's own windows, which no test looks at: docs/decisions/0144. It has no notifications.</summary>
    /// <param name="flags">Besides those that keep it quiet and give it a camera.</param>
    public Task<IBrowser> StartChromiumAsync(params string[] flags) => LaunchChromiumAsync(Chromium.FindShell(), flags);

    /// <summary>The whole of Chromium, as people have it.</summary>
    public Task<IBrowser> StartWholeChromiumAsync() => LaunchChromiumAsync(Chromium.FindProgram(), []);

    /// <summary>Chromium as one person has it at home, in English: what it keeps is in the directory and outlives it.</summary>
    /// <param name="profile">An existing directory of this browser's alone.</param>
    public Task<IBrowserContext> StartPersonalChromiumAsync(string profile) =>
        playwright.Chromium.LaunchPersistentContextAsync(profile, new BrowserTypeLaunchPersistentContextOptions
        {
            ExecutablePath = Chromium.FindProgram(),
            Headless = true,
            ChromiumSandbox = !Environment.IsPrivilegedProcess,
            Args = Chromium.Quiet,
            Locale = "en-GB",
            TimezoneId = "Europe/Paris",
        });

    /// <summary>The system's Firefox, by WebDriver BiDi (the channel's name is the driver's word for that), with a camera and a microphone that need no permission.</summary>
    public Task<IBrowser> StartFirefoxAsync() =>
        playwright.Firefox.LaunchAsync(new BrowserTypeLaunchOptions
        {
            Channel = "moz-firefox",
            ExecutablePath = File.Exists(FirefoxProgram) ? FirefoxProgram : throw new InvalidOperationException("Firefox is not installed: `./dev setup` installs what the tests need."),
            Headless = true,
            FirefoxUserPrefs = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["media.navigator.streams.fake"] = true,
                ["media.navigator.permission.disabled"] = true,
                ["media.autoplay.default"] = 0,
                ["media.navigator.video.default_fps"] = 10,
            },
        });

    public void Dispose() => playwright.Dispose();

    private const string FirefoxProgram = "/usr/bin/firefox-esr";

    private Task<IBrowser> LaunchChromiumAsync(string program, string[] flags) =>
        playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = program,
            Headless = true,
            ChromiumSandbox = !Environment.IsPrivilegedProcess,
            Args = [.. Chromium.Quiet, .. flags],
        });

    private static async Task<IPlaywright> StartInsideAsync(NetworkNamespace inside)
    {
        using var scratch = new ScratchDirectory();
        var node = scratch.File("node");
        await File.WriteAllTextAsync(node, $"#!/bin/sh\nexec nsenter --net={inside.Path} -- node \"$@\"\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(node, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var before = Environment.GetEnvironmentVariable(NodeVariable);
        Environment.SetEnvironmentVariable(NodeVariable, node);
        try
        {
            return await Playwright.CreateAsync();
        }
        finally
        {
            Environment.SetEnvironmentVariable(NodeVariable, before);
        }
    }
}
