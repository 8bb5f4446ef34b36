using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Alerting;
using Tocsin.Server.Features.Events;
using Tocsin.Storage.Events;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Events;

public sealed class EventStreamTests
{
    private const int Sessions = 200;
    private const int Events = 1500;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_hundred_sessions_that_break_at_random_all_end_with_the_same_sequence()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var random = TestSeed.Random();
        var cookie = await CookieAsync(server, Roles.CrisisMember | Roles.Staff);
        var probes = Enumerable.Range(0, Sessions).Select(_ => new HubProbe(server.Address, cookie)).ToList();
        var head = new TaskCompletionSource<long>();
        var readers = probes.Select((probe, i) => ReadThroughBreaksAsync(probe, head.Task, longPolling: i % 5 == 0, new Random(random.Next()))).ToList();
        for (var i = 0; i < Events; i++) await AppendAsync(server, i, EventVisibility.To(Roles.CrisisMember));
        head.SetResult(Events);
        await Task.WhenAll(readers).WaitAsync(TimeSpan.FromMinutes(2), Cancellation);

        var expected = Enumerable.Range(1, Events).Select(seq => (long)seq).ToList();
        Assert.All(probes, probe => Assert.Equal(expected, probe.Received.Select(e => e.Seq)));
        Assert.All(probes, probe => Assert.Equal(0, probe.Resets));
    }

    [Fact]
    public async Task A_session_gets_what_its_roles_and_its_person_may_see_and_nothing_else()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var account = await server.CreateAccountAsync(Roles.Staff);
        var claire = account.Account.PersonId;
        var cookie = $"tocsin={(await server.OpenSessionAsync(account)).Token}";
        await AppendAsync(server, 1, EventVisibility.To(Roles.CrisisDirector));
        await AppendAsync(server, 2, EventVisibility.To(Roles.Staff));
        await AppendAsync(server, 3, EventVisibility.To(claire));
        await AppendAsync(server, 4, EventVisibility.To(new PersonId(Guid.CreateVersion7())));
        await AppendAsync(server, 5, EventVisibility.To(Roles.All));
        var probe = new HubProbe(server.Address, cookie);
        await probe.StreamAsync(longPolling: false, p => p.Received.Any(e => e.Data == """{"name":"5"}"""), Cancellation).WaitAsync(Eventually.Limit, Cancellation);
        Assert.Equal(["""{"name":"2"}""", """{"name":"3"}""", """{"name":"5"}"""], probe.Received.Where(e => e.Kind == "thing.changed").Select(e => e.Data));
    }

    [Fact]
    public async Task A_number_from_another_installation_is_answered_with_a_reset()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await AppendAsync(server, 1, EventVisibility.To(Roles.Staff));
        var probe = new HubProbe(server.Address, await CookieAsync(server, Roles.Staff), startAfter: 1_000_000);
        await probe.StreamAsync(longPolling: true, p => p.Resets > 0, Cancellation).WaitAsync(Eventually.Limit, Cancellation);
        Assert.Equal(1, probe.Through);
    }

    [Fact]
    public async Task A_number_that_another_node_gave_before_this_one_heard_of_it_is_no_reset()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var late = new EventTail(server.Services.GetRequiredService<EventLog>(), server.Services.GetRequiredService<EventSignal>(), [], TimeProvider.System);
        await late.InitialiseAsync(Cancellation);
        for (var i = 1; i <= 3; i++) await AppendAsync(server, i, EventVisibility.To(Roles.Staff));

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var reading = late.ReadAsync(new EventReader(Roles.Staff, default), 2, stop.Token).GetAsyncEnumerator(stop.Token);
        var first = reading.MoveNextAsync().AsTask();
        var following = late.RunAsync(stop.Token);
        Assert.True(await Eventually.CompletesAsync(first));
        Assert.False(reading.Current.Reset);
        Assert.Equal([3L], reading.Current.Events.Select(e => e.Seq));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
    }

    [Fact]
    public async Task Who_does_not_take_what_comes_gets_all_of_it_later_in_order_and_nobody_gets_what_is_for_others()
    {
        const int Many = 2500;
        await using var server = await ServerUnderTest.StartAsync();
        var tail = server.Services.GetRequiredService<EventTail>();
        var (slow, idle) = (new EventReader(Roles.Staff, default), new EventReader(Roles.None, new PersonId(Guid.CreateVersion7())));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var reading = tail.ReadAsync(slow, tail.Head, stop.Token).GetAsyncEnumerator(stop.Token);
        await using var waiting = tail.ReadAsync(idle, tail.Head, stop.Token).GetAsyncEnumerator(stop.Token);
        var (first, nothing) = (reading.MoveNextAsync().AsTask(), waiting.MoveNextAsync().AsTask());
        await AppendAsync(server, 0, EventVisibility.To(Roles.Staff));
        Assert.True(await Eventually.CompletesAsync(first));

        // More than wait for one session, while it takes none.
        await server.Store.CommitAsync(
            (transaction, _) =>
            {
                for (var i = 1; i <= Many; i++) transaction.Append("thing.changed", EventVisibility.To(Roles.Staff), new { name = i.ToString(CultureInfo.InvariantCulture) });
                return Task.CompletedTask;
            },
            Cancellation);
        await Eventually.HoldsAsync(() => tail.Head >= Many, "the tail has them");
        var names = new List<string>();
        while (names.Count < Many + 1)
        {
            names.AddRange(reading.Current.Events.Where(e => e.Kind == "thing.changed").Select(e => e.Data.GetProperty("name").GetString()!));
            if (names.Count < Many + 1) Assert.True(await reading.MoveNextAsync());
        }

        Assert.Equal(Enumerable.Range(0, Many + 1).Select(i => i.ToString(CultureInfo.InvariantCulture)), names);

        // At most it is told how far the log was gone through.
        if (nothing.IsCompletedSuccessfully) Assert.Empty(waiting.Current.Events);
        await stop.CancelAsync();
        await ((Task)nothing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    [Fact]
    public async Task Nobody_gets_in_without_a_session()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var probe = new HubProbe(server.Address, "tocsin=nothing");
        await Assert.ThrowsAsync<System.Net.WebSockets.WebSocketException>(() => probe.StreamAsync(longPolling: false, _ => false, Cancellation));
        await Assert.ThrowsAsync<HttpRequestException>(() => probe.StreamAsync(longPolling: true, _ => false, Cancellation));
    }

    /// <summary>Reads to the end over as many connections as it takes; each breaks off after a random number of batches.</summary>
    private static async Task ReadThroughBreaksAsync(HubProbe probe, Task<long> head, bool longPolling, Random random)
    {
        while (!head.IsCompletedSuccessfully || probe.Through < await head)
        {
            var batches = random.Next(1, 40);
            await probe.StreamAsync(longPolling, p => --batches == 0 || (head.IsCompletedSuccessfully && p.Through >= head.Result), Cancellation);
        }
    }

    private static async Task<string> CookieAsync(ServerUnderTest server, Roles roles) =>
        $"tocsin={(await server.OpenSessionAsync(await server.CreateAccountAsync(roles))).Token}";

    private static Task AppendAsync(ServerUnderTest server, int i, EventVisibility visibility) => server.Store.CommitAsync(
        (transaction, _) =>
        {
            transaction.Append("thing.changed", visibility, new { name = i.ToString(CultureInfo.InvariantCulture) });
            return Task.CompletedTask;
        },
        Cancellation);
}
