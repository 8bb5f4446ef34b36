using System.Text.Json;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Meetings;

/// <summary>What hosts change for good is committed beside the call, not within it.</summary>
public sealed class DurableOrderTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("RemoveParticipant")]
    [InlineData("ChangeMeeting")]
    [InlineData("Admit")]
    [InlineData("EndMeeting")]
    public async Task A_slow_disk_holds_up_the_host_who_waits_for_it_and_nobody_else(string order)
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var claire = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        await using var karim = await MeetingPerson.WithRolesAsync(server, Roles.Staff);
        await using var lea = await MeetingPerson.WithRolesAsync(server, Roles.Staff);
        await using var guest = MeetingPerson.Guest(server);
        var meeting = await claire.OpenMeetingAsync();
        var link = await claire.CreateGuestLinkAsync(meeting);
        foreach (var person in new[] { claire, karim, lea }) await person.JoinAsync(meeting);
        await guest.ComeAsync(new { link, name = "Préfecture" });

        // The one writer of the database is busy, as with a disk that does not answer.
        var disk = new TaskCompletionSource();
        var busy = new TaskCompletionSource();
        var writing = server.Store.CommitAsync(
            async (_, _) =>
            {
                busy.SetResult();
                await disk.Task;
            },
            Cancellation);
        await busy.Task;
        object?[] arguments = order switch
        {
            "RemoveParticipant" => [new { participantId = karim.ParticipantId }],
            "ChangeMeeting" => [new { isLocked = true }],
            "Admit" => [new { waitingIds = (string[]?)null }],
            _ => [],
        };
        var ordered = claire.DoAsync(order, arguments);

        // Long enough for the order to have come to the disk: each is a question to the media thread and back.
        for (var i = 0; i < 40; i++) await karim.DoAsync("ShowVideos", new { videos = Array.Empty<object>() });
        await karim.DoAsync("ApplyToGroup", new { keyPackage = "S0VZ" });
        Assert.Equal(karim.ParticipantId, (await lea.HearAsync("group-application")).GetProperty("participantId").GetString());
        Assert.False(ordered.IsCompleted);

        disk.SetResult();
        await writing;
        Assert.True((await ordered).GetBoolean());
        var told = order switch
        {
            "RemoveParticipant" => await karim.HearAsync("left"),
            "ChangeMeeting" => await lea.HearAsync("meeting-changed"),
            "Admit" => await guest.HearAsync("joined"),
            _ => await lea.HearAsync("left"),
        };
        Assert.Equal(JsonValueKind.Object, told.ValueKind);
    }

    [Fact]
    public async Task What_two_hosts_change_at_once_ends_in_the_call_as_it_ends_in_the_database()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var claire = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        await using var thomas = await MeetingPerson.WithRolesAsync(server, Roles.CrisisMember);
        await using var late = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        var meeting = await claire.OpenMeetingAsync();
        await claire.JoinAsync(meeting);
        await thomas.JoinAsync(meeting);
        for (var i = 0; i < 10; i++)
            await Task.WhenAll(claire.DoAsync("ChangeMeeting", new { isLocked = true }), thomas.DoAsync("ChangeMeeting", new { isLocked = false }));
        var durable = JsonElement.Parse(await claire.Http.GetStringAsync($"/api/v1/meetings/{meeting}", Cancellation)).GetProperty("isLocked").GetBoolean();
        Assert.Equal(durable, (await late.JoinAsync(meeting)).GetProperty("meeting").GetProperty("isLocked").GetBoolean());
    }

    [Fact]
    public async Task Whoever_is_removed_while_on_their_way_back_in_is_not_let_in()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var claire = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        await using var karim = await MeetingPerson.WithRolesAsync(server, Roles.Staff);
        var meeting = await claire.OpenMeetingAsync();
        await claire.JoinAsync(meeting);
        await karim.JoinAsync(meeting);
        var participant = karim.ParticipantId;
        var resume = karim.Resume;
        await using var window = karim.AtAnotherWindow();
        for (var i = 0; i < 5; i++)
        {
            // Whichever comes first, at the end they are out, or wait.
            var removing = claire.InvokeAsync("RemoveParticipant", new { participantId = participant });
            var coming = window.ComeAsync(new { meetingId = meeting, resume });
            await removing;
            var first = await coming;
            if (MeetingPerson.KindOf(first) == "joined") Assert.Equal("removed", (await window.HearAsync("left")).GetProperty("reason").GetString());
            else Assert.Equal("waiting", MeetingPerson.KindOf(first));
            Assert.Equal("waiting", MeetingPerson.KindOf(await window.ComeAsync(new { meetingId = meeting, resume })));
            await claire.DoAsync("Admit", new { waitingIds = (string[]?)null });
            await window.HearAsync("joined");
            (participant, resume) = (window.ParticipantId, window.Resume);
        }
    }
}
