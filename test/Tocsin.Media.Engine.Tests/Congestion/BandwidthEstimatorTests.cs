using Tocsin.Media.Engine.Congestion;
using Tocsin.Media.Engine.Tests.Network;
using Tocsin.Media.Wire.Rtcp;
using Tocsin.Testing;

namespace Tocsin.Media.Engine.Tests.Congestion;

/// <summary>Bounds within which the estimate converges, in megabits a second, on networks in virtual time. The seed of their chance is in the output.</summary>
public sealed class BandwidthEstimatorTests
{
    private static readonly BitRate Plenty = BitRate.FromMegabits(10);

    [Theory]
    [InlineData(0.5)]
    [InlineData(2)]
    [InlineData(8)]
    public void The_estimate_converges_on_what_the_path_carries_and_leaves_no_queue(double megabits)
    {
        var sender = SenderOver(PathOf(megabits));
        sender.RunUntil(60);
        Assert.InRange(sender.MeanEstimate(15, 60), 0.85 * megabits, megabits);
        Assert.InRange(sender.QueueDelay95(15, 60), 0, 80);
    }

    [Fact]
    public void Probes_find_a_wide_path_within_seconds()
    {
        var sender = SenderOver(PathOf(8));
        sender.RunUntil(5);
        Assert.InRange(sender.HighestEstimate(0, 5), 7, 8.8);
        Assert.InRange(sender.ProbeCount, 2, 14);
    }

    [Fact]
    public void A_path_that_becomes_narrow_is_noticed_and_its_queue_drained()
    {
        var sender = SenderOver(PathOf(3).At(TimeSpan.FromSeconds(30), BitRate.FromMegabits(1)));
        sender.RunUntil(60);
        Assert.InRange(sender.MeanEstimate(33, 60), 0.85, 1);
        Assert.InRange(sender.QueueDelay95(35, 60), 0, 60);
    }

    [Fact]
    public void A_path_that_becomes_wide_again_is_used_again()
    {
        var sender = SenderOver(PathOf(1).At(TimeSpan.FromSeconds(30), BitRate.FromMegabits(4)));
        sender.RunUntil(75);
        Assert.InRange(sender.MeanEstimate(45, 75), 3.2, 4);
    }

    [Fact]
    public void Loss_that_is_radio_and_not_a_queue_does_not_ruin_the_estimate()
    {
        var path = PathOf(2);
        path.Loss = 0.05;
        var sender = SenderOver(path);
        sender.RunUntil(60);
        Assert.InRange(sender.MeanEstimate(15, 60), 1.4, 2);
    }

    [Fact]
    public void A_queue_too_short_to_show_in_delays_is_found_by_its_losses()
    {
        var path = new SimulatedPath(TestSeed.Random()) { QueueLimit = TimeSpan.FromMilliseconds(8) }.At(TimeSpan.Zero, BitRate.FromMegabits(2));
        var sender = SenderOver(path);
        sender.RunUntil(60);
        Assert.InRange(sender.MeanEstimate(15, 60), 1.6, 2.1);
        Assert.InRange((double)sender.LostPackets / sender.SentPackets, 0, 0.08);
    }

    [Fact]
    public void Jitter_is_not_taken_for_a_queue()
    {
        var path = new SimulatedPath(TestSeed.Random()) { Jitter = TimeSpan.FromMilliseconds(10) }.At(TimeSpan.Zero, BitRate.FromMegabits(2));
        var sender = SenderOver(path);
        sender.RunUntil(60);
        Assert.InRange(sender.MeanEstimate(15, 60), 1.6, 2);
    }

    [Fact]
    public void A_long_way_makes_it_slower_not_wrong()
    {
        var path = new SimulatedPath(TestSeed.Random()) { Delay = TimeSpan.FromMilliseconds(250) }.At(TimeSpan.Zero, BitRate.FromMegabits(2));
        var sender = SenderOver(path);
        sender.RunUntil(60);
        Assert.InRange(sender.MeanEstimate(20, 60), 1.6, 2);
        Assert.InRange(sender.Estimator.RoundTripTime.TotalMilliseconds, 270, 450);
    }

    [Fact]
    public void A_small_source_on_a_wide_path_is_probed_for_what_is_wanted_and_no_more()
    {
        var sender = new SimulatedSender(PathOf(10), BitRate.FromKilobits(400), BitRate.FromMegabits(3));
        sender.RunUntil(30);
        Assert.InRange(sender.MeanEstimate(15, 30), 2.8, 3.5);
        Assert.InRange(sender.ProbeCount, 1, 6);
    }

    [Fact]
    public void Two_senders_share_a_path_and_neither_starves()
    {
        var path = PathOf(4);
        var first = SenderOver(path);
        var second = new SimulatedSender(path, Plenty, Plenty) { BeginsAt = 20 };
        for (var milliseconds = 1; milliseconds <= 120_000; milliseconds++)
        {
            first.RunUntil(milliseconds / 1000.0);
            // The second joins when the first has taken everything.
            if (milliseconds > 20_000)
                second.RunUntil(milliseconds / 1000.0);
        }

        var (one, other) = (first.MeanEstimate(60, 120), second.MeanEstimate(60, 120));
        Assert.InRange(one + other, 3, 4.1);
        Assert.InRange(Math.Min(one, other), 1.1, 2.1);
    }

    [Fact]
    public void A_download_on_the_same_path_does_not_starve_a_call()
    {
        var path = PathOf(4);
        var sender = SenderOver(path);
        var download = new SimulatedDownload(path);
        for (var milliseconds = 1; milliseconds <= 120_000; milliseconds++)
        {
            sender.RunUntil(milliseconds / 1000.0);
            if (milliseconds > 20_000)
                download.Run(default(Instant) + TimeSpan.FromMilliseconds(milliseconds));
        }

        Assert.InRange(sender.MeanEstimate(40, 120), 0.3, 3);
        Assert.True(download.DeliveredBytes * 8 / 100 > 1_000_000);
    }

    [Fact]
    public void Probes_in_vain_become_rare()
    {
        var sender = SenderOver(PathOf(0.6));
        sender.RunUntil(120);
        Assert.InRange(sender.ProbeCount, 1, 12);
    }

    [Fact]
    public void When_nothing_is_heard_less_and_less_is_sent_and_the_path_is_found_again()
    {
        var sender = SenderOver(PathOf(4));
        sender.RunUntil(20);
        sender.IsHeard = false;
        sender.RunUntil(35);
        Assert.InRange(sender.LowestEstimate(33, 35), 0.05, 0.1);
        sender.IsHeard = true;
        sender.RunUntil(60);
        Assert.InRange(sender.MeanEstimate(45, 60), 2.8, 4.1);
    }

    [Fact]
    public void Audio_never_waits_longer_than_5_ms()
    {
        var sender = SenderOver(PathOf(1).At(TimeSpan.FromSeconds(10), BitRate.FromKilobits(200)));
        sender.RunUntil(20);
        Assert.InRange(sender.LongestAudioWait.TotalMilliseconds, 0, 5);
    }

    [Fact]
    public void Whatever_feedback_claims_the_estimate_stays_within_its_bounds()
    {
        var random = TestSeed.Random();
        var estimator = new BandwidthEstimator(BitRate.FromKilobits(300), BitRate.FromKilobits(50), BitRate.FromMegabits(5)) { Wanted = Plenty };
        var now = default(Instant);
        var heard = 0;
        for (var round = 0; round < 20_000; round++)
        {
            now += TimeSpan.FromMilliseconds(random.Next(30));
            estimator.TryPlanProbe(now, out var cluster);
            ushort last = 0;
            for (var count = random.Next(5); count > 0; count--)
                last = estimator.HandleSent(now, random.Next(1, 1500), random.Next(3) == 0 ? cluster.Id : 0);
            estimator.HandleTimeout(now);
            var datagram = HostileFeedback(random, last);
            if (RtcpCompound.TryParse(datagram, out var compound) && compound.MoveNext() && FeedbackMessage.TryParse(compound.Current, out var message)
                && TransportWideFeedback.TryParse(message, out var feedback))
            {
                heard++;
                estimator.HandleFeedback(now, feedback);
            }

            Assert.InRange(estimator.Estimate.BitsPerSecond, 50_000, 5_000_000);
            Assert.True(estimator.BytesInFlight >= 0);
        }

        Assert.True(heard > 10_000);
    }

    [Fact]
    public void Sending_and_hearing_allocates_nothing()
    {
        var estimator = new BandwidthEstimator(BitRate.FromKilobits(300), BitRate.FromKilobits(50), BitRate.FromMegabits(5)) { Wanted = Plenty };
        var now = default(Instant);
        var buffer = new byte[1200];
        var arrivals = new PacketArrival[20];
        long number = 1;
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var index = 0; index < arrivals.Length; index++)
            {
                now += TimeSpan.FromMilliseconds(3);
                estimator.HandleSent(now, 1200);
                arrivals[index] = new PacketArrival(number++, now.Nanoseconds / 250_000);
            }

            var writer = new RtcpWriter(buffer);
            writer.TryAddTransportWideFeedback(new(1, 2, 0, arrivals[0].SequenceNumber), arrivals, out _);
            if (!RtcpCompound.TryParse(buffer.AsSpan(0, writer.Length), out var compound) || !compound.MoveNext()
                || !FeedbackMessage.TryParse(compound.Current, out var message) || !TransportWideFeedback.TryParse(message, out var feedback))
            {
                throw new InvalidOperationException("what was written is not read");
            }

            estimator.HandleFeedback(now, feedback);
            estimator.TryPlanProbe(now, out _);
        }));
    }

    private static SimulatedPath PathOf(double megabits) =>
        new SimulatedPath(TestSeed.Random()) { Jitter = TimeSpan.FromMilliseconds(1) }.At(TimeSpan.Zero, BitRate.FromKilobits((long)(megabits * 1000)));

    private static SimulatedSender SenderOver(SimulatedPath path) => new(path, Plenty, Plenty);

    private static byte[] HostileFeedback(Random random, ushort last)
    {
        var buffer = new byte[400];
        var writer = new RtcpWriter(buffer);
        var number = (long)last + 65536 - random.Next(random.Next(3) == 0 ? 65536 : 30);
        var time = random.NextInt64(1L << 34);
        var first = number;
        var arrivals = new PacketArrival[random.Next(1, 20)];
        for (var index = 0; index < arrivals.Length; index++)
        {
            arrivals[index] = new PacketArrival(number, time);
            number += random.Next(1, random.Next(4) == 0 ? 2000 : 3);
            time += random.Next(-2000, 4000);
        }

        Assert.True(writer.TryAddTransportWideFeedback(new(1, 2, (byte)random.Next(256), first - random.Next(3)), arrivals, out _));
        return buffer[..writer.Length];
    }
}
