using Tocsin.Media.Engine.Congestion;
using Tocsin.Media.Engine.Pacing;
using Tocsin.Testing;

namespace Tocsin.Media.Engine.Tests.Pacing;

public sealed class PacerTests
{
    private readonly Pacer _pacer = new();
    private Instant _now;

    [Fact]
    public void The_first_packet_leaves_at_once()
    {
        Assert.Equal(Instant.Never, _pacer.NextWakeUp);
        Assert.True(_pacer.TryEnqueue(_now, PacketPriority.Speaker, 7, 1200));
        Assert.True(_pacer.NextWakeUp <= _now);
        Assert.True(_pacer.TryDequeue(_now, out var packet));
        Assert.Equal((7, 1200, 0), (packet.Handle, packet.Bytes, packet.ProbeCluster));
        Assert.False(_pacer.TryDequeue(_now, out _));
        Assert.Equal(Instant.Never, _pacer.NextWakeUp);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(2_000)]
    [InlineData(20_000)]
    public void Video_leaves_at_the_rate(int kilobits)
    {
        _pacer.Rate = BitRate.FromKilobits(kilobits);
        long bytes = 0;
        RunFor(TimeSpan.FromSeconds(10), () =>
        {
            while (_pacer.TryEnqueue(_now, PacketPriority.Speaker, 0, 1200))
            {
            }
        }, packet => bytes += packet.Bytes);
        var expected = kilobits * 1000 / 8 * 10;
        Assert.InRange(bytes, (0.99 * expected) - 1200, (1.01 * expected) + 1200);
    }

    [Fact]
    public void Packets_leave_in_small_bursts_that_one_system_call_can_carry()
    {
        _pacer.Rate = BitRate.FromMegabits(10);
        var moments = new Dictionary<Instant, int>();
        RunFor(TimeSpan.FromSeconds(2), () =>
        {
            while (_pacer.TryEnqueue(_now, PacketPriority.Speaker, 0, 1200))
            {
            }
        }, packet => moments[_now] = moments.GetValueOrDefault(_now) + 1);
        // 10 Mbit/s are 6,250 bytes in 5 ms.
        Assert.All(moments.Values, count => Assert.InRange(count, 4, 7));
        Assert.InRange(moments.Count, 390, 402);
    }

    [Fact]
    public void Audio_leaves_within_5_ms_however_full_the_path_is()
    {
        var random = TestSeed.Random();
        _pacer.Rate = BitRate.FromKilobits(100);
        var waits = new List<double>();
        RunFor(TimeSpan.FromSeconds(20), () =>
        {
            if (random.Next(6) == 0)
                Assert.True(_pacer.TryEnqueue(_now, PacketPriority.Audio, 1, 200));
            _pacer.TryEnqueue(_now, PacketPriority.Speaker, 0, 1200);
        }, packet =>
        {
            if (packet.Priority == PacketPriority.Audio)
                waits.Add((_now - packet.EnqueuedAt).TotalMilliseconds);
        });
        Assert.True(waits.Count > 1000);
        Assert.InRange(waits.Max(), 0, 5);
    }

    [Fact]
    public void Audio_behind_video_that_waits_for_its_path_leaves_with_the_next_burst()
    {
        _pacer.Rate = BitRate.FromKilobits(500);
        for (var handle = 1; handle <= 3; handle++)
            Enqueue(PacketPriority.Speaker, handle);
        Assert.Equal([1, 2], Drain());
        foreach (var voice in (int[])[4, 5])
        {
            _now += TimeSpan.FromMilliseconds(1);
            Enqueue(PacketPriority.Audio, voice);
            Assert.Empty(Drain());
        }

        Assert.Equal(default(Instant) + Pacer.BurstInterval, _pacer.NextWakeUp);
        _now = _pacer.NextWakeUp;
        Assert.Equal([4, 5], Drain());
    }

    /// <summary>Bursts were always 5 ms apart, then half a millisecond, so that on every path packets waited for some of that.</summary>
    [Fact]
    public void Where_the_path_has_room_nothing_waits()
    {
        var random = TestSeed.Random();
        _pacer.Rate = BitRate.FromMegabits(20);
        var waits = new List<double>();
        RunFor(TimeSpan.FromSeconds(5), () =>
        {
            // A packet every 2 ms or so: some 5 Mbit/s.
            if (random.Next(4) == 0)
                Assert.True(_pacer.TryEnqueue(_now, PacketPriority.Speaker, 0, 1200));
        }, packet => waits.Add((_now - packet.EnqueuedAt).TotalMilliseconds));
        Assert.True(waits.Count > 500);
        Assert.Equal(0, waits.Max());
    }

    [Fact]
    public void What_matters_more_leaves_first()
    {
        _pacer.Rate = BitRate.FromMegabits(100);
        foreach (var priority in new[] { PacketPriority.Thumbnail, PacketPriority.Speaker, PacketPriority.Screen, PacketPriority.Retransmission, PacketPriority.Audio })
            Enqueue(priority, (int)priority);
        Enqueue(PacketPriority.Audio, 10);
        var order = new List<int>();
        while (order.Count < 6)
        {
            order.AddRange(Drain());
            _now += TimeSpan.FromMilliseconds(1);
        }

        Assert.Equal([0, 10, 1, 2, 3, 4], order);
    }

    [Fact]
    public void Thumbnails_are_refused_first_then_the_speaker_and_audio_never()
    {
        _pacer.Rate = BitRate.FromMegabits(1);
        var refused = new Dictionary<PacketPriority, double>();
        foreach (var priority in new[] { PacketPriority.Speaker, PacketPriority.Thumbnail })
        {
            while (_pacer.TryEnqueue(_now, priority, 0, 1200))
            {
            }

            refused[priority] = _pacer.WaitOf(priority).TotalMilliseconds;
        }

        Assert.All(refused.Values, wait => Assert.InRange(wait, 300, 320));
        Assert.False(_pacer.TryEnqueue(_now, PacketPriority.Thumbnail, 0, 1200));
        Assert.True(_pacer.TryEnqueue(_now, PacketPriority.Screen, 0, 1200));
        Assert.True(_pacer.TryEnqueue(_now, PacketPriority.Audio, 0, 200));
        Assert.False(_pacer.TryEnqueue(_now, PacketPriority.Speaker, 0, 1200));
    }

    [Fact]
    public void A_probe_leaves_at_its_rate_with_padding_where_nothing_else_waits()
    {
        var cluster = new ProbeCluster(3, BitRate.FromMegabits(5), new DataSize(12_000));
        _pacer.BeginProbe(_now, cluster);
        Enqueue(PacketPriority.Speaker, 1);
        var sent = new List<(Instant At, int Bytes, int Cluster)>();
        for (var steps = 0; _pacer.IsProbing && steps < 1000; steps++)
        {
            while (_pacer.TryDequeue(_now, out var packet))
                sent.Add((_now, packet.Bytes, packet.ProbeCluster));
            while (_pacer.TryTakePadding(_now, out var bytes, out var id))
            {
                sent.Add((_now, bytes, id));
                _pacer.HandlePadding(bytes);
            }

            _now = _pacer.NextWakeUp == Instant.Never ? _now : _pacer.NextWakeUp;
        }

        Assert.All(sent, packet => Assert.Equal(3, packet.Cluster));
        Assert.InRange(sent.Sum(packet => packet.Bytes), 12_000, 13_200);
        var rate = new DataSize(sent.SkipLast(1).Sum(packet => packet.Bytes)) / (sent[^1].At - sent[0].At);
        Assert.InRange(rate.BitsPerSecond, 4_750_000, 5_250_000);
        Assert.False(_pacer.TryTakePadding(_now, out _, out _));
    }

    [Fact]
    public void Whoever_calls_at_the_wake_up_always_finds_a_packet()
    {
        var random = TestSeed.Random();
        for (var round = 0; round < 2000; round++)
        {
            _pacer.Rate = BitRate.FromKilobits(random.Next(50, 20_000));
            for (var count = random.Next(6); count > 0; count--)
                _pacer.TryEnqueue(_now, (PacketPriority)random.Next(5), 0, random.Next(60, 1300));
            if (_pacer.NextWakeUp == Instant.Never)
                continue;
            _now = _pacer.NextWakeUp > _now ? _pacer.NextWakeUp : _now;
            Assert.True(_pacer.TryDequeue(_now, out _));
            while (random.Next(3) != 0 && _pacer.TryDequeue(_now, out _))
            {
            }

            _now += TimeSpan.FromMicroseconds(random.Next(3000));
        }
    }

    [Fact]
    public void Queueing_and_sending_allocates_nothing()
    {
        _pacer.Rate = BitRate.FromMegabits(10);
        Assert.Equal(0, Allocation.Of(() =>
        {
            _pacer.TryEnqueue(_now, PacketPriority.Audio, 0, 200);
            _pacer.TryEnqueue(_now, PacketPriority.Speaker, 0, 1200);
            while (_pacer.TryDequeue(_now, out _))
            {
            }

            _now = Instant.Earlier(_pacer.NextWakeUp, _now + TimeSpan.FromMilliseconds(5));
        }));
    }

    private void Enqueue(PacketPriority priority, int handle) => Assert.True(_pacer.TryEnqueue(_now, priority, handle, 200));

    private List<int> Drain()
    {
        var handles = new List<int>();
        while (_pacer.TryDequeue(_now, out var packet))
            handles.Add(packet.Handle);
        return handles;
    }

    /// <summary>Calls every millisecond, and at each wake-up between.</summary>
    private void RunFor(TimeSpan duration, Action produce, Action<PacedPacket> send)
    {
        var end = _now + duration;
        while (_now < end)
        {
            var next = _now + TimeSpan.FromMilliseconds(1);
            produce();
            while (_now < next)
            {
                while (_pacer.TryDequeue(_now, out var packet))
                    send(packet);
                _now = _pacer.NextWakeUp > _now ? Instant.Earlier(_pacer.NextWakeUp, next) : next;
            }
        }
    }
}
