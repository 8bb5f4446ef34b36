using System.Globalization;
using Tocsin.Rehearsal.Calls;

namespace Tocsin.Scenarios.Calls;

/// <summary>What cameras are sent in, by what the browsers of a call decode: real Chromium through the real program, everything sealed from end to end.</summary>
public sealed class CodecTests
{
    /// <summary>Only such machines encode VP9.</summary>
    private const int Processors = 8;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = CallRehearsal.TimeLimit)]
    public async Task Cameras_go_in_layers_of_VP9_until_somebody_comes_who_does_not_decode_it_and_then_in_VP8_without_a_hole()
    {
        await using var call = await CallRehearsal.StartAsync(3, Cancellation);
        var office = await call.OfficeAsync();
        var director = await call.SitDownAsync(await call.OwnAsync(office.StartChromiumAsync()), camera: 960, processors: Processors);
        var meeting = await call.OpenMeetingAsync(director);
        var watcher = await call.SitDownAsync(await call.OwnAsync(office.StartChromiumAsync()), processors: Processors);
        await director.EnterAsync(meeting);
        await watcher.EnterAsync(meeting);
        await watcher.DecodesAsync(1);
        await director.DecodesAsync(1);
        Tell($"VP9: {await SeesCodecAsync(watcher, director, "video/VP9")}");
        await SeesCodecAsync(director, watcher, "video/VP9");

        await watcher.Page.SetViewportSizeAsync(1280, 720);
        await watcher.Page.Locator($"figure[aria-label='{director.Name}'] .pin").ClickAsync(new() { Force = true });
        await WidthAsync(width => width >= 480, "a larger layer where it is shown large");
        await watcher.Page.SetViewportSizeAsync(240, 480);
        await WidthAsync(width => width <= 240, "the smallest layer where the window is small");
        await watcher.Page.SetViewportSizeAsync(1280, 720);
        await WidthAsync(width => width >= 480, "a larger layer again");

        await watcher.HoleOfAsync(director.Name);
        var third = await call.SitDownAsync(await call.OwnAsync(office.StartChromiumAsync()), codecs: ["video/VP8", "video/H264"]);
        await third.EnterAsync(meeting);
        await third.DecodesAsync(2);
        foreach (var one in new[] { director, watcher }) await one.DecodesAsync(2);
        Tell($"VP8 for who came: {await SeesCodecAsync(third, director, "video/VP8")}");
        Tell($"VP8 for who was there: {await SeesCodecAsync(watcher, director, "video/VP8")}");
        await director.SeesAsync(look => look.Sent.Where(stream => stream.Kind == "video").All(stream => stream.Codec != "video/VP9"), "that nothing is sent in VP9 any more");
        var hole = await watcher.HoleOfAsync(director.Name);
        Tell(string.Create(CultureInfo.InvariantCulture, $"the picture stood still for {hole.Longest / 1000:0.00} s at most"));
        Assert.Equal(0, hole.Emptied);
        Assert.Equal(3, (await watcher.LookAsync()).Tiles.Count);

        async Task WidthAsync(Func<int, bool> isRight, string what)
        {
            var before = await watcher.LookAsync();
            var look = await watcher.SeesAsync(seen => isRight(seen.VideoOf(director.Name)!.Width) && seen.VideoOf(director.Name)!.Frames > before.VideoOf(director.Name)!.Frames, what);
            Assert.Equal("video/VP9", look.VideoOf(director.Name)!.Codec);
            Tell(string.Create(CultureInfo.InvariantCulture, $"{what}: {look.VideoOf(director.Name)!.Width} wide, after {(look.At - before.At) / 1000:0.0} s"));
        }
    }

    [Fact(Timeout = CallRehearsal.TimeLimit)]
    public async Task A_device_that_knows_nothing_but_H264_is_seen_and_sees()
    {
        await using var call = await CallRehearsal.StartAsync(2, Cancellation);
        var office = await call.OfficeAsync();
        var director = await call.SitDownAsync(await call.OwnAsync(office.StartChromiumAsync()), camera: 960);
        var meeting = await call.OpenMeetingAsync(director);
        var device = await call.SitDownAsync(await call.OwnAsync(office.StartChromiumAsync()), codecs: ["video/H264"]);
        await director.EnterAsync(meeting);
        await device.EnterAsync(meeting);
        await device.DecodesAsync(1);
        await director.DecodesAsync(1);
        Tell($"to the device: {await SeesCodecAsync(device, director, "video/H264")}");
        Tell($"from the device: {await SeesCodecAsync(director, device, "video/H264")}");
    }

    private static async Task<ReceivedStream> SeesCodecAsync(CallParticipant who, CallParticipant whom, string codec)
    {
        var look = await who.SeesAsync(seen => seen.VideoOf(whom.Name) is { Frames: > 3 } video && video.Codec == codec, $"{whom.Name} in {codec}");
        return look.VideoOf(whom.Name)!;
    }

    private static void Tell(string what) =>
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}  (load {File.ReadAllText("/proc/loadavg").Split(' ')[0]})");
}
