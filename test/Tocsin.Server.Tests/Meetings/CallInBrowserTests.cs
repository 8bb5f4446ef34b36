using System.Diagnostics;
using Tocsin.Server.Hosting;
using Tocsin.Storage.Model;
using Tocsin.Testing;
using Tocsin.Testing.Browsers;

namespace Tocsin.Server.Tests.Meetings;

/// <summary>Real browsers with cameras and microphones meet through the whole server: hub, media engine, UDP.</summary>
public sealed class CallInBrowserTests
{
    [Fact]
    public async Task Two_browsers_hear_and_see_each_other_at_the_size_that_they_show()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        var (meeting, claire) = await OpenAsync(server, chromium, width: 960);
        var karim = await JoinAsync(server, chromium, meeting);
        await claire.DecodesAsync(1);
        var look = await karim.DecodesAsync(1);
        Assert.All(look.Received.Where(stream => stream.Kind == "audio"), stream => Assert.True(stream.Energy > 0));

        var camera = await ProducerOfAsync(karim, look);
        await karim.CommandAsync("ShowVideos", new { videos = new[] { new { producerId = camera, width = 1280, height = 720, priority = 3 } } });
        await Eventually.HoldsAsync(async () => (look = await karim.LookAsync()).Received.Any(stream => stream.FrameWidth == 960), "the whole picture");
        await karim.CommandAsync("ShowVideos", new { videos = new[] { new { producerId = camera, width = 160, height = 90, priority = 0 } } });
        await Eventually.HoldsAsync(async () => (look = await karim.LookAsync()).Received.Any(stream => stream.FrameWidth == 240), "a thumbnail");
        Assert.Empty(look.Errors);
    }

    [Fact]
    public async Task A_guest_who_was_let_in_is_seen_and_sees()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        await using var host = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        var meeting = await host.OpenMeetingAsync();
        var link = await host.CreateGuestLinkAsync(meeting);
        await host.JoinAsync(meeting);
        var karim = await JoinAsync(server, chromium, meeting);
        var guest = await CallPage.OpenAsync(chromium, server.Address, null);
        await guest.EnterAsGuestAsync(link, "Préfecture");
        await Eventually.HoldsAsync(async () => (await guest.LookAsync()).Kind == "waiting", "the guest waits");
        await host.DoAsync("Admit", new { waitingIds = (string[]?)null });
        await guest.DecodesAsync(1);
        await karim.DecodesAsync(1);
    }

    [Fact]
    public async Task A_call_goes_on_when_the_line_breaks_and_when_its_network_changes()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        var (meeting, claire) = await OpenAsync(server, chromium);
        var karim = await JoinAsync(server, chromium, meeting);
        await claire.DecodesAsync(1);
        var before = await karim.DecodesAsync(1);
        await karim.LoseLineAsync();
        await Eventually.HoldsAsync(async () => (await karim.LookAsync()).Resumed == 1, "back on a new line");
        var after = await karim.DecodesAsync(1, since: before);
        Assert.Equal(before.Received.Select(stream => stream.ConsumerId), after.Received.Select(stream => stream.ConsumerId));
        await karim.RestartIceAsync();
        await karim.DecodesAsync(1, since: await karim.LookAsync());
        await claire.DecodesAsync(1, since: await claire.LookAsync());
    }

    [Fact]
    public async Task Four_browsers_are_back_by_themselves_after_the_server_was_restarted()
    {
        using var data = new ScratchDirectory();
        var port = LoopbackPort.Free();
        void AtTheSamePlace(TocsinOptions options) => (options.Port, options.Data) = (port, data.Path);
        await using var chromium = await Chromium.StartAsync();
        List<CallPage> pages;
        List<CallLook> before = [];
        await using (var server = await ServerUnderTest.StartAsync(configure: AtTheSamePlace))
        {
            var (meeting, first) = await OpenAsync(server, chromium);
            pages = [first];
            while (pages.Count < 4) pages.Add(await JoinAsync(server, chromium, meeting));
            foreach (var page in pages) before.Add(await page.DecodesAsync(3));
        }

        await using var restarted = await ServerUnderTest.StartAsync(configure: AtTheSamePlace);
        var started = Stopwatch.GetTimestamp();
        foreach (var page in pages)
            await Eventually.HoldsAsync(async () => await page.LookAsync() is { Kind: "joined", Joins: > 1, Participants: 4 }, "back in the meeting");
        var back = Stopwatch.GetElapsedTime(started);
        foreach (var (page, was) in pages.Zip(before)) Assert.Equal(was.Id, (await page.DecodesAsync(3)).Id);
        TestContext.Current.TestOutputHelper?.WriteLine($"All four were in the meeting {back.TotalSeconds:0.0} s after the server listened again, and all twelve pictures and voices were decoded after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s.");
    }

    private static async Task<(Guid Meeting, CallPage Page)> OpenAsync(ServerUnderTest server, Chromium chromium, int width = 320)
    {
        await using var director = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        var meeting = await director.OpenMeetingAsync();
        return (meeting, await JoinAsync(server, chromium, meeting, width));
    }

    private static async Task<CallPage> JoinAsync(ServerUnderTest server, Chromium chromium, Guid meeting, int width = 320)
    {
        var session = await server.OpenSessionAsync(await server.CreateAccountAsync(Roles.Staff));
        var page = await CallPage.OpenAsync(chromium, server.Address, session.Token);
        await page.EnterAsync(meeting, width);
        return page;
    }

    private static Task<string> ProducerOfAsync(CallPage page, CallLook look) =>
        page.Page.EvaluateAsync<string>("id => call.producerOf(id)", look.Received.Single(stream => stream.Kind == "video").ConsumerId);
}
