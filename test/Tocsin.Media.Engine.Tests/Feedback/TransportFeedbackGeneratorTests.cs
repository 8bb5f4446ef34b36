using Tocsin.Media.Engine.Feedback;
using Tocsin.Media.Wire.Rtcp;
using Tocsin.Testing;

namespace Tocsin.Media.Engine.Tests.Feedback;

public sealed class TransportFeedbackGeneratorTests
{
    private readonly TransportFeedbackGenerator _generator = new(0x1111);

    [Fact]
    public void A_report_is_written_every_50_ms_while_packets_arrive()
    {
        var reports = 0;
        for (var now = 0; now < 1000; now += 5)
        {
            _generator.HandlePacket(At(now), (ushort)now, 5);
            Assert.Equal(now % 50 == 0, _generator.NextWakeUp <= At(now));
            reports += Reports(At(now)).Count;
        }

        Assert.Equal(20, reports);
        Reports(At(2000));
        Assert.Equal(Instant.Never, _generator.NextWakeUp);
        Assert.Empty(Reports(At(3000)));
    }

    [Fact]
    public void Every_packet_is_reported_with_its_time_and_every_gap_as_missing()
    {
        var random = TestSeed.Random();
        for (var round = 0; round < 30; round++)
        {
            var generator = new TransportFeedbackGenerator(1);
            var first = random.Next(65536);
            var arrived = new Dictionary<int, double>();
            var reported = new Dictionary<int, long>();
            var missing = new HashSet<int>();
            byte expectedNumber = 0;
            var clock = 0.0;
            for (var index = 0; index < 2000; index++)
            {
                clock += random.NextDouble() * (random.Next(200) == 0 ? 500 : 4);
                // One in ten is lost, one in ten comes later than the next.
                var chance = random.Next(10);
                if (chance != 0 || index == 0)
                    Arrive(index);
                if (chance == 1 && index > 0 && !arrived.ContainsKey(index - 1))
                    Arrive(index - 1);
                foreach (var report in Reports(At(clock), generator))
                {
                    Assert.Equal(expectedNumber++, report.Number);
                    for (var status = 0; status < report.Count; status++)
                        missing.Add((ushort)(report.Base + status - first));
                    foreach (var (number, time) in report.Arrivals)
                    {
                        reported[(ushort)(number - first)] = time;
                        missing.Remove((ushort)(number - first));
                    }
                }
            }

            Assert.All(reported, pair => Assert.Equal((long)(arrived[pair.Key] * 4), pair.Value));
            var last = reported.Keys.Max();
            Assert.Equal(arrived.Keys.Where(index => index <= last).Order(), reported.Keys.Order());
            Assert.Equal(Enumerable.Range(0, last).Except(arrived.Keys), missing.Order());

            void Arrive(int index)
            {
                arrived[index] = clock;
                generator.HandlePacket(At(clock), (ushort)(first + index), 5);
            }
        }
    }

    [Fact]
    public void What_does_not_fit_one_datagram_goes_into_the_next()
    {
        for (var index = 0; index < 1500; index++)
            _generator.HandlePacket(At(index * 0.02), (ushort)index, 5);
        var reports = Reports(At(50), size: 300);
        Assert.True(reports.Count > 4);
        Assert.Equal(Enumerable.Range(0, 1500), reports.SelectMany(report => report.Arrivals).Select(arrival => (int)arrival.SequenceNumber));
    }

    [Fact]
    public void Hostile_numbers_are_bounded_and_never_keep_it_awake()
    {
        var random = TestSeed.Random();
        for (var index = 0; index < 20_000; index++)
        {
            _generator.HandlePacket(At(index), (ushort)(random.Next(3) == 0 ? random.Next(65536) : index), 5);
            if (random.Next(20) == 0)
                Reports(At(index));
        }

        Reports(At(30_000));
        Assert.Equal(Instant.Never, _generator.NextWakeUp);
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        var buffer = new byte[1200];
        ushort number = 0;
        var now = At(0);
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var index = 0; index < 30; index++)
            {
                now += TimeSpan.FromMilliseconds(5);
                _generator.HandlePacket(now, number += (ushort)(1 + (index % 3)), 5);
                var writer = new RtcpWriter(buffer);
                _generator.TryWrite(now, ref writer);
            }
        }));
    }

    private sealed record Report(int Base, int Count, byte Number, List<PacketArrival> Arrivals);

    private List<Report> Reports(Instant now, int size = 1200) => Reports(now, _generator, size);

    /// <summary>Writes until nothing is due, each report into a datagram of its own, and reads them. Times run on from zero: the tests are short.</summary>
    private static List<Report> Reports(Instant now, TransportFeedbackGenerator generator, int size = 1200)
    {
        var reports = new List<Report>();
        while (true)
        {
            var buffer = new byte[size];
            var writer = new RtcpWriter(buffer);
            if (!generator.TryWrite(now, ref writer))
                return reports;
            Assert.True(RtcpCompound.TryParse(buffer.AsSpan(0, writer.Length), out var compound));
            Assert.True(compound.MoveNext());
            Assert.True(FeedbackMessage.TryParse(compound.Current, out var message));
            Assert.True(TransportWideFeedback.TryParse(message, out var feedback));
            var arrivals = new List<PacketArrival>();
            foreach (var arrival in feedback)
                arrivals.Add(arrival);
            reports.Add(new Report(feedback.BaseSequenceNumber, feedback.StatusCount, feedback.FeedbackNumber, arrivals));
        }
    }

    private static Instant At(double milliseconds) => default(Instant) + TimeSpan.FromMilliseconds(milliseconds);
}
