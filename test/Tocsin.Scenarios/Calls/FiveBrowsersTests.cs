using System.Diagnostics;
using System.Globalization;
using Tocsin.Rehearsal.Calls;
using Tocsin.Scenarios.Published;

namespace Tocsin.Scenarios.Calls;

/// <summary>Four Chromium and a Firefox meet through the real program, by the product's own page, in a network of their own.</summary>
/// <remarks>Bounds are generous, for a machine that does other things too; the figures that are printed are what to read.</remarks>
public sealed class FiveBrowsersTests
{
    /// <summary>How long a participant whose browser died is kept, and some more: what is lost may come back.</summary>
    private static readonly TimeSpan kept = TimeSpan.FromSeconds(120);

    /// <summary>Since the server was killed, on a machine as busy as you like; what was measured is in decision 78.</summary>
    private static readonly TimeSpan back = TimeSpan.FromSeconds(90);

    /// <summary>Pictures a second: five people's machines are one here, and with ten a second it is at its end before anything is killed.</summary>
    private const int Rate = 5;

    /// <summary>What the unit's CPUWeight is to a single process (docs/decisions/0122): ten times the share of each browser. TOCSIN_TEST_NICENESS says another; 0 is none.</summary>
    private static readonly int niceness = int.Parse(Environment.GetEnvironmentVariable("TOCSIN_TEST_NICENESS") ?? "-10", CultureInfo.InvariantCulture);

    private readonly List<CallParticipant> all = [];
    private Guid meeting;
    private long began;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private CallParticipant Director => all[0];

    private CallParticipant Doomed => all[3];

    private IEnumerable<CallParticipant> Alive => all.Where(one => one.IsThere);

    [Fact(Timeout = CallRehearsal.TimeLimit)]
    public async Task Five_browsers_meet_share_a_screen_are_muted_killed_and_come_back_after_the_server_was_killed()
    {
        // What is shipped starts in a fraction of the time: its code was compiled in advance.
        await using var call = await CallRehearsal.StartAsync(5, Cancellation, PublishedProgram.IfThere);
        Tell(PublishedProgram.IfThere is null ? "the program is the one that was built: a published one starts sooner" : "the program is the published one");
        await ComeAsync(call);
        foreach (var one in all) await one.DecodesAsync(4);
        Tell("everybody decodes everybody");

        await Doomed.KillBrowserAsync();
        var killed = Stopwatch.GetTimestamp();
        var gone = all[4].SeesAsync(look => look.Tiles.All(tile => tile.Name != Doomed.Name), "no more of who was killed", kept);

        await ShareScreenAsync();
        await MuteAsync();
        await ShrinkAndGrowAsync();

        await gone;
        Begin(killed);
        Tell("whoever was killed is gone for a Firefox");
        foreach (var one in Alive) await one.SeesAsync(look => look.Tiles.Count == 4, "the four who are left");

        await KillServerAsync(call);
    }

    private async Task ComeAsync(CallRehearsal call)
    {
        var office = await call.OfficeAsync();
        var chromium = await call.OwnAsync(office.StartChromiumAsync());
        all.Add(await call.SitDownAsync(chromium, camera: 960, rate: Rate));
        meeting = await call.OpenMeetingAsync(Director);
        all.Add(await call.SitDownAsync(chromium, rate: Rate));
        all.Add(await call.SitDownAsync(chromium, rate: Rate));
        all.Add(await call.SitDownAsync(await call.OwnAsync(office.StartChromiumAsync()), rate: Rate));
        all.Add(await call.SitDownAsync(await call.OwnAsync(office.StartFirefoxAsync()), rate: Rate));
        foreach (var one in all)
        {
            await one.EnterAsync(meeting);
            Begin();
            await one.DecodesAsync(all.IndexOf(one), frames: 1);
            Tell($"{one.Name} pressed the button, and decodes all who were there");
        }
    }

    private async Task ShareScreenAsync()
    {
        Begin();
        await Director.PressAsync("Share the screen");
        foreach (var one in Alive.Skip(1)) await one.SeesAsync(look => look.VideoOf($"Screen of {Director.Name}") is { Frames: > 1 }, "the screen");
        Tell("the screen is decoded by all");
        await Director.PressAsync("Stop sharing the screen");
        foreach (var one in Alive) await one.SeesAsync(look => look.Tiles.All(tile => !tile.Name.StartsWith("Screen of", StringComparison.Ordinal)), "no screen any more");
    }

    private async Task MuteAsync()
    {
        var others = Alive.Skip(1).ToList();
        foreach (var one in others) await one.SeesAsync(look => look.Tiles.Any(tile => tile.Name == Director.Name && tile.Speaks), "the director speak");
        Begin();
        await Director.PressAsync("Mute the microphone");
        foreach (var one in others)
        {
            var muted = await one.SeesAsync(look => look.Tiles.Any(tile => tile.Name == Director.Name && tile.Marks.Contains("muted") && !tile.Speaks), "that the director is muted, and speaks no more");

            // What had come already is played to its end; after that, nothing that could be heard.
            double? energy = null;
            await one.SeesAsync(
                look =>
                {
                    var (before, now) = (energy, look.VoiceOf(Director.Name)!.Energy);
                    energy = now;
                    return look.At > muted.At + 500 && now - before < 1e-6;
                },
                "no energy of a voice that is muted");
        }

        Tell("all see and hear that the director is muted");
        var silent = await all[1].LookAsync();
        await Director.PressAsync("Open the microphone");
        await all[1].SeesAsync(look => look.VoiceOf(Director.Name)!.Energy > silent.VoiceOf(Director.Name)!.Energy + 1e-4, "the voice again");
    }

    private async Task ShrinkAndGrowAsync()
    {
        var watcher = all[1];
        await watcher.Page.SetViewportSizeAsync(1280, 720);
        await watcher.Page.Locator($"figure[aria-label='{Director.Name}'] .pin").ClickAsync(new() { Force = true });
        Begin();
        await WidthAsync(width => width >= 480, "a large picture where it is shown large");
        Begin();
        await watcher.Page.SetViewportSizeAsync(240, 480);
        await WidthAsync(width => width <= 240, "a small picture where the window is small");
        Begin();
        await watcher.Page.SetViewportSizeAsync(1280, 720);
        await WidthAsync(width => width >= 480, "a large picture again");

        async Task WidthAsync(Func<int, bool> isRight, string what)
        {
            var look = await watcher.SeesAsync(seen => isRight(seen.VideoOf(Director.Name)!.Width), what);
            Tell(string.Create(CultureInfo.InvariantCulture, $"{what} came, {look.VideoOf(Director.Name)!.Width} wide"));
        }
    }

    private async Task KillServerAsync(CallRehearsal call)
    {
        var moment = TimeProvider.System.GetUtcNow();
        Begin();
        await call.Server.KillAsync();

        // Only now: what came until then would count as decoded since.
        var before = await Task.WhenAll(Alive.Select(one => one.LookAsync()));
        call.Server.Niceness = niceness == 0 ? null : niceness;
        await call.Server.StartAsync();
        await call.Server.ListensAsync();
        Tell($"the server listens again, with {Spent(call)} of processor time");
        await Task.WhenAll(Alive.Zip(before, async (one, was) =>
        {
            await one.DecodesAsync(3, since: was, within: back);
            Tell($"since the server was killed, until {one.Name} decodes everybody again; the server spent {Spent(call)}");
        }));
        foreach (var one in Alive) TestContext.Current.TestOutputHelper?.WriteLine(await one.HappenedSinceAsync(moment));
    }

    private static string Spent(CallRehearsal call) => string.Create(CultureInfo.InvariantCulture, $"{call.Server.ProcessorTime().TotalSeconds:0.00} s");

    private void Begin(long? at = null) => began = at ?? Stopwatch.GetTimestamp();

    private void Tell(string what) =>
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(began).TotalSeconds,6:0.00} s  {what}  (load {File.ReadAllText("/proc/loadavg").Split(' ')[0]})"));
}
