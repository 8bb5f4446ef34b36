using Tocsin.Media.Engine.Feedback;
using Tocsin.Media.Wire.Rtcp;
using Tocsin.Testing;

namespace Tocsin.Media.Engine.Tests.Feedback;

/// <summary>RFC 3550 sections 6.4 and appendices A.1, A.3 and A.8.</summary>
public sealed class ReportTests
{
    private readonly ReceptionStatistics _statistics = new(0x1234, 90_000);

    [Fact]
    public void Nothing_is_reported_of_a_source_that_sent_nothing() => Assert.False(_statistics.TryTakeReport(At(0), out _));

    [Fact]
    public void Losses_are_counted_since_the_beginning_and_as_a_fraction_since_the_last_report()
    {
        for (var number = 0; number < 100; number++)
        {
            if (number % 4 != 1)
                _statistics.HandlePacket(At(number), (ushort)(65_500 + number), (uint)(90 * number));
        }

        Assert.True(_statistics.TryTakeReport(At(100), out var report));
        Assert.Equal((0x1234u, 25, 64), (report.Ssrc, report.CumulativeLost, report.FractionLost));
        Assert.Equal((uint)(65_500 + 99), report.ExtendedHighestSequence);
        for (var number = 100; number < 200; number++)
            _statistics.HandlePacket(At(number), (ushort)(65_500 + number), (uint)(90 * number));
        Assert.True(_statistics.TryTakeReport(At(200), out report));
        Assert.Equal((25, 0), (report.CumulativeLost, (int)report.FractionLost));
    }

    [Fact]
    public void Late_packets_take_a_loss_back_and_doubled_ones_go_below_zero()
    {
        foreach (var number in new ushort[] { 1, 2, 4, 5, 3, 5, 5 })
            _statistics.HandlePacket(At(0), number, 0);
        Assert.True(_statistics.TryTakeReport(At(0), out var report));
        Assert.Equal((-2, 0, 5u), (report.CumulativeLost, (int)report.FractionLost, report.ExtendedHighestSequence));
    }

    [Fact]
    public void A_leap_counts_only_when_the_next_packet_confirms_it()
    {
        _statistics.HandlePacket(At(0), 10, 0);
        _statistics.HandlePacket(At(1), 40_000, 0);
        _statistics.HandlePacket(At(2), 11, 0);
        Assert.True(_statistics.TryTakeReport(At(2), out var report));
        Assert.Equal((0, 11u), (report.CumulativeLost, report.ExtendedHighestSequence));
        _statistics.HandlePacket(At(3), 50_000, 0);
        _statistics.HandlePacket(At(4), 50_001, 0);
        Assert.True(_statistics.TryTakeReport(At(4), out report));
        Assert.Equal((0, 50_001u), (report.CumulativeLost, report.ExtendedHighestSequence));
    }

    [Fact]
    public void Jitter_is_that_of_appendix_A_8_in_floating_point()
    {
        var random = TestSeed.Random();
        double expected = 0, previousTransit = 0;
        for (var number = 0; number < 2000; number++)
        {
            var arrival = (20.0 * number) + (random.NextDouble() * 15);
            var timestamp = (uint)(1800 * number) + 4_294_000_000;
            _statistics.HandlePacket(At(arrival), (ushort)number, timestamp);
            var transit = (90 * arrival) - (1800.0 * number);
            if (number > 0)
                expected += (Math.Abs(transit - previousTransit) - expected) / 16;
            previousTransit = transit;
        }

        Assert.Equal(expected, _statistics.Jitter, 20.0);
        Assert.Equal(expected / 90, _statistics.JitterTime.TotalMilliseconds, 0.3);
    }

    [Fact]
    public void A_report_returns_the_senders_time_and_how_long_it_was_held()
    {
        _statistics.HandlePacket(At(0), 1, 0);
        Assert.True(_statistics.TryTakeReport(At(0), out var report));
        Assert.Equal((0u, 0u), (report.LastSenderReport, report.DelaySinceLastSenderReport));
        _statistics.HandleSenderReport(At(100), new SenderInformation(0x1234, 0x1122334455667788, 0, 0, 0));
        Assert.True(_statistics.TryTakeReport(At(600), out report));
        Assert.Equal((0x33445566u, 32_768u), (report.LastSenderReport, report.DelaySinceLastSenderReport));
    }

    [Fact]
    public void A_translated_report_means_the_same_instant_in_the_receivers_timestamps()
    {
        var audio = new SenderReportTranslator(48_000);
        var video = new SenderReportTranslator(90_000);
        Assert.False(audio.TryTranslate(At(0), 1, 0, default, out _));
        const ulong Ntp = 0xE000000080000000;
        audio.HandleSourceReport(At(0), new SenderInformation(9, Ntp, 48_000, 1, 2));
        video.HandleSourceReport(At(300), new SenderInformation(9, NtpTime.Add(Ntp, TimeSpan.FromMilliseconds(300)), uint.MaxValue, 1, 2));
        Assert.True(audio.TryTranslate(At(1000), 1, 7, new SentCount(5, 500).With(100), out var heard));
        Assert.True(video.TryTranslate(At(1000), 2, 1000, default, out var seen));
        Assert.Equal((1u, 48_000u + 48_000u + 7u, 6u, 600u), (heard.Ssrc, heard.RtpTimestamp, heard.PacketCount, heard.OctetCount));
        Assert.Equal(63_000u + 1000u - 1, seen.RtpTimestamp);
        // Both streams in the same wall-clock time, to a fraction of a sample.
        Assert.InRange(Math.Abs(NtpTime.Distance(heard.NtpTimestamp, seen.NtpTimestamp).TotalMicroseconds), 0, 1);
        Assert.Equal(1000, NtpTime.Distance(Ntp, heard.NtpTimestamp).TotalMilliseconds, 0.001);
    }

    [Fact]
    public void Reports_are_due_once_a_second_on_average_and_never_all_at_once()
    {
        var random = TestSeed.Random();
        var timers = Enumerable.Range(0, 50).Select(_ => new ReportTimer(random)).ToList();
        var largest = 0;
        var reports = 0;
        for (var now = 0; now < 100_000; now++)
        {
            var due = timers.Count(timer => timer.TryTake(At(now)));
            reports += due;
            largest = now > 5000 ? Math.Max(largest, due) : largest;
        }

        Assert.InRange(reports, 4500, 5500);
        Assert.InRange(largest, 1, 5);
        Assert.All(timers, timer => Assert.InRange(timer.NextWakeUp - At(99_999), TimeSpan.Zero, TimeSpan.FromSeconds(1.5)));
    }

    [Fact]
    public void Counting_and_reporting_allocates_nothing()
    {
        ushort number = 0;
        Assert.Equal(0, Allocation.Of(() =>
        {
            _statistics.HandlePacket(At(number), ++number, number);
            _statistics.TryTakeReport(At(number), out _);
        }));
    }

    private static Instant At(double milliseconds) => default(Instant) + TimeSpan.FromMilliseconds(milliseconds);
}
