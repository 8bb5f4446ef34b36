using Tocsin.Server.Features.Meetings.Calls;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Tests.Meetings;

/// <summary>A call has as many places as its encryption was measured for.</summary>
public sealed class FullCallTests
{
    [Fact]
    public async Task The_next_one_is_told_that_it_is_full_and_comes_in_when_somebody_goes()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var claire = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        var meeting = await claire.OpenMeetingAsync();
        var everybody = Enumerable.Range(0, Call.MostParticipants).Select(_ => claire.AtAnotherWindow()).ToList();
        foreach (var person in everybody) await person.JoinAsync(meeting);

        // Also for a host, and for whoever opened it.
        var refused = await claire.ComeAsync(new { meetingId = meeting });
        Assert.Equal("meeting-full", refused.GetProperty("refusal").GetProperty("code").GetString());
        Assert.Equal(Call.MostParticipants, everybody[^1].Joined.GetProperty("participants").GetArrayLength());

        // Nobody who is in is disturbed: whose line breaks has their place still.
        await everybody[1].LoseLineAsync();
        Assert.Equal("meeting-full", (await claire.ComeAsync(new { meetingId = meeting })).GetProperty("refusal").GetProperty("code").GetString());
        await everybody[1].JoinAsync(meeting, everybody[1].Resume);
        await everybody[0].DoAsync("LeaveMeeting");
        await claire.JoinAsync(meeting);
        foreach (var person in everybody) await person.DisposeAsync();
    }
}
