using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Tocsin.Alerting.Plans;
using Tocsin.Rehearsal;
using Tocsin.Storage;
using Tocsin.Storage.Model;
using Tocsin.Storage.Rooms;
using Tocsin.Testing;
using Tocsin.Testing.Browsers;

namespace Tocsin.Scenarios.Long.Rooms;

/// <summary>
/// The largest file there may be, 2 GiB, from one person's browser through the real program on its own database to another's, while the line breaks and the program is killed: every byte arrives, and neither
/// program nor page ever holds more than a small part of it.
/// </summary>
/// <remarks>It takes some minutes and 12 GiB of the disk. The figures of its runs are in docs/decisions/0135.</remarks>
public sealed class LargestFileTests
{
    private const int TimeLimit = 2_400_000;

    private const float PatienceMilliseconds = 1_200_000;

    private const long Largest = 1L << 31;

    private const int Part = 512 * 1024;

    private const int Parts = (int)(Largest / Part);

    /// <summary>What each of the two may hold more than before, in MiB: a quarter of the file.</summary>
    private const double Bound = 512;

    private static readonly TimeSpan patience = TimeSpan.FromMilliseconds(PatienceMilliseconds);

    private readonly long began = Stopwatch.GetTimestamp();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A browser that asks where to writes there; one that does not (Firefox) writes to its own disk first and hands over from there. Here both are the same browser: the picker is one that nobody has to answer, or none.</summary>
    [Fact(Timeout = TimeLimit)]
    public async Task Two_gibibytes_arrive_whole_over_a_line_that_breaks_and_a_server_that_dies_and_are_never_in_memory()
    {
        using var data = new ScratchDirectory();
        using var herProfile = new ScratchDirectory();
        using var hisProfile = new ScratchDirectory();
        using var files = new ScratchDirectory();
        var path = files.File("imaging.bin");
        var (whole, ofParts) = await WriteRandomAsync(path);
        await using var organisation = await Organisation.CreateAsync(DatabaseOptions.SqliteFile(data.File("tocsin.db")), 2, _ => ContactPointKind.Email, Cancellation);
        var hisCookie = await organisation.SignInAsync(1, Roles.Staff, Cancellation);
        await using var server = ServerProcess.Prepare(data, null, new Dictionary<string, object>(StringComparer.Ordinal), webRoot: Path.Combine(Repository.Root, "web", "dist"));
        await StartAsync(server);
        using var driver = await BrowserDriver.StartAsync();
        var hers = await OpenAsync(await driver.StartPersonalChromiumAsync(herProfile.Path), server.Address, organisation.Cookie, picks: true);
        var his = await OpenAsync(await driver.StartPersonalChromiumAsync(hisProfile.Path), server.Address, hisCookie, picks: false);
        await hers.GetByRole(AriaRole.Button, new() { Name = "New room" }).First.ClickAsync();
        await hers.GetByLabel("Name of the room").FillAsync("Imaging");
        await hers.GetByLabel("People", new() { Exact = true }).FillAsync("Martin1");
        await hers.GetByRole(AriaRole.Button, new() { Name = "Camille Martin1" }).ClickAsync();
        await hers.GetByRole(AriaRole.Button, new() { Name = "Begin the room" }).ClickAsync();
        await hers.GetByRole(AriaRole.Heading, new() { Name = "Imaging" }).WaitForAsync();
        await his.GetByRole(AriaRole.Link, new() { Name = "Imaging" }).ClickAsync();

        // One byte more is refused before anything is read of it.
        var tooLarge = files.File("more.bin");
        await using (var sparse = File.Create(tooLarge)) sparse.SetLength(Largest + 1);
        await hers.Locator("input[type=file]").SetInputFilesAsync(tooLarge);
        await hers.GetByText("Not sent: more.bin This file is too large to be sent here.").WaitForAsync();
        await hers.GetByRole(AriaRole.Button, new() { Name = "Cancel sending more.bin" }).ClickAsync();

        using (var page = new OwnMemory(() => OwnMebibytes(herProfile.Path), TimeProvider.System))
        {
            var memory = new OwnMemory(server);
            var started = Stopwatch.GetTimestamp();
            await hers.Locator("input[type=file]").SetInputFilesAsync(path);
            await ArrivedAsync(organisation, 1);
            Tell("sealed onto her disk", started);
            started = Stopwatch.GetTimestamp();

            // The line breaks; what had arrived stays.
            await ArrivedAsync(organisation, Parts / 4);
            await hers.Context.SetOfflineAsync(true);
            await hers.GetByText("Waiting for the link: imaging.bin").WaitForAsync();
            var before = await CountPartsAsync(organisation);
            Assert.InRange(before, Parts / 4, Parts - 1);
            await hers.Context.SetOfflineAsync(false);

            // The server dies.
            await ArrivedAsync(organisation, Math.Max(before + 1, Parts / 2));
            await EndAsync(memory, "the server, taking the first half");
            await server.KillAsync();
            Assert.InRange(await CountPartsAsync(organisation), Parts / 2, Parts - 1);
            await hers.GetByText("Waiting for the link: imaging.bin").WaitForAsync();
            await StartAsync(server);
            memory = new OwnMemory(server);
            await DownloadButton(hers).WaitForAsync();
            Tell("sent, with both interruptions", started);
            await EndAsync(memory, "the server, taking the second half");
            await EndAsync(page, "her browser");
        }

        await using (var db = await organisation.ContextAsync(Cancellation))
        {
            var file = Assert.Single(await db.Set<RoomFile>().AsNoTracking().ToListAsync(Cancellation));
            Assert.Equal((Largest, true), (file.Size, file.EntrySeq is not null));
            Assert.Equal(Parts, await db.Set<RoomFileChunk>().CountAsync(Cancellation));
        }

        // Another person's browser, by way of its own disk to where downloads go; his line breaks, too.
        await DownloadButton(his).WaitForAsync();
        using (var page = new OwnMemory(() => OwnMebibytes(hisProfile.Path), TimeProvider.System))
        using (var memory = new OwnMemory(server))
        {
            var started = Stopwatch.GetTimestamp();
            var received = await his.RunAndWaitForDownloadAsync(async () =>
            {
                await DownloadButton(his).ClickAsync();
                await his.WaitForFunctionAsync("() => Number(document.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow')) >= 25");
                var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                his.RequestFailed += (_, _) => lost.TrySetResult();
                await his.Context.SetOfflineAsync(true);
                await lost.Task.WaitAsync(patience, Cancellation);
                await his.Context.SetOfflineAsync(false);
            });
            await his.GetByText("imaging.bin was downloaded and verified.").WaitForAsync();
            var kept = await received.PathAsync();
            Tell("downloaded by way of his browser's disk, with a line that broke", started);
            await EndAsync(page, "his browser");
            await EndAsync(memory, "the server, giving it");
            await using var stream = File.OpenRead(kept);
            Assert.Equal(Largest, stream.Length);
            Assert.Equal(Convert.ToHexString(whole), Convert.ToHexString(await SHA256.HashDataAsync(stream, Cancellation)));
        }

        // And hers, straight to the place that she picked.
        using (var page = new OwnMemory(() => OwnMebibytes(herProfile.Path), TimeProvider.System))
        {
            var started = Stopwatch.GetTimestamp();
            await DownloadButton(hers).ClickAsync();
            await hers.GetByText("imaging.bin was downloaded and verified.").WaitForAsync();
            Tell("downloaded to a place that was picked", started);
            await EndAsync(page, "her browser");
            var hashes = await hers.EvaluateAsync<string>(HashOfPicked);
            Assert.Equal(Convert.ToHexString(ofParts), hashes.ToUpperInvariant());
        }
    }

    /// <summary>The hash over the hashes of all parts of what lies where <see cref="PickedPlace"/> put it.</summary>
    private const string HashOfPicked = """
        async () => {
          const file = await (await (await navigator.storage.getDirectory()).getFileHandle('picked')).getFile();
          const size = 512 * 1024;
          const hashes = new Uint8Array(Math.ceil(file.size / size) * 32);
          for (let at = 0; at * size < file.size; at++)
            hashes.set(new Uint8Array(await crypto.subtle.digest('SHA-256', await file.slice(at * size, (at + 1) * size).arrayBuffer())), at * 32);
          return [...new Uint8Array(await crypto.subtle.digest('SHA-256', hashes))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
        }
        """;

    /// <summary>Answers as a person who chose a place: no window of the system can be pressed here.</summary>
    private const string PickedPlace = "window.showSaveFilePicker = async () => (await navigator.storage.getDirectory()).getFileHandle('picked', { create: true });";

    private const string NoPicker = "delete window.showSaveFilePicker;";

    private static async Task StartAsync(ServerProcess server)
    {
        await server.StartAsync();
        await server.ListensAsync();
        await server.IsReadyAsync();
    }

    private static async Task<IPage> OpenAsync(IBrowserContext browser, Uri server, string cookie, bool picks)
    {
        browser.SetDefaultTimeout(PatienceMilliseconds);
        await browser.AddInitScriptAsync(picks ? PickedPlace : NoPicker);
        await browser.AddCookiesAsync([new Cookie { Name = "tocsin", Value = cookie["tocsin=".Length..], Url = server.ToString() }]);
        var page = await browser.NewPageAsync();
        await page.GotoAsync(new Uri(server, "/rooms").ToString());
        await page.GetByRole(AriaRole.Heading, new() { Name = "Rooms", Exact = true }).WaitForAsync();
        return page;
    }

    private static ILocator DownloadButton(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "Download imaging.bin" });

    /// <returns>The hash of the whole, and that over the hashes of its parts.</returns>
    private static async Task<(byte[] Whole, byte[] OfParts)> WriteRandomAsync(string path)
    {
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var ofParts = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var part = new byte[Part];
        await using var file = File.Create(path);
        for (var number = 0; number < Parts; number++)
        {
            RandomNumberGenerator.Fill(part);
            whole.AppendData(part);
            ofParts.AppendData(SHA256.HashData(part));
            await file.WriteAsync(part, Cancellation);
        }

        return (whole.GetHashAndReset(), ofParts.GetHashAndReset());
    }

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

    private async Task EndAsync(OwnMemory memory, string whose)
    {
        var most = await memory.EndAsync();
        Tell(string.Create(CultureInfo.InvariantCulture, $"memory of {whose}: {memory.Before:0} MiB before, {most:0} at most"));
        Assert.True(most - memory.Before < Bound, string.Create(CultureInfo.InvariantCulture, $"{whose} took {most - memory.Before:0} MiB"));
    }

    /// <summary>What all processes of the browser with this profile hold that is no file of the disk: their own, and what they share with each other.</summary>
    private static double OwnMebibytes(string profile)
    {
        var sum = 0.0;
        foreach (var process in Process.GetProcesses())
        {
            using (process)
            {
                try
                {
                    var directory = string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/");
                    if (!File.ReadAllText(directory + "cmdline").Contains(profile, StringComparison.Ordinal)) continue;
                    sum += File.ReadLines(directory + "smaps_rollup").Where(line => line.StartsWith("Pss_Anon:", StringComparison.Ordinal) || line.StartsWith("Pss_Shmem:", StringComparison.Ordinal))
                        .Sum(line => double.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)) / 1024;
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidOperationException)
                {
                    // It has ended, or is nobody's that we may look at.
                }
            }
        }

        return sum;
    }

    private void Tell(string what, long since) => Tell(string.Create(CultureInfo.InvariantCulture, $"{what}: {Stopwatch.GetElapsedTime(since).TotalSeconds:0} s"));

    private void Tell(string what) => TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(began).TotalSeconds:0} s: {what} (load {File.ReadAllText("/proc/loadavg").Split(' ')[0]})"));
}
