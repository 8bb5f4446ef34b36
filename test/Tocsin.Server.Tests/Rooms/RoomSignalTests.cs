using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Alerting;
using Tocsin.Server.Features.Rooms;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Rooms;

/// <summary>docs/protocol/rooms.md, signals: the server passes on what it cannot open.</summary>
public sealed class RoomSignalTests
{
    private static readonly RoomStory Honest = RoomStories.Read().Honest;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Members_get_what_another_sends_and_nobody_else_does()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var (creator, others) = await RoomAsync(server);
        var signals = server.Services.GetRequiredService<RoomSignals>();
        await using var own = signals.FollowAsync(new PersonId(Honest.Entries[0].AccountId), Cancellation).GetAsyncEnumerator(Cancellation);
        await using var other = signals.FollowAsync(new PersonId(others.Key), Cancellation).GetAsyncEnumerator(Cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var stranger = signals.FollowAsync(new PersonId(Guid.CreateVersion7()), stop.Token).GetAsyncEnumerator(stop.Token);
        var (ownNext, otherNext, strangerNext) = (own.MoveNextAsync().AsTask(), other.MoveNextAsync().AsTask(), stranger.MoveNextAsync().AsTask());
        await creator.SendJsonAsync(HttpMethod.Post, Path("signals"), Body("signal", [1, 2, 3]), HttpStatusCode.NoContent);
        Assert.True(await otherNext.WaitAsync(Eventually.Limit, Cancellation));
        Assert.Equal(Honest.RoomId, other.Current.RoomId.Value);
        Assert.Equal([1, 2, 3], other.Current.Signal);

        // The answer to the sender comes after it was passed on to all: the others have nothing by then.
        Assert.False(ownNext.IsCompleted);
        Assert.False(strangerNext.IsCompleted);
        var outside = await server.AsAsync(Roles.Staff);
        await outside.SendJsonAsync(HttpMethod.Post, Path("signals"), Body("signal", [1]), HttpStatusCode.NotFound);
        await creator.SendJsonAsync(HttpMethod.Post, Path("signals"), Body("signal", []), HttpStatusCode.BadRequest);
        await creator.SendJsonAsync(HttpMethod.Post, Path("signals"), Body("signal", new byte[513]), HttpStatusCode.BadRequest);
        await others.Value.SendJsonAsync(HttpMethod.Put, Path("receipt"), Body("receipt", [7]), HttpStatusCode.NoContent);
        Assert.True(await ownNext.WaitAsync(Eventually.Limit, Cancellation));
        Assert.Equal([7], own.Current.Signal);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => strangerNext);
    }

    [Fact]
    public async Task The_last_receipt_of_each_is_kept_until_they_take_it_back()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var (creator, others) = await RoomAsync(server);
        await others.Value.SendJsonAsync(HttpMethod.Put, Path("receipt"), Body("receipt", [1]), HttpStatusCode.NoContent);
        await others.Value.SendJsonAsync(HttpMethod.Put, Path("receipt"), Body("receipt", [2]), HttpStatusCode.NoContent);
        Assert.Equal([[2]], await ReceiptsAsync());
        await others.Value.SendJsonAsync(HttpMethod.Put, Path("receipt"), new JsonObject { ["receipt"] = null }, HttpStatusCode.NoContent);
        Assert.Empty(await ReceiptsAsync());
        var outside = await server.AsAsync(Roles.Staff);
        await outside.GetJsonAsync(Path("receipts"), HttpStatusCode.NotFound);
        await outside.SendJsonAsync(HttpMethod.Put, Path("receipt"), Body("receipt", [1]), HttpStatusCode.NotFound);

        async Task<byte[][]> ReceiptsAsync() =>
            [.. (await creator.GetJsonAsync(Path("receipts")))["items"]!.AsArray().Select(item => Convert.FromBase64String(item!.GetValue<string>()))];
    }

    [Fact]
    public async Task Nobody_sends_more_than_typing_needs()
    {
        await using var server = await ServerUnderTest.StartAsync(time: new ManualTimeProvider());
        var somebody = await server.AsAsync(Roles.Staff);
        for (var round = 0; round < RoomSignals.InARow; round++)
            await somebody.SendJsonAsync(HttpMethod.Post, Path("signals"), Body("signal", [1]), HttpStatusCode.NotFound);
        await somebody.SendJsonAsync(HttpMethod.Post, Path("signals"), Body("signal", [1]), HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Who_does_not_take_them_keeps_the_latest()
    {
        var signals = new RoomSignals(TimeProvider.System);
        var person = new PersonId(Guid.CreateVersion7());
        await using var following = signals.FollowAsync(person, Cancellation).GetAsyncEnumerator(Cancellation);
        var first = following.MoveNextAsync().AsTask();
        for (var round = 0; round < 1000; round++) signals.Publish(new HashSet<PersonId> { person }, new RoomSignal(new RoomId(Honest.RoomId), [(byte)(round / 4)]));
        Assert.True(await first);
        var received = 0;
        while (following.Current.Signal[0] < 249)
        {
            await following.MoveNextAsync();
            received++;
        }

        Assert.True(received < 100);
    }

    private static string Path(string what) => $"/api/v1/rooms/{Honest.RoomId}/{what}";

    private static JsonObject Body(string name, byte[] bytes) => new() { [name] = Convert.ToBase64String(bytes) };

    /// <summary>The room with its creator and one more.</summary>
    private static async Task<(HttpClient Creator, KeyValuePair<Guid, HttpClient> Other)> RoomAsync(ServerUnderTest server)
    {
        var people = await RoomEndpointTests.PeopleOfAsync(server, Honest);
        foreach (var sent in Honest.Entries.Take(4)) await RoomEndpointTests.AppendAsync(people[sent.AccountId], Honest.RoomId, sent.Bytes);
        return (people[Honest.Entries[0].AccountId], people.Single(pair => pair.Key == Honest.Entries[3].AccountId));
    }
}
