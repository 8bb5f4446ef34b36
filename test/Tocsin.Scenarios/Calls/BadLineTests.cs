using System.Diagnostics;
using System.Globalization;
using Tocsin.Rehearsal.Calls;
using Tocsin.Testing;
using Tocsin.Testing.Networks;

namespace Tocsin.Scenarios.Calls;

/// <summary>Two Chromium in a call through the real program, one of them at the end of a line that becomes bad.</summary>
/// <remarks>Bounds are generous, for a machine that does other things too; the figures that are printed are what to read.</remarks>
public sealed class BadLineTests : IAsyncDisposable
{
    private static readonly TimeSpan period = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(90);

    private CallRehearsal? call;
    private NetworkSite? site;
    private CallParticipant? near;
    private CallParticipant? far;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = CallRehearsal.TimeLimit)]
    public async Task A_call_goes_on_with_a_tenth_of_packets_lost_and_a_tenth_of_a_second_there_and_back()
    {
        await MeetAsync();
        var bad = new LineQuality(Delay: TimeSpan.FromMilliseconds(50), Loss: 0.1);
        site!.Become(bad, bad);
        await far!.LookAfterAsync(TimeSpan.FromSeconds(3));
        var (there, here) = await OverAPeriodAsync();
        foreach (var heard in new[] { there, here })
        {
            Assert.InRange(heard.InventedShare, 0, 0.15);
            Assert.True(heard.Frames > 0, heard.ToString());
        }
    }

    [Fact(Timeout = CallRehearsal.TimeLimit)]
    public async Task A_call_goes_on_at_once_after_two_seconds_without_a_packet()
    {
        await MeetAsync();
        site!.Become(LineQuality.Dead, LineQuality.Dead);
        await near!.LookAfterAsync(TimeSpan.FromSeconds(2));
        var before = (Far: await far!.LookAsync(), Near: await near.LookAsync());
        site.Become(LineQuality.Perfect, LineQuality.Perfect);
        var since = Stopwatch.GetTimestamp();
        await Task.WhenAll(RecoversAsync(far, before.Far, since), RecoversAsync(near, before.Near, since));
    }

    [Fact(Timeout = CallRehearsal.TimeLimit)]
    public async Task A_call_goes_on_over_tcp_where_udp_is_blocked_in_its_midst()
    {
        await MeetAsync();
        Assert.All((await far!.LookAsync()).Paths, path => Assert.Equal("udp", path.Protocol));
        var blocked = new LineQuality { BlocksUdp = true };
        site!.Become(blocked, blocked);
        var since = Stopwatch.GetTimestamp();
        var moment = TimeProvider.System.GetUtcNow();
        var before = (Far: await far.LookAsync(), Near: await near!.LookAsync());
        await Task.WhenAll(RecoversAsync(far, before.Far, since, patience, frames: 20), RecoversAsync(near, before.Near, since, patience, frames: 20));
        var happened = await far.HappenedSinceAsync(moment);
        Tell(happened);

        // How soon is printed, and no bound of the test's: 4 to 5.5 s were measured at loads of 9 to 17 on two processors, 7 to 9 where the server does not tell that it hears nothing.
        Assert.Contains("told disconnected", happened, StringComparison.Ordinal);
        Assert.All((await far.LookAsync()).Paths.Where(path => path.State == "connected"), path => Assert.Equal("tcp", path.Protocol));
    }

    [Fact(Timeout = CallRehearsal.TimeLimit)]
    public async Task A_call_is_joined_over_tcp_where_udp_is_blocked_from_the_start()
    {
        var blocked = new LineQuality { BlocksUdp = true };
        await MeetAsync(blocked, blocked);
        Assert.All((await far!.LookAsync()).Paths, path => Assert.Equal("tcp", path.Protocol));
    }

    [Fact(Timeout = CallRehearsal.TimeLimit)]
    public async Task A_line_of_300_kilobits_carries_the_voice_and_a_small_picture()
    {
        await MeetAsync();
        site!.Become(new LineQuality(300_000, TimeSpan.FromMilliseconds(20)), new LineQuality(Delay: TimeSpan.FromMilliseconds(20)));
        await far!.LookAfterAsync(TimeSpan.FromSeconds(8));
        var (there, _) = await OverAPeriodAsync("300 kbit/s: ");
        Assert.InRange(there.InventedShare, 0, 0.1);
        Assert.True(there.Frames > 10, there.ToString());
    }

    /// <remarks>
    /// Which layer is sent at which rate is asserted in simulations (<c>MeetingTests</c> of the forwarding): a browser's fake camera takes some 300 kbit/s for its largest picture, so that half a megabit
    /// may carry that or the next smaller.
    /// </remarks>
    [Fact(Timeout = CallRehearsal.TimeLimit)]
    public async Task A_line_that_goes_from_3_megabits_to_half_of_one_and_back_carries_the_voice_throughout_and_the_picture_follows()
    {
        var wide = new LineQuality(3_000_000, TimeSpan.FromMilliseconds(20));
        var narrow = new LineQuality(500_000, TimeSpan.FromMilliseconds(20));
        var up = new LineQuality(Delay: TimeSpan.FromMilliseconds(20));
        await MeetAsync(wide, up);
        // The largest quality is asked for where a face has more than 450 lines (VideoDemand): in a smaller window the stage has fewer, and 480 wide is all that is wanted.
        await far!.Page.SetViewportSizeAsync(1280, 900);
        await far.Page.Locator($"figure[aria-label='{near!.Name}'] .pin").ClickAsync(new() { Force = true });
        var large = await FollowsAsync(width => width > 500, "3 Mbit/s, large");

        site!.Become(narrow, up);
        await HasVoiceAndPictureAsync("500 kbit/s, from the first moment: ");
        await HasVoiceAndPictureAsync("500 kbit/s, then: ");
        site.Become(wide, up);
        await HasVoiceAndPictureAsync("3 Mbit/s again, from the first moment: ");
        await FollowsAsync(width => width >= large, "3 Mbit/s again, as large as before");

        async Task HasVoiceAndPictureAsync(string what)
        {
            var (there, _) = await OverAPeriodAsync(what);
            Assert.InRange(there.InventedShare, 0, 0.1);
            Assert.True(there.Frames > 10, there.ToString());
        }

        async Task<int> FollowsAsync(Func<int, bool> isRight, string what)
        {
            var since = Stopwatch.GetTimestamp();
            var before = await far.LookAsync();
            bool IsShown(ReceivedStream video) => isRight(video.Width) && video.Frames > before.Videos.Where(one => one.Track == video.Track).Sum(one => one.Frames);
            var look = await far.SeesAsync(seen => seen.Videos.Any(IsShown), what, patience);
            var width = look.Videos.Max(video => video.Width);
            Tell(string.Create(CultureInfo.InvariantCulture, $"{what}: {width} wide, after {Stopwatch.GetElapsedTime(since).TotalSeconds:0.0} s"));
            return width;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (call is not null) await call.DisposeAsync();
    }

    /// <param name="down">Of the line to the site, from before anybody comes.</param>
    /// <param name="up">From the site.</param>
    private async Task MeetAsync(LineQuality? down = null, LineQuality? up = null)
    {
        call = await CallRehearsal.StartAsync(2, Cancellation);
        site = await call.Network.AddFarSiteAsync(TestSeed.Random());
        site.Become(down ?? LineQuality.Perfect, up ?? LineQuality.Perfect);
        near = await call.SitDownAsync(await call.OwnAsync((await call.OfficeAsync()).StartChromiumAsync()), camera: 960);
        var meeting = await call.OpenMeetingAsync(near);
        far = await call.SitDownAsync(await call.OwnAsync((await call.DriverAtAsync(site)).StartChromiumAsync()), camera: 960);
        await near.EnterAsync(meeting);
        await far.EnterAsync(meeting);
        var since = Stopwatch.GetTimestamp();
        await far.DecodesAsync(1, frames: 1);
        await near.DecodesAsync(1, frames: 1);
        Tell(string.Create(CultureInfo.InvariantCulture, $"the button was pressed at the end of the line, and each decodes the other, after {Stopwatch.GetElapsedTime(since).TotalSeconds:0.0} s"));
        await OverAPeriodAsync("as good as it gets: ");
    }

    private async Task<(Heard There, Heard Here)> OverAPeriodAsync(string what = "")
    {
        var before = (Far: await far!.LookAsync(), Near: await near!.LookAsync());
        var after = (Far: await far.LookAfterAsync(period), Near: await near.LookAsync());
        var heard = (There: Heard.Between(before.Far, after.Far), Here: Heard.Between(before.Near, after.Near));
        Tell($"{what}at the end of the line {heard.There}; at the office {heard.Here}");
        return heard;
    }

    /// <summary>Waits until sound and pictures come again.</summary>
    private static async Task RecoversAsync(CallParticipant who, CallLook before, long since, TimeSpan? limit = null, int frames = 3)
    {
        await who.SeesAsync(look => look.Voices.Any(voice => voice.Packets > before.Voices.Where(one => one.Track == voice.Track).Sum(one => one.Packets) + 10), "a voice again", limit);
        var voice = Stopwatch.GetElapsedTime(since);
        await who.SeesAsync(look => look.Videos.Any(video => video.Frames > before.Videos.Where(one => one.Track == video.Track).Sum(one => one.Frames) + frames), "pictures again", limit);
        Tell(string.Create(CultureInfo.InvariantCulture, $"{who.Name} hears after {voice.TotalSeconds:0.00} s, sees after {Stopwatch.GetElapsedTime(since).TotalSeconds:0.00} s"));
    }

    private static void Tell(string what) =>
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}  (load {File.ReadAllText("/proc/loadavg").Split(' ')[0]})");
}
