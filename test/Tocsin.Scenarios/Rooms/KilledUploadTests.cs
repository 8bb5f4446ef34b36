using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Tocsin.Alerting.Plans;
using Tocsin.Rehearsal;
using Tocsin.Scenarios.Published;
using Tocsin.Storage;
using Tocsin.Storage.Rooms;
using Tocsin.Testing;
using Tocsin.Testing.Browsers;

namespace Tocsin.Scenarios.Rooms;

/// <summary>A file on its way from a real browser to the real program, while the program and then the browser are killed with SIGKILL: it arrives whole and once, counts once, and what nobody finishes is carried by no entry.</summary>
public sealed class KilledUploadTests
{
    private const int TimeLimit = 420_000;

    private const float PatienceMilliseconds = 90_000;

    private const int Part = 512 * 1024;

    private const int Parts = 48;

    /// <summary>Of the line to the server, in bytes a second: so slow that there is a midst to be killed in.</summary>
    private const int Slow = 2 * 1024 * 1024;

    private static readonly TimeSpan patience = TimeSpan.FromSeconds(90);

    private static readonly byte[] content = RandomNumberGenerator.GetBytes((Parts * Part) - 4321);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TimeLimit)]
    public async Task A_file_survives_the_death_of_the_server_and_of_the_browser_whole_and_once()
    {
        using var data = new ScratchDirectory();
        using var profile = new ScratchDirectory();
        await using var organisation = await Organisation.CreateAsync(DatabaseOptions.SqliteFile(data.File("tocsin.db")), 1, _ => ContactPointKind.Email, Cancellation);
        await using var server = ServerProcess.Prepare(
            data, null, new Dictionary<string, object>(StringComparer.Ordinal), PublishedProgram.IfThere, Path.Combine(Repository.Root, "web", "dist"));
        await StartAsync(server);
        using var driver = await BrowserDriver.StartAsync();
        var browser = await driver.StartPersonalChromiumAsync(profile.Path);
        var page = await OpenAsync(browser, server.Address, organisation.Cookie);
        await PressAsync(page, "New room");
        await page.GetByLabel("Name of the room").FillAsync("Logistics");
        await PressAsync(page, "Begin the room");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Logistics" }).WaitForAsync();
        var path = data.File("plan.pdf");
        await File.WriteAllBytesAsync(path, content, Cancellation);

        // The server dies while it takes parts.
        await SlowDownAsync(page);
        await page.Locator("input[type=file]").SetInputFilesAsync(path);
        await ArrivedAsync(organisation, 3);
        await server.KillAsync();
        var before = await CountPartsAsync(organisation);
        Assert.InRange(before, 3, Parts - 1);
        await page.GetByText("Waiting for the link: plan.pdf").WaitForAsync();
        await StartAsync(server);

        // It goes on by itself, and then the browser dies: all of its processes at once.
        await ArrivedAsync(organisation, before + 3);
        await KillAsync(browser, profile.Path);
        var between = await CountPartsAsync(organisation);
        Assert.InRange(between, before, Parts - 1);
        browser = await driver.StartPersonalChromiumAsync(profile.Path);
        page = await OpenAsync(browser, server.Address, organisation.Cookie);
        await page.GetByRole(AriaRole.Link, new() { Name = "Logistics" }).ClickAsync();
        var download = page.GetByRole(AriaRole.Button, new() { Name = "Download plan.pdf" });
        await download.WaitForAsync();
        var received = await page.RunAndWaitForDownloadAsync(() => download.ClickAsync());
        Assert.Equal(SHA256.HashData(content), SHA256.HashData(await File.ReadAllBytesAsync(await received.PathAsync(), Cancellation)));

        // Once, also after another look; and it counts once for whoever has a share of the disk.
        await page.ReloadAsync();
        await download.WaitForAsync();
        Assert.Equal(1, await download.CountAsync());
        await using (var db = await organisation.ContextAsync(Cancellation))
        {
            var file = Assert.Single(await db.Set<RoomFile>().AsNoTracking().ToListAsync(Cancellation));
            Assert.NotNull(file.EntrySeq);
            Assert.Equal(content.Length, file.Size);
            Assert.Equal(Enumerable.Range(0, Parts).Select(number => (long)number), await db.Set<RoomFileChunk>().OrderBy(chunk => chunk.Number).Select(chunk => chunk.Number).ToListAsync(Cancellation));
        }

        // Another that nobody finishes: the browser dies and does not come back. No entry carries it, which is what makes it go after its time (RoomFileTests), and the first is as it was.
        await SlowDownAsync(page);
        await page.Locator("input[type=file]").SetInputFilesAsync(path);
        await ArrivedAsync(organisation, Parts + 2);
        await KillAsync(browser, profile.Path);
        await using (var db = await organisation.ContextAsync(Cancellation))
        {
            var files = await db.Set<RoomFile>().AsNoTracking().ToListAsync(Cancellation);
            Assert.Equal(2, files.Count);
            var left = Assert.Single(files, file => file.EntrySeq is null);
            Assert.InRange(await db.Set<RoomFileChunk>().CountAsync(chunk => chunk.FileId == left.Id, Cancellation), 2, Parts - 1);
            Assert.Equal(Parts, await db.Set<RoomFileChunk>().CountAsync(chunk => chunk.FileId != left.Id, Cancellation));
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{Parts} parts: the server died after {before}, the browser after {between} (load {File.ReadAllText("/proc/loadavg").Split(' ')[0]})"));
    }

    private static async Task StartAsync(ServerProcess server)
    {
        await server.StartAsync();
        await server.ListensAsync();
        await server.IsReadyAsync();
    }

    /// <summary>The person's own browser, whose session is told again: what was written of a cookie last may be lost with the browser.</summary>
    private static async Task<IPage> OpenAsync(IBrowserContext browser, Uri server, string cookie)
    {
        browser.SetDefaultTimeout(PatienceMilliseconds);
        await browser.AddCookiesAsync([new Cookie { Name = "tocsin", Value = cookie["tocsin=".Length..], Url = server.ToString() }]);
        var page = await browser.NewPageAsync();
        await page.GotoAsync(new Uri(server, "/rooms").ToString());
        await page.GetByRole(AriaRole.Heading, new() { Name = "Rooms", Exact = true }).WaitForAsync();
        return page;
    }

    private static async Task SlowDownAsync(IPage page)
    {
        var protocol = await page.Context.NewCDPSessionAsync(page);
        await protocol.SendAsync("Network.enable");
        await protocol.SendAsync("Network.emulateNetworkConditions", new Dictionary<string, object>(StringComparer.Ordinal) { ["offline"] = false, ["latency"] = 0, ["downloadThroughput"] = -1, ["uploadThroughput"] = Slow });
    }

    private static Task PressAsync(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name }).First.ClickAsync();

    private static async Task<int> CountPartsAsync(Organisation organisation)
    {
        await using var db = await organisation.ContextAsync(Cancellation);
        return await db.Set<RoomFileChunk>().CountAsync(Cancellation);
    }

    private static Task ArrivedAsync(Organisation organisation, int parts)
    {
        var arrived = 0;
        return Eventually.HoldsWithinAsync(patience, async () => (arrived = await CountPartsAsync(organisation)) >= parts, () => string.Create(CultureInfo.InvariantCulture, $"{arrived} of {parts} parts have arrived"));
    }

    /// <summary>Ends when the driver has seen the death: who closes what is dying is refused, or not, by chance.</summary>
    private static async Task KillAsync(IBrowserContext browser, string profile)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        browser.Close += (_, _) => gone.TrySetResult();
        KillBrowser(profile);
        await gone.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
    }

    /// <summary>SIGKILL to every process of the browser that has this profile, which is this test's own.</summary>
    private static void KillBrowser(string profile)
    {
        foreach (var process in System.Diagnostics.Process.GetProcesses())
        {
            using (process)
            {
                try
                {
                    if (File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/cmdline")).Contains(profile, StringComparison.Ordinal)) process.Kill();
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidOperationException or System.ComponentModel.Win32Exception)
                {
                    // It ended before, with one that was killed.
                }
            }
        }
    }
}
