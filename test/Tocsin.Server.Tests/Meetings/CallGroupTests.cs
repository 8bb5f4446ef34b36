using System.Text.Json;
using Tocsin.Server.Features.Meetings.Calls;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Meetings;

/// <summary>What the server does for a call's group: it puts changes in order and carries them, and reads none.</summary>
public sealed class CallGroupTests
{
    [Fact]
    public async Task The_first_begins_the_group_and_who_comes_later_is_handed_it()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var claire = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        await using var karim = await MeetingPerson.WithRolesAsync(server, Roles.Staff);
        var meeting = await claire.OpenMeetingAsync();
        var key = Convert.ToBase64String(new byte[32]);
        await claire.ComeAsync(new { meetingId = meeting, deviceKey = key });
        Assert.Equal(JsonValueKind.Null, claire.Joined.GetProperty("group").ValueKind);
        Assert.Equal(JsonValueKind.Null, (await claire.DoAsync("ReadGroup")).GetProperty("group").ValueKind);
        Assert.Equal(1, (await ChangeAsync(claire, 0, commit: null)).GetProperty("number").GetInt32());

        await karim.JoinAsync(meeting);
        Assert.Equal(1, karim.Joined.GetProperty("group").GetProperty("number").GetInt32());
        Assert.Contains(karim.Joined.GetProperty("participants").EnumerateArray(), one => one.GetProperty("deviceKey").GetString() == key);
        var read = await karim.DoAsync("ReadGroup");
        Assert.Equal("AAAA", read.GetProperty("group").GetProperty("groupInfo").GetString());
        await ChangeAsync(karim, 1, "BBBB");
        foreach (var person in new[] { claire, karim })
        {
            var changed = await HearChangeAsync(person, 2);
            Assert.Equal(("BBBB", karim.ParticipantId), (changed.GetProperty("commit").GetString(), changed.GetProperty("participantId").GetString()));
        }
    }

    [Fact]
    public async Task Of_changes_at_once_one_is_taken_and_all_hear_the_same_order()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var claire = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        await using var karim = await MeetingPerson.WithRolesAsync(server, Roles.Staff);
        var meeting = await claire.OpenMeetingAsync();
        await claire.JoinAsync(meeting);
        await karim.JoinAsync(meeting);
        await ChangeAsync(claire, 0, commit: null);
        for (var number = 1; number < 8; number++)
        {
            var answers = await Task.WhenAll(new[] { (claire, "AAAA"), (karim, "BBBB") }.Select(one => one.Item1.InvokeAsync("ChangeGroup", Change(number, one.Item2))));
            var refused = Assert.Single(answers, answer => answer.GetProperty("refusal").ValueKind != JsonValueKind.Null);
            Assert.Equal("call-group-moved", refused.GetProperty("refusal").GetProperty("code").GetString());
            var heard = new[] { await HearChangeAsync(claire, number + 1), await HearChangeAsync(karim, number + 1) };
            Assert.Equal(heard[0].GetRawText(), heard[1].GetRawText());
        }

        // A group in place of the present one is a change like another.
        Assert.Equal("call-group-moved", await claire.RefusedAsync("ChangeGroup", Change(8, commit: null)));
        Assert.Equal("call-group-moved", await claire.RefusedAsync("ChangeGroup", Change(7, null, "T1RIRVI=")));
        Assert.Equal("call-group-moved", await claire.RefusedAsync("ChangeGroup", Change(8, "AAAA", "T1RIRVI=")));
        await claire.DoAsync("ChangeGroup", Change(8, null, "T1RIRVI="));
        Assert.Equal("T1RIRVI=", (await HearChangeAsync(karim, 9)).GetProperty("groupId").GetString());
    }

    [Fact]
    public async Task After_a_restart_the_first_who_is_back_brings_the_group_with_its_number()
    {
        // A server that has just started knows of no group, as here.
        await using var server = await ServerUnderTest.StartAsync();
        await using var claire = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        await using var karim = await MeetingPerson.WithRolesAsync(server, Roles.Staff);
        var meeting = await claire.OpenMeetingAsync();
        await claire.JoinAsync(meeting);
        await karim.JoinAsync(meeting);
        foreach (var untrue in new[] { Change(7, "AAAA"), Change(-1, commit: null), Change(int.MaxValue, commit: null) })
            Assert.Equal("call-group-moved", await claire.RefusedAsync("ChangeGroup", untrue));
        Assert.Equal(7, (await ChangeAsync(claire, 7, commit: null)).GetProperty("number").GetInt32());
        var told = await HearChangeAsync(karim, 7);
        Assert.Equal((JsonValueKind.Null, "RVBPQ0gx"), (told.GetProperty("commit").ValueKind, told.GetProperty("epoch").GetString()));

        // Whoever is back later finds it; nothing is brought twice.
        Assert.Equal("call-group-moved", await karim.RefusedAsync("ChangeGroup", Change(7, commit: null)));
        Assert.Equal("call-group-moved", await karim.RefusedAsync("ChangeGroup", Change(9, commit: null)));
        var read = await karim.DoAsync("ReadGroup");
        Assert.Equal((7, "RVBPQ0gx"), (read.GetProperty("number").GetInt32(), read.GetProperty("group").GetProperty("epoch").GetString()));
        await karim.DoAsync("LeaveMeeting");
        await karim.JoinAsync(meeting);
        Assert.Equal("RVBPQ0gx", karim.Joined.GetProperty("group").GetProperty("epoch").GetString());
        Assert.Equal(8, (await ChangeAsync(karim, 7, "BBBB")).GetProperty("number").GetInt32());
    }

    [Fact]
    public async Task A_guest_changes_nothing_and_is_added_by_who_may()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var claire = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        await using var karim = await MeetingPerson.WithRolesAsync(server, Roles.Staff);
        await using var guest = MeetingPerson.Guest(server);
        var meeting = await claire.OpenMeetingAsync();
        var link = await claire.CreateGuestLinkAsync(meeting);
        await claire.JoinAsync(meeting);
        await ChangeAsync(claire, 0, commit: null);
        var key = Convert.ToBase64String(new byte[32]);
        await guest.ComeAsync(new { link, name = "Préfecture", deviceKey = key });
        foreach (var (command, arguments) in new (string, object?[])[] { ("ReadGroup", []), ("ChangeGroup", [new { }]), ("ApplyToGroup", [new { }]), ("SendToCall", [new { }]) })
            Assert.Equal("not-in-meeting", await guest.RefusedAsync(command, arguments));
        var waiting = Assert.Single((await claire.HearAsync("waiting-changed")).GetProperty("waiting").EnumerateArray());
        Assert.Equal(key, waiting.GetProperty("deviceKey").GetString());
        await claire.DoAsync("Admit", new { waitingIds = new[] { waiting.GetProperty("id").GetString() } });
        await guest.HearAsync("joined");
        Assert.Equal("not-allowed", await guest.RefusedAsync("ReadGroup"));
        Assert.Equal("not-allowed", await guest.RefusedAsync("ChangeGroup", Change(1, "AAAA")));
        await guest.DoAsync("ApplyToGroup", new { keyPackage = "S0VZ" });
        Assert.Equal("S0VZ", (await claire.HearAsync("group-application")).GetProperty("keyPackage").GetString());

        // Who comes meanwhile is told too, until the guest has been added.
        await karim.JoinAsync(meeting);
        Assert.Equal(guest.ParticipantId, (await karim.HearAsync("group-application")).GetProperty("participantId").GetString());
        await claire.DoAsync("ChangeGroup", new { groupId = "R1JPVVA=", after = 1, commit = "AAAA", groupInfo = "AAAA", epoch = "AAAA", welcome = "V0VM", welcomed = new[] { guest.ParticipantId, "nobody" } });
        Assert.Equal("V0VM", (await guest.HearAsync("group-welcome")).GetProperty("welcome").GetString());
        await karim.DoAsync("LeaveMeeting");
        await karim.JoinAsync(meeting);
        await karim.DoAsync("SendToCall", new { after = 2, message = "U0VBTA==" });
        Assert.Equal("U0VBTA==", (await guest.HearAsync("call-message")).GetProperty("message").GetString());
        await guest.DoAsync("SendToCall", new { after = 2, message = "R1VFU1Q=" });
        Assert.Equal("U0VBTA==", (await karim.HearAsync("call-message")).GetProperty("message").GetString());
        Assert.Equal("R1VFU1Q=", (await karim.HearAsync("call-message")).GetProperty("message").GetString());
    }

    [Fact]
    public async Task What_is_sealed_with_keys_of_before_is_refused_and_all_hear_the_rest_in_one_order()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var claire = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        await using var karim = await MeetingPerson.WithRolesAsync(server, Roles.Staff);
        var meeting = await claire.OpenMeetingAsync();
        await claire.JoinAsync(meeting);
        Assert.Equal("call-group-moved", await claire.RefusedAsync("SendToCall", new { after = 0, message = "AAAA" }));
        await karim.JoinAsync(meeting);
        await ChangeAsync(claire, 0, commit: null);
        await ChangeAsync(claire, 1, "BBBB");
        foreach (var after in new[] { 0, 1, 3 }) Assert.Equal("call-group-moved", await karim.RefusedAsync("SendToCall", new { after, message = "AAAA" }));

        await Task.WhenAll(Enumerable.Range(0, 4).SelectMany(i => new[] { claire.DoAsync("SendToCall", new { after = 2, message = $"AA{i}A" }), karim.DoAsync("SendToCall", new { after = 2, message = $"BB{i}A" }) }));
        for (var i = 0; i < 8; i++) Assert.Equal((await claire.HearAsync("call-message")).GetRawText(), (await karim.HearAsync("call-message")).GetRawText());
    }

    [Fact]
    public async Task What_is_too_long_or_no_base64_or_comes_without_end_is_refused()
    {
        // The clock stands: on a slow machine there would be room for one more each second.
        await using var server = await ServerUnderTest.StartAsync(time: new ManualTimeProvider());
        await using var claire = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        var meeting = await claire.OpenMeetingAsync();
        var refused = await claire.ComeAsync(new { meetingId = meeting, deviceKey = "AAAA" });
        Assert.Equal("invalid-input", refused.GetProperty("refusal").GetProperty("code").GetString());
        await claire.JoinAsync(meeting);
        await ChangeAsync(claire, 0, commit: null);
        object[] hostile =
        [
            new { },
            new { groupId = "R1JPVVA=", after = 1, commit = "AAAA" },
            new { groupId = new string('A', 68), after = 1, commit = "AAAA", groupInfo = "AAAA", epoch = "AAAA" },
            new { groupId = "R1JPVVA=", after = 1, commit = "no base64", groupInfo = "AAAA", epoch = "AAAA" },
            new { groupId = "R1JPVVA=", after = 1, commit = new string('A', CallGroup.LongestCommit + 4), groupInfo = "AAAA", epoch = "AAAA" },
            new { groupId = "R1JPVVA=", after = 1, commit = "AAAA", groupInfo = new string('A', CallGroup.LongestGroupInfo + 4), epoch = "AAAA" },
            new { groupId = "R1JPVVA=", after = 1, commit = "AAAA", groupInfo = "AAAA", epoch = "AAAA", welcome = new string('A', CallGroup.LongestWelcome + 4) },
            new { groupId = "R1JPVVA=", after = 1, commit = "AAAA", groupInfo = "AAAA" },
            new { groupId = "R1JPVVA=", after = 1, commit = "AAAA", groupInfo = "AAAA", epoch = new string('A', 132) },
            new { groupId = "R1JPVVA=", after = 1, commit = "AAAA", groupInfo = "AAAA", epoch = "AAAA", welcomed = Enumerable.Repeat("x", 201) },
        ];
        foreach (var request in hostile) Assert.Equal("invalid-input", await claire.RefusedAsync("ChangeGroup", request));
        Assert.Equal("invalid-input", await claire.RefusedAsync("ApplyToGroup", new { keyPackage = new string('A', CallGroup.LongestKeyPackage + 4) }));
        Assert.Equal("invalid-input", await claire.RefusedAsync("SendToCall", new { after = 1, message = new string('A', CallGroup.LongestMessage + 4) }));
        Assert.Equal("invalid-input", await claire.RefusedAsync("SendToCall", new { after = 1, message = "not base64" }));

        // What is just short enough is carried whole.
        var longest = new string('A', CallGroup.LongestCommit);
        await claire.DoAsync("ChangeGroup", new { groupId = "R1JPVVA=", after = 1, commit = longest, groupInfo = new string('A', CallGroup.LongestGroupInfo), epoch = "AAAA", welcome = new string('A', CallGroup.LongestWelcome) });
        Assert.Equal(longest, (await HearChangeAsync(claire, 2)).GetProperty("commit").GetString());

        string? code = null;
        for (var number = 2; code is null; number++) code = await claire.RefusedAsync("ChangeGroup", Change(number, "AAAA"));
        Assert.Equal("too-many-requests", code);
    }

    private static object Change(int after, string? commit, string groupId = "R1JPVVA=") => new { groupId, after, commit, groupInfo = "AAAA", epoch = "RVBPQ0gx" };

    private static Task<JsonElement> ChangeAsync(MeetingPerson person, int after, string? commit) => person.DoAsync("ChangeGroup", Change(after, commit));

    private static async Task<JsonElement> HearChangeAsync(MeetingPerson person, int number)
    {
        while (true)
        {
            var changed = await person.HearAsync("group-changed");
            if (changed.GetProperty("number").GetInt32() == number) return changed;
        }
    }
}
