using System.Text.Json;
using Tocsin.Server.Features.Meetings.Signalling;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Meetings;

/// <summary>What clients say that no browser would: refused with a code, and the meeting goes on.</summary>
public sealed class HostileSignallingTests
{
    private static readonly string[] commands = [.. typeof(IMeetingSignalling).GetMethods().Select(method => method.Name).Where(name => name is not ("JoinMeeting" or "CheckMedia"))];

    [Fact]
    public async Task Without_a_meeting_every_command_is_refused_whoever_calls()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var guest = MeetingPerson.Guest(server);
        await using var director = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        foreach (var person in new[] { guest, director })
        {
            foreach (var command in commands)
            {
                var arguments = command is "LeaveMeeting" or "EndMeeting" or "ReadGroup" ? [] : new object?[] { new { } };
                Assert.Equal("not-in-meeting", await person.RefusedAsync(command, arguments));
                if (arguments.Length > 0) Assert.Equal("invalid-input", await person.RefusedAsync(command, [null]));
            }
        }
    }

    [Theory]
    [InlineData(Roles.Administrator)]
    [InlineData(Roles.Communicator)]
    [InlineData(Roles.Auditor)]
    [InlineData(Roles.Staff)]
    public async Task Who_is_no_host_keeps_no_order(Roles role)
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var claire = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        await using var other = await MeetingPerson.WithRolesAsync(server, role);
        var meeting = await claire.OpenMeetingAsync();
        await claire.JoinAsync(meeting);
        await other.JoinAsync(meeting);
        foreach (var command in new[] { "StopProducer", "RemoveParticipant", "ChangeMeeting", "Admit", "Deny" })
            Assert.Equal("only-hosts", await other.RefusedAsync(command, new { }));
        Assert.Equal("only-hosts", await other.RefusedAsync("EndMeeting"));
    }

    [Fact]
    public async Task Nobody_reaches_a_meeting_that_is_none_of_theirs()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var claire = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        var meeting = await claire.OpenMeetingAsync(new { title = "À deux", openTo = "invited" });
        foreach (var role in new[] { Roles.Administrator, Roles.CrisisDirector, Roles.CrisisMember, Roles.Communicator, Roles.Auditor, Roles.Staff })
        {
            await using var other = await MeetingPerson.WithRolesAsync(server, role);
            Assert.Equal("not-found", RefusalOf(await other.ComeAsync(new { meetingId = meeting })));
        }

        await using var guest = MeetingPerson.Guest(server);
        Assert.Equal("not-found", RefusalOf(await guest.ComeAsync(new { meetingId = meeting, link = "guessed", name = "Intrus" })));
        Assert.Equal("guest-name-missing", RefusalOf(await guest.ComeAsync(new { link = "guessed", name = "  " })));
        Assert.Equal("guest-name-missing", RefusalOf(await guest.ComeAsync(new { link = "guessed", name = new string('x', 61) })));
        Assert.Equal("invalid-input", RefusalOf(await guest.ComeAsync(null!)));
    }

    [Fact]
    public async Task Parameters_that_no_browser_says_are_refused_with_a_code()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var claire = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        await claire.JoinAsync(await claire.OpenMeetingAsync());
        var send = claire.Joined.GetProperty("sendTransport").GetProperty("id").GetString()!;
        var receive = claire.Joined.GetProperty("receiveTransport").GetProperty("id").GetString()!;

        Assert.Equal("invalid-input", await claire.RefusedAsync("Produce", new { transportId = send, kind = "smell", source = "camera", rtpParameters = BrowserMedia.Camera() }));
        Assert.Equal("invalid-input", await claire.RefusedAsync("Produce", new { transportId = send, kind = "audio", source = "camera", rtpParameters = BrowserMedia.Camera() }));
        Assert.Equal("media-parameters", await claire.RefusedAsync("Produce", BrowserMedia.Produce(receive, "camera", BrowserMedia.Camera())));
        Assert.Equal("media-parameters", await claire.RefusedAsync("Produce", BrowserMedia.Produce("999", "camera", BrowserMedia.Camera())));
        Assert.Equal("media-parameters", await claire.RefusedAsync("Produce", new { transportId = send, kind = "video", source = "camera" }));
        foreach (var rtpParameters in Hostile())
            Assert.Equal("media-parameters", await claire.RefusedAsync("Produce", BrowserMedia.Produce(send, "camera", rtpParameters)));

        Assert.Equal("media-parameters", await claire.RefusedAsync("ConnectTransport", new { transportId = send, dtlsParameters = new { fingerprints = new[] { new { algorithm = "md5", value = "00" } } } }));
        Assert.Equal("media-parameters", await claire.RefusedAsync("ConnectTransport", new { transportId = send }));
        Assert.Equal("not-found", await claire.RefusedAsync("ConnectTransport", new { transportId = "77", dtlsParameters = new { fingerprints = new[] { new { algorithm = "sha-256", value = Fingerprint } } } }));
        Assert.Equal("not-found", await claire.RefusedAsync("RestartIce", new { transportId = (string?)null }));
        Assert.Equal("media-parameters", await claire.RefusedAsync("Consume", new { rtpCapabilities = new { codecs = Enumerable.Range(0, 200).Select(_ => new { kind = "audio", mimeType = "a", clockRate = 1 }) } }));
        Assert.Equal("invalid-input", await claire.RefusedAsync("ShowVideos", new { videos = Enumerable.Range(0, 101).Select(i => new { producerId = "1", width = 1, height = 1 }) }));
        Assert.Equal("invalid-input", await claire.RefusedAsync("ShowVideos", new { videos = new[] { new { producerId = "1", width = -1, height = 1 } } }));
        Assert.Equal("invalid-input", await claire.RefusedAsync("SetPreferredLayers", new { consumerId = "1", spatialLayer = 99 }));
        Assert.Equal("not-found", await claire.RefusedAsync("RequestKeyFrame", new { consumerId = new string('9', 5000) }));
        Assert.Equal("invalid-input", await claire.RefusedAsync("SendToCall", new { after = 0, message = "<script>" }));
        await Assert.ThrowsAsync<HubLineException>(() => claire.InvokeAsync("Produce", "not an object"));
        await Assert.ThrowsAsync<HubLineException>(() => claire.InvokeAsync("Dispose"));

        await claire.DoAsync("Produce", BrowserMedia.Produce(send, "camera", BrowserMedia.Camera()));
    }

    [Fact]
    public async Task Messages_without_end_are_held_up_and_hands_and_reactions_in_clear_are_unknown()
    {
        await using var server = await ServerUnderTest.StartAsync(time: new ManualTimeProvider());
        await using var claire = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        await claire.JoinAsync(await claire.OpenMeetingAsync());
        await claire.DoAsync("ChangeGroup", new { groupId = "R1JPVVA=", after = 0, groupInfo = "AAAA", epoch = "AAAA" });
        for (var i = 0; i < 8; i++) await claire.DoAsync("SendToCall", new { after = 1, message = "AAAA" });
        Assert.Equal("too-many-requests", await claire.RefusedAsync("SendToCall", new { after = 1, message = "AAAA" }));
        foreach (var method in new[] { "RaiseHand", "React", "LowerHand" }) await Assert.ThrowsAsync<HubLineException>(() => claire.InvokeAsync(method, new { }));
    }

    [Fact]
    public async Task Who_tries_without_end_is_cut_off()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var guest = MeetingPerson.Guest(server);
        for (var i = 0; i < 20; i++) Assert.Equal("not-found", RefusalOf(await guest.ComeAsync(new { link = $"guess{i}", name = "Intrus" })));
        await Eventually.HoldsAsync(() => guest.IsLineClosed);
    }

    [Fact]
    public async Task A_guests_line_that_leads_to_no_meeting_is_closed()
    {
        var time = new ManualTimeProvider();
        await using var server = await ServerUnderTest.StartAsync(time: time);
        await using var guest = MeetingPerson.Guest(server);
        await guest.RefusedAsync("LeaveMeeting");
        await Eventually.HoldsAsync(() =>
        {
            time.Advance(GuestHub.Patience);
            return guest.IsLineClosed;
        });
    }

    private const string Fingerprint = "00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:1F";

    private static string RefusalOf(JsonElement left)
    {
        Assert.Equal("left", MeetingPerson.KindOf(left));
        return left.GetProperty("refusal").GetProperty("code").GetString()!;
    }

    private static IEnumerable<object> Hostile()
    {
        var codec = new { mimeType = "video/VP8", payloadType = 96, clockRate = 90000 };
        var encodings = new object[] { new { ssrc = 1u } };
        yield return new { codecs = Array.Empty<object>(), encodings };
        yield return new { codecs = new object?[] { null }, encodings };
        yield return new { codecs = new object[] { codec } };
        yield return new { codecs = new object[] { codec }, encodings = Enumerable.Range(0, 5).Select(i => new { rid = $"r{i}" }) };
        yield return new { codecs = Enumerable.Repeat(codec, 17), encodings };
        yield return new { codecs = new object[] { codec with { payloadType = 200 } }, encodings };
        yield return new { codecs = new object[] { codec with { payloadType = -1 } }, encodings };
        yield return new { codecs = new object[] { codec with { clockRate = 0 } }, encodings };
        yield return new { codecs = new object[] { codec with { mimeType = new string('x', 65) } }, encodings };
        yield return new { codecs = new object[] { codec with { mimeType = "video/smell" } }, encodings };
        yield return new { codecs = new object[] { new { mimeType = "video/VP8", payloadType = 96, clockRate = 90000, parameters = new { deep = new { er = 1 } } } }, encodings };
        yield return new { mid = new string('m', 65), codecs = new object[] { codec }, encodings };
        yield return new { codecs = new object[] { codec }, headerExtensions = Enumerable.Range(1, 33).Select(id => new { uri = "urn:x", id }), encodings };
        yield return new { codecs = new object[] { codec }, headerExtensions = new object[] { new { uri = "urn:x", id = 256 } }, encodings };
        yield return new { codecs = new object[] { codec }, encodings = new object?[] { null } };
        yield return new { codecs = new object[] { codec }, encodings, rtcp = new { cname = new string('c', 300) } };
    }
}
