using System.Text.Json;
using Tocsin.Server.Features.Meetings.Calls;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Meetings;

/// <summary>A call's signalling through the real hub: who hears what, who may do what, and who comes back.</summary>
public sealed class SignallingTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_message_brings_all_that_is_needed_to_send_and_to_receive(bool longPolling)
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var claire = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        await using var karim = await MeetingPerson.WithRolesAsync(server, Roles.Staff, longPolling);
        var meeting = await claire.OpenMeetingAsync();
        await claire.JoinAsync(meeting, rtpCapabilities: BrowserMedia.Capabilities);
        var microphone = await ProduceAsync(claire, "microphone", BrowserMedia.Microphone());

        var joined = await karim.JoinAsync(meeting, rtpCapabilities: BrowserMedia.Capabilities);
        Assert.NotEmpty(joined.GetProperty("routerRtpCapabilities").GetProperty("codecs").EnumerateArray());
        foreach (var name in new[] { "sendTransport", "receiveTransport" })
        {
            var transport = joined.GetProperty(name);
            Assert.True(transport.GetProperty("iceParameters").GetProperty("iceLite").GetBoolean());
            Assert.Equal("udp", transport.GetProperty("iceCandidates")[0].GetProperty("protocol").GetString());
            Assert.Equal(95, transport.GetProperty("dtlsParameters").GetProperty("fingerprints")[0].GetProperty("value").GetString()!.Length);
        }

        Assert.Equal(2, joined.GetProperty("participants").GetArrayLength());
        var consumer = Assert.Single(joined.GetProperty("consumers").EnumerateArray());
        Assert.Equal(microphone, consumer.GetProperty("producerId").GetString());
        Assert.Equal(claire.ParticipantId, consumer.GetProperty("participantId").GetString());
        Assert.True(consumer.GetProperty("rtpParameters").GetProperty("encodings")[0].GetProperty("ssrc").GetInt64() > 0);
        Assert.Equal(karim.ParticipantId, (await claire.HearAsync("participant-joined")).GetProperty("participant").GetProperty("id").GetString());
    }

    [Fact]
    public async Task What_somebody_sends_the_others_hear_of_until_it_ends()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var claire = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        await using var karim = await MeetingPerson.WithRolesAsync(server, Roles.Staff);
        var meeting = await claire.OpenMeetingAsync();
        await claire.JoinAsync(meeting);
        await karim.JoinAsync(meeting, rtpCapabilities: BrowserMedia.Capabilities);
        var camera = await ProduceAsync(claire, "camera", BrowserMedia.Camera());
        Assert.Equal(camera, (await karim.HearAsync("producer-added")).GetProperty("producer").GetProperty("id").GetString());
        var consumer = (await karim.HearAsync("new-consumer")).GetProperty("consumer");
        Assert.Equal("simulcast", consumer.GetProperty("layers").GetString());
        Assert.Equal(claire.ParticipantId, consumer.GetProperty("rtpParameters").GetProperty("rtcp").GetProperty("cname").GetString());
        Assert.Equal("source-in-use", await claire.RefusedAsync("Produce", BrowserMedia.Produce(SendTransport(claire), "camera", BrowserMedia.Camera("2"))));

        await claire.DoAsync("PauseProducer", new { producerId = camera });
        Assert.True((await karim.HearAsync("producer-paused")).GetProperty("isPaused").GetBoolean());
        Assert.Equal("not-found", await karim.RefusedAsync("ResumeProducer", new { producerId = camera }));
        await karim.DoAsync("ShowVideos", new { videos = new[] { new { producerId = camera, width = 640, height = 360, priority = 3 } } });
        await karim.DoAsync("SetPreferredLayers", new { consumerId = consumer.GetProperty("id").GetString(), spatialLayer = 1, temporalLayer = (int?)null });
        await karim.DoAsync("RequestKeyFrame", new { consumerId = consumer.GetProperty("id").GetString() });
        await claire.DoAsync("CloseProducer", new { producerId = camera });
        Assert.Equal(camera, (await karim.HearAsync("producer-closed")).GetProperty("producerId").GetString());
        await claire.DoAsync("LeaveMeeting");
        Assert.Equal("left", (await karim.HearAsync("participant-left")).GetProperty("reason").GetString());
        Assert.Equal("left", (await claire.HearAsync("left")).GetProperty("reason").GetString());
        Assert.Equal("not-in-meeting", await claire.RefusedAsync("ReadGroup"));
    }

    [Fact]
    public async Task Cameras_are_best_sent_in_what_all_who_are_in_decode_and_change_over_with_both_for_a_while()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var claire = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        await using var karim = await MeetingPerson.WithRolesAsync(server, Roles.Staff);
        await using var marc = await MeetingPerson.WithRolesAsync(server, Roles.Staff);
        var meeting = await claire.OpenMeetingAsync();
        await claire.JoinAsync(meeting, rtpCapabilities: BrowserMedia.CapabilitiesOf("VP9", "VP8", "H264"));
        Assert.Equal("video/VP9", claire.Joined.GetProperty("videoCodec").GetString());
        var camera = await ProduceAsync(claire, "camera", BrowserMedia.Camera());

        await karim.JoinAsync(meeting, rtpCapabilities: BrowserMedia.CapabilitiesOf("VP8", "H264"));
        Assert.Equal("video/VP8", karim.Joined.GetProperty("videoCodec").GetString());
        Assert.Equal("video/VP8", (await claire.HearAsync("video-codec-changed")).GetProperty("videoCodec").GetString());

        object Replacing(string former, string source = "camera") =>
            new { transportId = SendTransport(claire), kind = "video", rtpParameters = BrowserMedia.Camera("2"), source, isPaused = false, replaces = former };
        Assert.Equal("not-found", await claire.RefusedAsync("Produce", Replacing("77")));
        Assert.Equal("not-found", await claire.RefusedAsync("Produce", Replacing(camera, "screen")));
        await claire.DoAsync("PauseProducer", new { producerId = camera });
        var other = (await claire.DoAsync("Produce", Replacing(camera))).GetProperty("id").GetString()!;
        var added = (await karim.HearAsync("producer-added")).GetProperty("producer");
        Assert.Equal((other, true), (added.GetProperty("id").GetString(), added.GetProperty("isPaused").GetBoolean()));
        Assert.Equal(other, (await karim.HearAsync("new-consumer")).GetProperty("consumer").GetProperty("producerId").GetString());
        Assert.Equal("source-in-use", await claire.RefusedAsync("Produce", Replacing(other)));
        await karim.DoAsync("ShowVideos", new { videos = new[] { new { producerId = camera, width = 640, height = 360, priority = 3 } } });
        await claire.DoAsync("CloseProducer", new { producerId = camera });
        Assert.Equal(camera, (await karim.HearAsync("producer-closed")).GetProperty("producerId").GetString());

        await marc.JoinAsync(meeting, rtpCapabilities: BrowserMedia.CapabilitiesOf("H264"));
        Assert.Equal("video/H264", (await karim.HearAsync("video-codec-changed")).GetProperty("videoCodec").GetString());
        await marc.DoAsync("LeaveMeeting");
        await karim.DoAsync("LeaveMeeting");
        await karim.JoinAsync(meeting, rtpCapabilities: BrowserMedia.CapabilitiesOf("VP8", "H264"));
        Assert.Equal("video/H264", karim.Joined.GetProperty("videoCodec").GetString());
    }

    [Fact]
    public async Task A_host_who_stops_a_camera_while_its_codec_changes_stops_both()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var claire = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        await using var karim = await MeetingPerson.WithRolesAsync(server, Roles.Staff);
        var meeting = await claire.OpenMeetingAsync();
        await claire.JoinAsync(meeting);
        await karim.JoinAsync(meeting, rtpCapabilities: BrowserMedia.Capabilities);
        var camera = await ProduceAsync(karim, "camera", BrowserMedia.Camera());
        await karim.DoAsync("Produce", new { transportId = SendTransport(karim), kind = "video", rtpParameters = BrowserMedia.Camera("2"), source = "camera", isPaused = false, replaces = camera });
        await claire.DoAsync("StopProducer", new { producerId = camera });
        Assert.NotEqual(camera, (await karim.HearAsync("producer-closed")).GetProperty("producerId").GetString());
        Assert.Equal(camera, (await karim.HearAsync("producer-closed")).GetProperty("producerId").GetString());
    }

    [Fact]
    public async Task Whose_line_breaks_comes_back_as_the_same_and_their_media_went_on()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var claire = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        await using var karim = await MeetingPerson.WithRolesAsync(server, Roles.Staff);
        var meeting = await claire.OpenMeetingAsync();
        await claire.JoinAsync(meeting, rtpCapabilities: BrowserMedia.Capabilities);
        var before = await karim.JoinAsync(meeting, rtpCapabilities: BrowserMedia.Capabilities);
        var microphone = await ProduceAsync(karim, "microphone", BrowserMedia.Microphone());
        await karim.LoseLineAsync();
        await karim.JoinAsync(meeting, karim.Resume);
        Assert.True(karim.Joined.GetProperty("resumed").GetBoolean());
        Assert.Equal(before.GetProperty("participantId").GetString(), karim.ParticipantId);
        Assert.Equal(before.GetProperty("sendTransport").GetRawText(), karim.Joined.GetProperty("sendTransport").GetRawText());
        var self = karim.Joined.GetProperty("participants").EnumerateArray().Single(one => one.GetProperty("id").GetString() == karim.ParticipantId);
        Assert.Equal(microphone, self.GetProperty("producers")[0].GetProperty("id").GetString());

        var parameters = await karim.DoAsync("RestartIce", new { transportId = SendTransport(karim) });
        Assert.NotEqual(before.GetProperty("sendTransport").GetProperty("iceParameters").GetRawText(), parameters.GetRawText());
    }

    [Fact]
    public async Task Who_does_not_come_back_within_30_s_has_left()
    {
        var time = new ManualTimeProvider();
        await using var server = await ServerUnderTest.StartAsync(time: time);
        await using var claire = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        await using var karim = await MeetingPerson.WithRolesAsync(server, Roles.Staff);
        var meeting = await claire.OpenMeetingAsync();
        await claire.JoinAsync(meeting);
        await karim.JoinAsync(meeting);
        await karim.LoseLineAsync();
        var lost = claire.HearAsync("participant-left");
        await Eventually.HoldsAsync(() =>
        {
            time.Advance(CallDoor.Grace);
            return lost.IsCompleted;
        });
        Assert.Equal("lost", (await lost).GetProperty("reason").GetString());
        await karim.JoinAsync(meeting, karim.Resume);
        Assert.False(karim.Joined.GetProperty("resumed").GetBoolean());
    }

    [Fact]
    public async Task A_guest_waits_until_a_host_lets_them_in_and_need_not_wait_again()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var claire = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        await using var guest = MeetingPerson.Guest(server);
        var meeting = await claire.OpenMeetingAsync();
        var link = await claire.CreateGuestLinkAsync(meeting);
        await claire.JoinAsync(meeting);
        var request = new { link, name = " Préfecture " };
        Assert.Equal("waiting", MeetingPerson.KindOf(await guest.ComeAsync(request)));
        Assert.Equal("not-in-meeting", await guest.RefusedAsync("ReadGroup"));
        var waiting = Assert.Single((await claire.HearAsync("waiting-changed")).GetProperty("waiting").EnumerateArray());
        Assert.Equal("Préfecture", waiting.GetProperty("name").GetString());
        await claire.DoAsync("Admit", new { waitingIds = new[] { waiting.GetProperty("id").GetString() } });
        await guest.HearAsync("joined");
        Assert.Equal("only-hosts", await guest.RefusedAsync("EndMeeting"));

        await claire.DoAsync("ChangeMeeting", new { isLocked = true });
        await guest.LoseLineAsync();
        Assert.Equal("joined", MeetingPerson.KindOf(await guest.ComeAsync(new { link, name = "Préfecture", resume = guest.Resume })));
        Assert.True(guest.Joined.GetProperty("resumed").GetBoolean());

        await using var stranger = MeetingPerson.Guest(server);
        var refused = await stranger.ComeAsync(request);
        Assert.Equal("meeting-locked", refused.GetProperty("refusal").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Who_was_removed_comes_back_through_the_waiting_room_only()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var claire = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        await using var karim = await MeetingPerson.WithRolesAsync(server, Roles.Staff);
        var meeting = await claire.OpenMeetingAsync();
        await claire.JoinAsync(meeting);
        await karim.JoinAsync(meeting);
        Assert.Equal("not-allowed", await claire.RefusedAsync("RemoveParticipant", new { participantId = claire.ParticipantId }));
        Assert.Equal("only-hosts", await karim.RefusedAsync("RemoveParticipant", new { participantId = claire.ParticipantId }));
        await claire.DoAsync("RemoveParticipant", new { participantId = karim.ParticipantId });
        Assert.Equal("removed", (await karim.HearAsync("left")).GetProperty("reason").GetString());
        Assert.Equal("waiting", MeetingPerson.KindOf(await karim.ComeAsync(new { meetingId = meeting, resume = karim.Resume })));
        await claire.DoAsync("Admit", new { waitingIds = (string[]?)null });
        await karim.HearAsync("joined");
        await karim.DoAsync("LeaveMeeting");
        await karim.JoinAsync(meeting);
    }

    [Fact]
    public async Task Hosts_mute_stop_cameras_lower_hands_and_end_it_for_all()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var claire = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        await using var karim = await MeetingPerson.WithRolesAsync(server, Roles.Staff);
        var meeting = await claire.OpenMeetingAsync();
        await claire.JoinAsync(meeting);
        await karim.JoinAsync(meeting);
        var microphone = await ProduceAsync(karim, "microphone", BrowserMedia.Microphone());
        var camera = await ProduceAsync(karim, "camera", BrowserMedia.Camera());
        await claire.DoAsync("StopProducer", new { producerId = microphone });
        var muted = await karim.HearAsync("producer-paused");
        Assert.Equal((true, claire.ParticipantId), (muted.GetProperty("isPaused").GetBoolean(), muted.GetProperty("byHost").GetString()));
        await karim.DoAsync("ResumeProducer", new { producerId = microphone });
        await claire.DoAsync("StopProducer", new { producerId = camera });
        Assert.Equal(camera, (await karim.HearAsync("producer-closed")).GetProperty("producerId").GetString());
        await claire.DoAsync("EndMeeting");
        Assert.Equal("ended", (await karim.HearAsync("left")).GetProperty("reason").GetString());
        var refused = await karim.ComeAsync(new { meetingId = meeting });
        Assert.Equal("meeting-ended", refused.GetProperty("refusal").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_second_stream_with_the_same_ticket_takes_the_place_over()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var claire = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        var meeting = await claire.OpenMeetingAsync();
        await claire.JoinAsync(meeting);
        await using var window = claire.AtAnotherWindow();
        await window.JoinAsync(meeting, claire.Resume);
        Assert.True(window.Joined.GetProperty("resumed").GetBoolean());
        Assert.Equal("replaced", (await claire.HearAsync("left")).GetProperty("reason").GetString());
        Assert.Equal("not-in-meeting", await claire.RefusedAsync("ReadGroup"));
        await window.DoAsync("ReadGroup");
    }

    [Fact]
    public async Task Somebody_elses_ticket_is_worth_nothing()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var claire = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        await using var karim = await MeetingPerson.WithRolesAsync(server, Roles.Staff);
        await using var guest = MeetingPerson.Guest(server);
        var meeting = await claire.OpenMeetingAsync();
        var link = await claire.CreateGuestLinkAsync(meeting);
        await claire.JoinAsync(meeting);
        await claire.DoAsync("ChangeMeeting", new { hasWaitingRoom = true });
        Assert.Equal("waiting", MeetingPerson.KindOf(await karim.ComeAsync(new { meetingId = meeting, resume = claire.Resume })));
        Assert.Equal("waiting", MeetingPerson.KindOf(await guest.ComeAsync(new { link, name = "Intrus", resume = claire.Resume })));
    }

    [Fact]
    public async Task Who_has_lost_their_session_is_out_at_once()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var claire = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        await using var karim = await MeetingPerson.WithRolesAsync(server, Roles.Staff);
        var meeting = await claire.OpenMeetingAsync();
        await claire.JoinAsync(meeting);
        await karim.JoinAsync(meeting);
        using var signedOut = await karim.Http.DeleteAsync("/api/v1/session", TestContext.Current.CancellationToken);
        Assert.True(signedOut.IsSuccessStatusCode);
        Assert.Equal(karim.ParticipantId, (await claire.HearAsync("participant-left")).GetProperty("participantId").GetString());
    }

    private static string SendTransport(MeetingPerson person) => person.Joined.GetProperty("sendTransport").GetProperty("id").GetString()!;

    private static async Task<string> ProduceAsync(MeetingPerson person, string source, object rtpParameters) =>
        (await person.DoAsync("Produce", BrowserMedia.Produce(SendTransport(person), source, rtpParameters))).GetProperty("id").GetString()!;
}
