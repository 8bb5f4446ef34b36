using System.Text.Json;
using Tocsin.Server.Features.Meetings.Calls;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Meetings;

/// <summary>The call of one in which somebody tries their way to the media port: who may, what comes back, and its bounds.</summary>
public sealed class MediaCheckTests
{
    private static readonly object request = new { rtpCapabilities = BrowserMedia.Capabilities };

    [Fact]
    public async Task What_one_sends_comes_back_to_oneself_and_to_nobody_else()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var karim = await MeetingPerson.WithRolesAsync(server, Roles.Staff);
        await using var lea = await MeetingPerson.WithRolesAsync(server, Roles.Staff);
        var begun = await karim.CheckAsync(request);
        Assert.Equal("joined", MeetingPerson.KindOf(begun));
        await lea.CheckAsync(request);
        Assert.Single(begun.GetProperty("participants").EnumerateArray());
        var produced = await karim.DoAsync("Produce", BrowserMedia.Produce(begun.GetProperty("sendTransport").GetProperty("id").GetString()!, "camera", BrowserMedia.Camera()));
        var consumer = (await karim.HearAsync("new-consumer")).GetProperty("consumer");
        Assert.Equal(produced.GetProperty("id").GetString(), consumer.GetProperty("producerId").GetString());
        Assert.Equal(karim.ParticipantId, consumer.GetProperty("participantId").GetString());
        Assert.Equal("only-hosts", await karim.RefusedAsync("EndMeeting"));
        await karim.DoAsync("LeaveMeeting");
        Assert.Equal("left", (await karim.HearAsync("left")).GetProperty("reason").GetString());

        // Lea heard nothing of it: the next thing that she hears is of her own.
        await lea.DoAsync("ApplyToGroup", new { keyPackage = "S0VZ" });
        Assert.Equal("group-application", MeetingPerson.KindOf(await lea.NextAsync()));
    }

    [Fact]
    public async Task It_ends_by_itself()
    {
        var time = new ManualTimeProvider();
        await using var server = await ServerUnderTest.StartAsync(time: time);
        await using var karim = await MeetingPerson.WithRolesAsync(server, Roles.Staff);
        await karim.CheckAsync(request);
        time.Advance(MediaChecks.Longest);
        Assert.Equal("ended", (await karim.HearAsync("left")).GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Guests_may_with_a_link_that_works_and_strangers_may_not()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var claire = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        await using var guest = MeetingPerson.Guest(server);
        var link = await claire.CreateGuestLinkAsync(await claire.OpenMeetingAsync());
        Assert.Equal("not-found", CodeOf(await guest.CheckAsync(new { rtpCapabilities = BrowserMedia.Capabilities })));
        Assert.Equal("not-found", CodeOf(await guest.CheckAsync(new { link = "guessed", rtpCapabilities = BrowserMedia.Capabilities })));
        Assert.Equal("media-parameters", CodeOf(await guest.CheckAsync(new { link })));
        Assert.Equal("joined", MeetingPerson.KindOf(await guest.CheckAsync(new { link, rtpCapabilities = BrowserMedia.Capabilities })));
    }

    [Fact]
    public async Task Nobody_checks_without_end_nor_do_all_at_once()
    {
        var time = new ManualTimeProvider();
        await using var server = await ServerUnderTest.StartAsync(time: time);
        await using var karim = await MeetingPerson.WithRolesAsync(server, Roles.Staff);
        for (var i = 0; i < 8; i++)
        {
            Assert.Equal("joined", MeetingPerson.KindOf(await karim.CheckAsync(request)));
            await karim.DoAsync("LeaveMeeting");
            await karim.HearAsync("left");
        }

        Assert.Equal("too-many-requests", CodeOf(await karim.CheckAsync(request)));
        time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal("joined", MeetingPerson.KindOf(await karim.CheckAsync(request)));

        var others = new List<MeetingPerson>();
        try
        {
            string? code = null;
            for (var i = 0; i < MediaChecks.MostAtOnce && code is null; i++)
            {
                var other = await MeetingPerson.WithRolesAsync(server, Roles.Staff);
                others.Add(other);
                code = CodeOf(await other.CheckAsync(request));
            }

            // One of all places is Karim's.
            Assert.Equal(("too-many-requests", MediaChecks.MostAtOnce), (code, others.Count));
        }
        finally
        {
            foreach (var other in others) await other.DisposeAsync();
        }
    }

    private static string? CodeOf(JsonElement first) =>
        MeetingPerson.KindOf(first) == "left" ? first.GetProperty("refusal").GetProperty("code").GetString() : null;
}
