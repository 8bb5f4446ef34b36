using Tocsin.Server.Features.Meetings.Calls;
using Tocsin.Server.Features.Meetings.Signalling;

namespace Tocsin.Server.Tests.Meetings;

public sealed class EventOutboxTests
{
    [Fact]
    public async Task What_is_added_comes_out_in_order_and_the_last_word_is_the_last()
    {
        var outbox = new EventOutbox();
        for (var i = 0; i < EventOutbox.Capacity; i++) outbox.Add(new CallMessage($"{i}", "AAAA"));
        outbox.End(new Left(LeaveReason.Removed));
        outbox.Add(new CallMessage("late", "AAAA"));
        var heard = await ReadAsync(outbox);
        Assert.Equal(Enumerable.Range(0, EventOutbox.Capacity).Select(i => $"{i}"), heard.OfType<CallMessage>().Select(message => message.ParticipantId));
        Assert.Equal(new Left(LeaveReason.Removed), heard[^1]);
    }

    [Fact]
    public async Task Who_does_not_read_is_let_go_and_nothing_more_is_kept()
    {
        var outbox = new EventOutbox();
        for (var i = 0; i < 10 * EventOutbox.Capacity; i++) outbox.Add(new CallMessage($"{i}", "AAAA"));
        var heard = await ReadAsync(outbox);
        Assert.Equal(EventOutbox.Capacity + 1, heard.Count);
        Assert.Equal(new Left(LeaveReason.TooSlow), heard[^1]);
    }

    [Fact]
    public async Task Who_does_not_read_keeps_no_more_large_changes_than_a_few()
    {
        var outbox = new EventOutbox();
        var change = new CallGroupChanged("g", 1, "e", "p", new string('A', CallGroup.LongestCommit));
        for (var added = 0; added <= EventOutbox.HeaviestKept / CallGroup.LongestCommit; added++) outbox.Add(change);
        var heard = new List<MeetingEvent>();
        await foreach (var batch in outbox.ReadAsync(TestContext.Current.CancellationToken)) heard.AddRange(batch.Events);
        Assert.Equal(EventOutbox.HeaviestKept / CallGroup.LongestCommit, heard.Count - 1);
        Assert.Equal(LeaveReason.TooSlow, Assert.IsType<Left>(heard[^1]).Reason);
    }

    [Fact]
    public async Task Who_reads_may_hear_any_number()
    {
        var outbox = new EventOutbox();
        await using var reading = outbox.ReadAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        for (var i = 0; i < 3 * EventOutbox.Capacity; i++)
        {
            outbox.Add(new CallMessage($"{i}", "AAAA"));
            Assert.True(await reading.MoveNextAsync());
            Assert.Equal($"{i}", Assert.IsType<CallMessage>(Assert.Single(reading.Current.Events)).ParticipantId);
        }
    }

    private static async Task<List<MeetingEvent>> ReadAsync(EventOutbox outbox)
    {
        var heard = new List<MeetingEvent>();
        await foreach (var batch in outbox.ReadAsync(TestContext.Current.CancellationToken)) heard.AddRange(batch.Events);
        return heard;
    }
}
