using Tocsin.Media.Engine.Feedback;
using Tocsin.Media.Wire.Rtp;
using Tocsin.Testing;

namespace Tocsin.Media.Engine.Tests.Feedback;

public sealed class RetransmissionTests
{
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(50);

    [Fact]
    public void A_packet_is_found_until_newer_ones_push_it_out_or_it_is_too_old()
    {
        var random = TestSeed.Random();
        var cache = new RetransmissionCache(64, 20_000);
        var sent = new List<(ushort Number, byte[] Packet, Instant At)>();
        for (var index = 0; index < 3000; index++)
        {
            var now = At(10 * index);
            var packet = PacketOf((ushort)(65_000 + index), random.Next(1, 1200), random);
            cache.Store(now, (ushort)(65_000 + index), packet);
            sent.Add(((ushort)(65_000 + index), packet, now));
            var probe = sent[Math.Max(0, index - random.Next(80))];
            var outcome = cache.Find(now, probe.Number, RoundTrip, out var found);
            if (outcome == RetransmissionOutcome.Found)
                Assert.Equal(probe.Packet, found.ToArray());
            else
                Assert.Equal(RetransmissionOutcome.NotKept, outcome);
            // The bytes of the last ten always fit.
            if (index - sent.IndexOf(probe) < 10)
                Assert.Equal(RetransmissionOutcome.Found, outcome);
        }

        var (number, _, at) = sent[^1];
        Assert.Equal(RetransmissionOutcome.Found, cache.Find(at + RetransmissionCache.MaximumAge, number, RoundTrip, out _));
        Assert.Equal(RetransmissionOutcome.NotKept, cache.Find(at + RetransmissionCache.MaximumAge + TimeSpan.FromMilliseconds(1), number, RoundTrip, out _));
    }

    [Fact]
    public void What_is_longer_than_the_cache_is_not_kept()
    {
        var cache = new RetransmissionCache(8, 100);
        cache.Store(At(0), 1, new byte[101]);
        Assert.Equal(RetransmissionOutcome.NotKept, cache.Find(At(0), 1, RoundTrip, out _));
        cache.Store(At(0), 1, new byte[100]);
        Assert.Equal(RetransmissionOutcome.Found, cache.Find(At(0), 1, RoundTrip, out _));
        cache.Store(At(0), 2, new byte[1]);
        Assert.Equal(RetransmissionOutcome.NotKept, cache.Find(At(0), 1, RoundTrip, out _));
    }

    [Fact]
    public void A_request_is_answered_once_a_round_trip_and_ten_times_at_most()
    {
        var responder = ResponderWith(BitRate.FromMegabits(10), out var cache);
        cache.Store(At(0), 7, PacketOf(7, 500, new Random(1)));
        var buffer = new byte[1500];
        Assert.Equal(RetransmissionOutcome.Found, responder.Answer(At(60), 7, RoundTrip, buffer, out _));
        Assert.Equal(RetransmissionOutcome.TooSoon, responder.Answer(At(109), 7, RoundTrip, buffer, out var written));
        Assert.Equal(0, written);
        var answered = 1;
        for (var now = 110; now < 1900; now++)
            answered += responder.Answer(At(now), 7, RoundTrip, buffer, out _) == RetransmissionOutcome.Found ? 1 : 0;
        Assert.Equal(RetransmissionCache.MaximumTimes, answered);
        Assert.Equal(RetransmissionOutcome.TooOften, responder.Answer(At(1950), 7, RoundTrip, buffer, out _));
        Assert.Equal(RetransmissionCache.MaximumTimes, responder.SentCount);
    }

    [Fact]
    public void Retransmissions_are_a_stream_of_their_own_that_carries_the_originals()
    {
        var responder = ResponderWith(BitRate.FromMegabits(10), out var cache);
        var buffer = new byte[1500];
        for (ushort number = 0; number < 20; number++)
        {
            var packet = PacketOf(number, 300, new Random(number));
            cache.Store(At(number), number, packet);
            Assert.Equal(RetransmissionOutcome.Found, responder.Answer(At(number), number, RoundTrip, buffer, out var written));
            Assert.True(RtpPacket.TryParse(buffer.AsSpan(0, written), out var rtx));
            Assert.Equal((97, 0x5555u, (ushort)(65_530 + number)), (rtx.PayloadType, rtx.Ssrc, rtx.SequenceNumber));
            Assert.True(Rtx.TryUnwrap(buffer.AsSpan(0, written), 96, 0x4444, out var original));
            Assert.Equal(packet, original.ToArray());
        }
    }

    [Fact]
    public void Retransmissions_keep_within_their_share_of_the_path()
    {
        var responder = ResponderWith(BitRate.FromKilobits(400), out var cache);
        var buffer = new byte[1500];
        long bytes = 0;
        var refused = 0;
        for (var index = 0; index < 5000; index++)
        {
            var number = (ushort)index;
            cache.Store(At(index), number, PacketOf(number, 1000, new Random(1)));
            var outcome = responder.Answer(At(index), number, RoundTrip, buffer, out var written);
            bytes += written;
            refused += outcome == RetransmissionOutcome.OverBudget ? 1 : 0;
        }

        // 400 kbit/s for 5 s are 250,000 bytes, and 100 ms of it were saved up at first.
        Assert.InRange(bytes, 240_000, 250_000 + 5_000 + 1_100);
        Assert.Equal(refused, responder.RefusedCount);

        // What was refused for the budget was not counted as sent: it is answered when there is room.
        Assert.Equal(RetransmissionOutcome.Found, responder.Answer(At(5200), 4999, RoundTrip, buffer, out _));
    }

    [Fact]
    public void Padding_is_a_recent_packet_of_fitting_length_once_more()
    {
        var responder = ResponderWith(BitRate.FromKilobits(1), out var cache);
        var buffer = new byte[1500];
        Assert.False(responder.TryWritePadding(At(0), 1200, buffer, out _));
        cache.Store(At(0), 65_535, PacketOf(65_535, 1100, new Random(1)));
        cache.Store(At(0), 0, PacketOf(0, 100, new Random(1)));
        cache.Store(At(0), 1, PacketOf(1, 1400, new Random(1)));
        Assert.Equal((true, 65_535), Padding(1200));
        Assert.Equal((true, 1), Padding(1500));
        Assert.Equal((true, 0), Padding(200));
        Assert.Equal((false, 0), Padding(50));
        Assert.Equal((3, 0), (responder.PaddingCount, responder.SentCount));
        // Padding is no answer: what is asked for afterwards is sent.
        Assert.Equal(RetransmissionOutcome.Found, responder.Answer(At(0), 1, RoundTrip, buffer, out _));
        Assert.False(responder.TryWritePadding(At(3000), 1200, buffer, out _));

        (bool IsWritten, ushort Original) Padding(int bytes)
        {
            if (!responder.TryWritePadding(At(1), bytes, buffer, out var written))
                return (false, 0);
            Assert.InRange(written, 1, bytes);
            Assert.True(RtpPacket.TryParse(buffer.AsSpan(0, written), out var packet));
            Assert.True(Rtx.TryGetOriginalSequenceNumber(packet, out var original));
            return (packet.Ssrc == 0x5555, original);
        }
    }

    [Fact]
    public void Keeping_and_answering_allocates_nothing()
    {
        var responder = ResponderWith(BitRate.FromMegabits(100), out var cache);
        var packet = PacketOf(1, 1100, new Random(1));
        var buffer = new byte[1500];
        ushort number = 0;
        Assert.Equal(0, Allocation.Of(() =>
        {
            cache.Store(At(0), ++number, packet);
            responder.Answer(At(number), number, RoundTrip, buffer, out _);
        }));
    }

    private static RtxResponder ResponderWith(BitRate rate, out RetransmissionCache cache)
    {
        cache = new RetransmissionCache(512, 512 * 1200);
        return new RtxResponder(cache, new ByteBudget(rate, TimeSpan.FromMilliseconds(100)), 97, 0x5555, 65_530);
    }

    private static byte[] PacketOf(ushort number, int payloadLength, Random random)
    {
        var payload = new byte[payloadLength];
        random.NextBytes(payload);
        var buffer = new byte[payloadLength + 100];
        var writer = new RtpPacketWriter(buffer, new RtpFields(96, Marker: false, number, 1000, 0x4444));
        writer.AddExtension(3, [1, 2]);
        writer.AddPayload(payload);
        Assert.True(writer.TryFinish(out var written));
        return buffer[..written];
    }

    private static Instant At(double milliseconds) => default(Instant) + TimeSpan.FromMilliseconds(milliseconds);
}
