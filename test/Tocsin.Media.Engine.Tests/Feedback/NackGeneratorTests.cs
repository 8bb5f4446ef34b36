using Tocsin.Media.Engine.Feedback;
using Tocsin.Testing;

namespace Tocsin.Media.Engine.Tests.Feedback;

public sealed class NackGeneratorTests
{
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(60);
    private readonly NackGenerator _nacks = new();

    [Fact]
    public void A_packet_is_asked_for_when_it_is_late_by_20_ms_and_by_2_packets()
    {
        _nacks.HandlePacket(At(0), 10);
        _nacks.HandlePacket(At(1), 12);
        Assert.Empty(Due(At(20.9)));
        _nacks.HandlePacket(At(20.95), 13);
        Assert.Equal(At(21), _nacks.NextWakeUp);
        Assert.Equal([11], Due(At(21)));
        Assert.Equal(1, _nacks.RequestCount);
    }

    [Fact]
    public void A_packet_of_a_voice_is_asked_for_when_the_next_has_come_and_given_up_soon()
    {
        var nacks = NackGenerator.ForVoice();
        nacks.HandlePacket(At(0), 10);
        nacks.HandlePacket(At(1), 12);
        Assert.Equal(At(6), nacks.NextWakeUp);
        var lost = new ushort[10];
        Assert.Equal(0, nacks.CollectDue(At(5.9), RoundTrip, lost));
        Assert.Equal(1, nacks.CollectDue(At(6), RoundTrip, lost));
        Assert.Equal(At(66), nacks.NextWakeUp);
        Assert.Equal(0, nacks.CollectDue(At(401), RoundTrip, lost));
        Assert.Equal((0, 1), (nacks.MissingCount, nacks.GivenUpCount));
    }

    [Fact]
    public void A_packet_late_by_20_ms_but_one_packet_waits_until_the_stream_is_silent_for_long()
    {
        _nacks.HandlePacket(At(0), 10);
        _nacks.HandlePacket(At(0), 12);
        Assert.Empty(Due(At(99)));
        Assert.Equal(At(100), _nacks.NextWakeUp);
        Assert.Equal([11], Due(At(100)));
    }

    [Fact]
    public void The_second_newer_packet_makes_a_packet_due_that_was_late_long_enough()
    {
        _nacks.HandlePacket(At(0), 10);
        _nacks.HandlePacket(At(0), 12);
        Assert.Empty(Due(At(50)));
        _nacks.HandlePacket(At(60), 13);
        Assert.True(_nacks.NextWakeUp <= At(60));
        Assert.Equal([11], Due(At(60)));
    }

    [Fact]
    public void What_comes_out_of_order_is_never_asked_for()
    {
        _nacks.HandlePacket(At(0), 65535);
        _nacks.HandlePacket(At(1), 2);
        _nacks.HandlePacket(At(5), 1);
        _nacks.HandlePacket(At(19), 0);
        Assert.Empty(Due(At(500)));
        Assert.Equal((0, 0), (_nacks.MissingCount, _nacks.RequestCount));
        Assert.Equal(Instant.Never, _nacks.NextWakeUp);
        Assert.False(_nacks.TakeKeyFrameNeed());
    }

    [Fact]
    public void A_packet_is_asked_for_again_each_round_trip_ten_times_at_most_and_for_a_second_at_most()
    {
        _nacks.HandlePacket(At(0), 1);
        _nacks.HandlePacket(At(0), 4);
        var requests = new List<double>();
        for (var now = At(0); now < At(3000); now += TimeSpan.FromMilliseconds(1))
        {
            if (Due(now).Count > 0)
                requests.Add((now - At(0)).TotalMilliseconds);
        }

        // Both 2 and 3 are missing; 2 is late by two packets, 3 by one.
        Assert.Equal(20, requests[0]);
        Assert.All(requests.Where((_, index) => index % 2 == 0).Chunk(2).Where(pair => pair.Length == 2), pair => Assert.InRange(pair[1] - pair[0], 60, 120));
        Assert.True(requests[^1] < 1000);
        Assert.Equal((20, 2), (_nacks.RequestCount, _nacks.GivenUpCount));
        Assert.True(_nacks.TakeKeyFrameNeed());
        Assert.False(_nacks.TakeKeyFrameNeed());
        Assert.Equal(0, _nacks.MissingCount);
    }

    [Fact]
    public void A_retransmission_that_arrives_ends_the_asking()
    {
        _nacks.HandlePacket(At(0), 1);
        _nacks.HandlePacket(At(0), 5);
        Assert.Equal([2, 3], Due(At(20)));
        _nacks.HandlePacket(At(80), 2);
        _nacks.HandlePacket(At(80), 2);
        Assert.Equal([3, 4], Due(At(100)));
        Assert.Equal((1, 2), (_nacks.RecoveredCount, _nacks.MissingCount));
    }

    [Fact]
    public void An_outage_asks_for_a_key_frame_and_not_for_hundreds_of_packets()
    {
        _nacks.HandlePacket(At(0), 1);
        _nacks.HandlePacket(At(1), 400);
        Assert.Equal(0, _nacks.MissingCount);
        Assert.True(_nacks.TakeKeyFrameNeed());
        Assert.Empty(Due(At(900)));
        _nacks.HandlePacket(At(901), 402);
        Assert.Equal(1, _nacks.MissingCount);
    }

    [Fact]
    public void What_finds_no_room_in_one_request_is_asked_for_in_the_next()
    {
        _nacks.HandlePacket(At(0), 0);
        _nacks.HandlePacket(At(0), 101);
        Span<ushort> few = stackalloc ushort[30];
        Assert.Equal(30, _nacks.CollectDue(At(100), RoundTrip, few));
        Assert.True(_nacks.NextWakeUp <= At(100));
        Assert.Equal(Enumerable.Range(31, 70), Due(At(100)).Select(number => (int)number));
    }

    [Fact]
    public void Every_loss_of_a_random_network_is_asked_for_and_nothing_that_arrived()
    {
        var random = TestSeed.Random();
        for (var round = 0; round < 40; round++)
        {
            var nacks = new NackGenerator();
            var loss = random.NextDouble() * 0.3;
            var first = random.Next(65536);
            var arrived = new HashSet<int>();
            var asked = new HashSet<int>();
            for (var index = 0; index < 3000; index++)
            {
                var now = At(5 * index);
                if (index == 0 || random.NextDouble() >= loss)
                {
                    nacks.HandlePacket(now, (ushort)(first + index));
                    arrived.Add(index);
                }

                foreach (var number in Due(now, nacks))
                    asked.Add(index - (ushort)((ushort)(first + index) - number));
            }

            Assert.DoesNotContain(asked, arrived.Contains);
            var newest = arrived.Max();
            Assert.Subset(asked, Enumerable.Range(0, newest - 40).Except(arrived).ToHashSet());
            Assert.InRange(nacks.MissingCount, 0, 260);
        }
    }

    [Fact]
    public void Hostile_numbers_never_make_it_ask_for_more_than_a_window()
    {
        var random = TestSeed.Random();
        var now = At(0);
        for (var index = 0; index < 50_000; index++)
        {
            now += TimeSpan.FromMilliseconds(random.Next(3));
            _nacks.HandlePacket(now, (ushort)(random.Next(3) == 0 ? random.Next(65536) : index));
            if (random.Next(10) == 0)
                Assert.InRange(Due(now).Count, 0, 512);
            Assert.InRange(_nacks.MissingCount, 0, 512);
        }
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        ushort number = 0;
        var now = At(0);
        var lost = new ushort[64];
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var index = 0; index < 100; index++)
            {
                now += TimeSpan.FromMilliseconds(5);
                number += (ushort)(index % 7 == 0 ? 3 : 1);
                _nacks.HandlePacket(now, number);
                _nacks.CollectDue(now, RoundTrip, lost);
            }
        }));
    }

    private static Instant At(double milliseconds) => default(Instant) + TimeSpan.FromMilliseconds(milliseconds);

    private List<ushort> Due(Instant now) => Due(now, _nacks);

    private static List<ushort> Due(Instant now, NackGenerator nacks)
    {
        Span<ushort> lost = stackalloc ushort[512];
        return [.. lost[..nacks.CollectDue(now, RoundTrip, lost)]];
    }
}
