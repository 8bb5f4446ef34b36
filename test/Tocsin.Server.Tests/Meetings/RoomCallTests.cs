using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tocsin.Server.Tests.Rooms;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Meetings;

/// <summary>The call of a room and who is in the room, as its signed entries say.</summary>
public sealed class RoomCallTests
{
    private static readonly RoomStory story = RoomStories.Read().Parting;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_is_no_longer_in_the_room_is_out_of_its_call_whoever_opened_it(bool onPostgres)
    {
        await using var server = await ServerUnderTest.StartAsync(onPostgres ? await ServerUnderTest.NewPostgresDatabaseAsync() : null);
        var people = (await RoomEndpointTests.PeopleOfAsync(server, story)).ToDictionary(one => one.Key, one => MeetingPerson.SignedIn(server, one.Value));

        // Everybody comes into the call as soon as they are in the room, and the first to be in it opens it.
        Guid? call = null;
        var present = new HashSet<Guid>();
        var putOut = new HashSet<Guid>();
        foreach (var sent in story.Entries)
        {
            await people[sent.AccountId].Http.PostJsonAsync($"/api/v1/rooms/{story.RoomId}/entries", new JsonObject { ["entry"] = Convert.ToBase64String(sent.Bytes) });
            foreach (var (account, person) in people)
            {
                var isIn = (await person.Http.GetJsonAsync("/api/v1/rooms"))["items"]!.AsArray().Count > 0;
                if (isIn && present.Add(account))
                {
                    call ??= await OpenAsync(person);
                    await person.JoinAsync(call.Value);
                }
                else if (!isIn && present.Remove(account))
                {
                    Assert.Equal("removed", (await person.HearAsync("left")).GetProperty("reason").GetString());
                    foreach (var other in present) Assert.Equal(person.ParticipantId, (await people[other].HearAsync("participant-left")).GetProperty("participantId").GetString());

                    // Nor is there a way back, with what they were given before.
                    var refused = await person.ComeAsync(new { meetingId = call, resume = person.Resume });
                    Assert.Equal("not-found", refused.GetProperty("refusal").GetProperty("code").GetString());
                    putOut.Add(account);
                }
            }
        }

        // One of them came back in between, and was put out again.
        Assert.Equal((people.Count, 0), (putOut.Count, present.Count));
        foreach (var person in people.Values) await person.DisposeAsync();
    }

    private static async Task<Guid> OpenAsync(MeetingPerson person)
    {
        using var answer = await person.Http.PostAsJsonAsync($"/api/v1/rooms/{story.RoomId}/call", new { title = "Call of a room" }, Cancellation);
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).GetProperty("id").GetGuid();
    }
}
