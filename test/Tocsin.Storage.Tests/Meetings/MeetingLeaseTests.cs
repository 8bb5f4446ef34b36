using Tocsin.Storage.Meetings;
using Tocsin.Storage.PostgreSql;
using Tocsin.Storage.Schema;
using Tocsin.Testing;

namespace Tocsin.Storage.Tests.Meetings;

public sealed class MeetingLeaseTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_ends_though_its_calls_are_giving_their_meetings_back_and_the_others_may_carry_them()
    {
        var database = await NewDatabaseAsync();
        await using var other = new MeetingLeases(database);
        for (var round = 0; round < 40; round++)
        {
            var leaving = new MeetingLeases(database);
            MeetingId[] meetings = [.. Enumerable.Range(0, 8).Select(_ => new MeetingId(Guid.NewGuid()))];
            foreach (var meeting in meetings) Assert.True(await leaving.TryTakeAsync(meeting, leaving, Cancellation));
            Assert.False(await other.TryTakeAsync(meetings[0], other, Cancellation));

            Task[] ending = [.. meetings.Select(meeting => Task.Run(() => leaving.GiveBackAsync(meeting, leaving), Cancellation)), Task.Run(async () => await leaving.DisposeAsync(), Cancellation)];
            await Task.WhenAll(ending).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

            // The database lets go of a connection's locks a moment after it was closed.
            await Eventually.HoldsAsync(async () => await other.TryTakeAsync(meetings[0], other, Cancellation), "another node carries the meeting");
        }
    }

    [Fact]
    public async Task A_node_that_has_ended_takes_nothing_and_has_nothing_to_give_back()
    {
        var leases = new MeetingLeases(await NewDatabaseAsync());
        var meeting = new MeetingId(Guid.NewGuid());
        Assert.True(await leases.TryTakeAsync(meeting, leases, Cancellation));
        await leases.DisposeAsync();
        await leases.GiveBackAsync(meeting, leases);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => leases.TryTakeAsync(meeting, leases, Cancellation));
        await leases.DisposeAsync();
    }

    private static async Task<DatabaseOptions> NewDatabaseAsync() =>
        new(DatabaseKind.PostgreSql, await (await PostgresServer.Shared).CreateDatabaseAsync(Cancellation));
}
