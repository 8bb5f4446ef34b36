using System.Net.Http.Json;
using System.Text.Json;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Meetings;

/// <summary>A call is on one node; what is decided about its meeting on another is heeded there.</summary>
public sealed class TwoNodesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_heeds_what_another_node_commits_and_is_nowhere_twice()
    {
        var database = await ServerUnderTest.NewPostgresDatabaseAsync();
        await using var first = await ServerUnderTest.StartAsync(database);
        await using var second = await ServerUnderTest.StartAsync(database);
        var director = await first.CreateAccountAsync(Roles.CrisisDirector);
        await using var claire = await MeetingPerson.OfAsync(first, director);
        await using var guest = MeetingPerson.Guest(first);
        var elsewhere = await second.SignInAsync(director);
        var meeting = await claire.OpenMeetingAsync();
        using var made = await claire.Http.PostAsJsonAsync($"/api/v1/meetings/{meeting}/guest-links", new { label = "Mairie" }, Cancellation);
        var link = JsonElement.Parse(await made.Content.ReadAsStringAsync(Cancellation));
        await claire.JoinAsync(meeting);
        await guest.ComeAsync(new { link = link.GetProperty("secret").GetString(), name = "Mairie" });
        await claire.DoAsync("Admit", new { waitingIds = (string[]?)null });
        await guest.HearAsync("joined");

        // Whoever comes by the other node would be alone there: they are told why.
        await using var lost = await MeetingPerson.OfAsync(second, director);
        var refused = await lost.ComeAsync(new { meetingId = meeting });
        Assert.Equal("meeting-elsewhere", refused.GetProperty("refusal").GetProperty("code").GetString());

        using var revoked = await elsewhere.DeleteAsync($"/api/v1/meetings/{meeting}/guest-links/{link.GetProperty("link").GetProperty("id").GetString()}", Cancellation);
        Assert.True(revoked.IsSuccessStatusCode);
        Assert.Equal("removed", (await guest.HearAsync("left")).GetProperty("reason").GetString());

        // The call over, any node may carry the next one.
        await claire.DoAsync("LeaveMeeting");
        await Eventually.HoldsAsync(async () => MeetingPerson.KindOf(await lost.ComeAsync(new { meetingId = meeting })) == "joined", "the other node carries the call");
        using var ended = await claire.Http.PostAsync($"/api/v1/meetings/{meeting}/end", null, Cancellation);
        Assert.True(ended.IsSuccessStatusCode);
        Assert.Equal("ended", (await lost.HearAsync("left")).GetProperty("reason").GetString());
    }
}
