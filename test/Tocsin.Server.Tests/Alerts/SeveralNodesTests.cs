using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Deliveries;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Events;
using Tocsin.Storage.Model;
using Tocsin.Storage.Schema;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Alerts;

/// <summary>Two nodes on one PostgreSQL database.</summary>
public sealed class SeveralNodesTests() : AlertingSpecification(DatabaseKind.PostgreSql)
{
    [Fact]
    public async Task Two_nodes_share_the_work_and_nobody_is_told_twice()
    {
        await AddPeopleAsync(3_000);
        Sms.MaximumInFlight = 20;
        var other = new ScriptedChannel(ChannelKind.Sms) { MaximumInFlight = 20 };

        // Half of it goes as fast as it can, and its progress wakes the other node. The rest waits until both have begun: however slow to wake one is, there is something left for it.
        var both = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task BothAsync()
        {
            if (!Sms.Sent.IsEmpty && !other.Sent.IsEmpty) both.TrySetResult();
            return Sms.Sent.Count + other.Sent.Count > 1_500 ? both.Task : Task.CompletedTask;
        }

        Sms.Script = async _ =>
        {
            await Task.Yield();
            await BothAsync();
            return Sms.Accept();
        };
        other.Script = async _ =>
        {
            await Task.Yield();
            await BothAsync();
            return new DeliveryOutcome.Accepted("scripted-2", Guid.CreateVersion7().ToString());
        };
        await StartNodeAsync(other);
        var alert = await RaiseAsync(Draft(ChannelKind.Sms));
        await UntilAsync(alert, t => CountOf(t, ChannelKind.Sms, DeliveryState.Accepted) == 3_000);
        Assert.Equal(3_000, Sms.Sent.Concat(other.Sent).Select(message => message.Address).Distinct().Count());
        Assert.Equal(3_000, Sms.Sent.Count + other.Sent.Count);
        Assert.True(!Sms.Sent.IsEmpty && !other.Sent.IsEmpty, $"One node sent all: {Sms.Sent.Count} and {other.Sent.Count}.");
    }

    [Fact]
    public async Task What_a_killed_node_had_in_hand_the_other_takes_over()
    {
        await AddPeopleAsync(40);
        var never = new TaskCompletionSource<DeliveryOutcome>();
        Sms.Script = _ => new(never.Task);
        var first = Node;
        var alert = await RaiseAsync(Draft(ChannelKind.Sms));
        await Eventually.HoldsAsync(() => Sms.Sent.Count == 40);
        var other = new ScriptedChannel(ChannelKind.Sms);
        await StartNodeAsync(other);
        await first.KillAsync();

        // Six beats are past the silence that the others allow, and well before the leases run out.
        for (var beat = 0; beat < 6; beat++) await BeatAsync(nodes: 1);
        await UntilAsync(alert, t => CountOf(t, ChannelKind.Sms, DeliveryState.Accepted) == 40);
        Assert.Equal(40, other.Sent.Count);
        Assert.All(other.Sent, message => Assert.Equal(2, message.Attempt));
        never.SetResult(Sms.Accept());
    }

    [Fact]
    public async Task A_node_is_woken_by_what_others_commit_and_not_by_what_it_commits_itself()
    {
        var first = Node;
        var other = await StartNodeAsync(new ScriptedChannel(ChannelKind.Sms));
        var (own, theirs) = (first.Get<EventSignal>(), other.Get<EventSignal>());
        await CommitEventAsync(first);
        await CommitEventAsync(first);
        await Eventually.HoldsAsync(() => own.Head > 0 && theirs.HeadOfOthers == own.Head);
        var ofFirst = own.Head;
        await CommitEventAsync(other);

        // Notifications come in the order of commits: with the other's event, those of its own have come.
        await Eventually.HoldsAsync(() => own.HeadOfOthers == ofFirst + 1);
        await CommitEventAsync(first);
        await Eventually.HoldsAsync(() => theirs.HeadOfOthers == ofFirst + 2);
        Assert.Equal(ofFirst + 1, own.HeadOfOthers);
    }

    [Fact]
    public async Task A_node_that_lives_keeps_what_takes_long()
    {
        await AddPeopleAsync(5);
        var slow = new TaskCompletionSource<DeliveryOutcome>();
        Sms.Script = _ => new(slow.Task);
        var alert = await RaiseAsync(Draft(ChannelKind.Sms));
        await Eventually.HoldsAsync(() => Sms.Sent.Count == 5);
        var other = new ScriptedChannel(ChannelKind.Sms);
        await StartNodeAsync(other);
        for (var beat = 0; beat < 36; beat++) await BeatAsync(nodes: 2);
        Assert.Empty(other.Sent);
        slow.SetResult(Sms.Accept());
        await UntilAsync(alert, t => CountOf(t, ChannelKind.Sms, DeliveryState.Accepted) == 5);
    }

    /// <summary>Of more than a thousand, those past the first thousand were taken out and never applied.</summary>
    [Fact]
    public async Task Receipts_that_two_nodes_left_apart_from_their_outcomes_are_joined_with_them_however_many()
    {
        const int Count = 1_200;
        await AddPeopleAsync(Count);
        var alert = await RaiseAsync(Draft(ChannelKind.Sms));
        await UntilAsync(alert, t => CountOf(t, ChannelKind.Sms, DeliveryState.Accepted) == Count);
        await Node.ReadAsync(async db =>
        {
            var accepted = db.Set<Delivery>().Select(d => new { d.ProviderId, d.ProviderMessageId }).ToList();
            db.AddRange(accepted.Select(d => new UnmatchedReceipt
            {
                Channel = ChannelKind.Sms,
                ProviderId = d.ProviderId!,
                ProviderMessageId = d.ProviderMessageId!,
                State = ReceiptState.Delivered,
                At = Time.GetUtcNow(),
                ReceivedAt = Time.GetUtcNow(),
            }));
            return await db.SaveChangesAsync(Cancellation);
        });

        Time.Advance(TimeSpan.FromSeconds(10));
        await UntilAsync(alert, t => CountOf(t, ChannelKind.Sms, DeliveryState.Delivered) == Count);
        Assert.Empty(await Node.ReadAsync(db => Task.FromResult(db.Set<UnmatchedReceipt>().ToList())));
    }

    private static Task CommitEventAsync(AlertingNode node) => node.Store.CommitAsync(
        (transaction, _) =>
        {
            transaction.Append("test.happened", EventVisibility.To(Roles.Administrator), new { });
            return Task.CompletedTask;
        },
        Cancellation);

    /// <summary>Moves the clock on by a beat. A beat is a transaction in real time, so the clock waits until the nodes that live have been heard.</summary>
    private async Task BeatAsync(int nodes)
    {
        Time.Advance(TimeSpan.FromSeconds(5));
        var heard = Time.GetUtcNow() - TimeSpan.FromSeconds(10);
        await Eventually.HoldsAsync(async () => await Node.ReadAsync(db => Task.FromResult(db.Set<ServerNode>().Count(n => n.HeartbeatAt >= heard))) >= nodes);
    }
}
