using Tocsin.Media.Engine.Congestion;
using Tocsin.Media.Wire.Rtcp;
using Tocsin.Testing;

namespace Tocsin.Media.Engine.Tests.Congestion;

public sealed class SentPacketHistoryTests
{
    private readonly SentPacketHistory _history = new();
    private readonly PacketResult[] _results = new PacketResult[SentPacketHistory.Length];

    [Fact]
    public void Feedback_gives_back_what_was_sent_over_all_wrap_arounds()
    {
        var random = TestSeed.Random();
        // Just before the reference time of 24 bits wraps around.
        var clock250us = ((1L << 24) * 256) - 1_000_000;
        var start = clock250us;
        var told = new Dictionary<long, PacketResult>();
        var truth = new Dictionary<long, (bool Arrived, int Bytes)>();
        long next = 1;
        for (var round = 0; round < 3000; round++)
        {
            var arrivals = new List<PacketArrival>();
            var first = next;
            for (var count = random.Next(1, 50); count > 0; count--, next++)
            {
                clock250us += random.Next(60);
                var bytes = random.Next(1, 1500);
                Assert.Equal((ushort)next, _history.HandleSent(At(clock250us - start), bytes, 0));
                var arrives = random.Next(5) != 0;
                truth[next] = (arrives, bytes);
                if (arrives)
                    arrivals.Add(new PacketArrival(next, clock250us));
            }

            if (arrivals.Count > 0)
                Hear(first, arrivals, told);
        }

        var heardUpTo = told.Keys.Max();
        Assert.Equal(truth.Keys.Where(number => number <= heardUpTo).Where(number => truth[number].Arrived || told.ContainsKey(number)).Order(), told.Keys.Order());
        Assert.All(told, pair => Assert.Equal((truth[pair.Key].Arrived, truth[pair.Key].Bytes), (pair.Value.HasArrived, pair.Value.Bytes)));
        // Sent and arrived at the same moment of two clocks: the difference never changes, whatever wrapped around.
        var offsets = told.Values.Where(result => result.HasArrived).Select(result => (result.Arrival - result.SentAt).Ticks).Distinct().ToList();
        Assert.Single(offsets);
    }

    [Fact]
    public void A_packet_told_missing_may_still_arrive_but_none_arrives_twice()
    {
        for (var number = 1; number <= 3; number++)
            _history.HandleSent(At(number), 100, 0);
        Assert.Equal(300, _history.BytesInFlight);
        Assert.Equal([(1, true), (2, false), (3, true)], Told(1, new(1, 10), new(3, 30)));
        Assert.Equal(0, _history.BytesInFlight);
        Assert.Equal([(2, true)], Told(1, new(1, 10), new(2, 40), new(3, 30)));
        Assert.Empty(Told(1, new(1, 10), new(2, 40), new(3, 30)));
    }

    /// <remarks>After a time without any path, receivers tell of what comes then: what was lost before was thought to be under way for ever, and the path to be silent.</remarks>
    [Fact]
    public void Of_a_packet_that_is_sent_once_more_under_its_number_feedback_says_nothing_any_more()
    {
        for (var number = 1; number <= 3; number++)
            _history.HandleSent(At(number), 100, 0);
        Assert.Equal([(1, true)], Told(1, new PacketArrival(1, 10)));
        _history.Forget(2);
        _history.Forget(3);
        _history.Forget(60_000);
        Assert.Equal(0, _history.BytesInFlight);
        Assert.Empty(Told(1, new(1, 10), new(2, 200), new(3, 210)));
    }

    [Fact]
    public void What_feedback_passes_over_is_in_flight_no_more_and_may_still_arrive()
    {
        for (var number = 1; number <= 6; number++)
            _history.HandleSent(At(number), 100, 0);
        Assert.Equal([(5, true)], Told(5, new PacketArrival(5, 50)));
        Assert.Equal(100, _history.BytesInFlight);
        Assert.Equal([(1, true), (2, true)], Told(1, new(1, 60), new(2, 70)));
        Assert.Equal(100, _history.BytesInFlight);
    }

    [Fact]
    public void What_was_never_sent_or_is_forgotten_is_left_out()
    {
        Assert.Empty(Told(1, new(1, 10), new(5, 20)));
        for (var number = 1; number <= SentPacketHistory.Length + 10; number++)
            _history.HandleSent(At(number), 1, 0);
        Assert.Equal(SentPacketHistory.Length, _history.BytesInFlight);
        Assert.Equal([(11, true)], Told(5, new(5, 10), new(11, 20)).Where(result => result.HasArrived));
        Assert.Empty(Told(SentPacketHistory.Length + 11, new PacketArrival(SentPacketHistory.Length + 11, 10)));
    }

    [Fact]
    public void Feedback_that_tells_of_thousands_of_old_packets_again_finds_nothing_new()
    {
        for (var number = 1; number <= 8000; number++)
            _history.HandleSent(At(number), 1, 0);
        Assert.Equal(8000, Told(1, new(1, 10), new(8000, 20)).Count);
        Assert.Empty(Told(1, new(1, 10), new(8000, 20)));
        _history.HandleSent(At(9000), 1, 0);
        Assert.Equal([(8001, false)], Told(1, new(1, 10), new(8002, 20)));
        Assert.Equal(0, _history.BytesInFlight);
    }

    private List<(int Number, bool HasArrived)> Told(long first, params PacketArrival[] arrivals)
    {
        var told = new Dictionary<long, PacketResult>();
        Hear(first, [.. arrivals], told);
        return [.. told.Values.OrderBy(result => result.SequenceNumber).Select(result => ((int)result.SequenceNumber, result.HasArrived))];
    }

    private void Hear(long first, List<PacketArrival> arrivals, Dictionary<long, PacketResult> told)
    {
        var buffer = new byte[2000];
        var writer = new RtcpWriter(buffer);
        Assert.True(writer.TryAddTransportWideFeedback(new(1, 2, 0, first), arrivals.ToArray(), out var consumed));
        Assert.Equal(arrivals.Count, consumed);
        Assert.True(RtcpCompound.TryParse(buffer.AsSpan(0, writer.Length), out var compound) && compound.MoveNext());
        Assert.True(FeedbackMessage.TryParse(compound.Current, out var message));
        Assert.True(TransportWideFeedback.TryParse(message, out var feedback));
        foreach (var result in _results.AsSpan(0, _history.HandleFeedback(feedback, _results)))
            told[result.SequenceNumber] = result;
    }

    private static Instant At(long quarterMilliseconds) => new(quarterMilliseconds * 250_000);
}
