using Tocsin.Media.Wire.Rtcp;
using Tocsin.Testing;

namespace Tocsin.Media.Wire.Tests.Rtcp;

/// <summary>draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1.</summary>
public sealed class TransportWideFeedbackTests
{
    [Fact]
    public void Arrivals_that_are_written_are_read_again_however_they_came()
    {
        Fuzz.Cases(1500, random =>
        {
            var arrivals = RandomArrivals(random);
            var rest = arrivals.AsSpan();
            for (byte number = 0; !rest.IsEmpty; number++)
            {
                var buffer = new byte[random.Next(48, 1200)];
                var before = random.Next(3) * random.Next(30);
                var writer = new RtcpWriter(buffer);
                Assert.True(writer.TryAddTransportWideFeedback(new(1, 2, number, rest[0].SequenceNumber - before), rest, out var consumed));
                Assert.Equal(rest[..consumed].ToArray(), Read(buffer.AsSpan(0, writer.Length), rest[0], number));
                Assert.Equal(NaiveRtcp.Read(buffer[..writer.Length]), RtcpText.Read(buffer.AsSpan(0, writer.Length)));
                rest = rest[consumed..];
            }
        });
    }

    [Fact]
    public void A_steady_stream_takes_one_chunk_and_a_byte_a_packet()
    {
        var arrivals = Enumerable.Range(0, 1000).Select(index => new PacketArrival(index, 4 * index)).ToArray();
        var buffer = new byte[1200];
        var writer = new RtcpWriter(buffer);
        Assert.True(writer.TryAddTransportWideFeedback(new(1, 2, 0, 0), arrivals, out var consumed));
        Assert.Equal(1000, consumed);
        Assert.Equal((4 + 8 + 8 + 2 + 1000 + 3) & ~3, writer.Length);
    }

    [Fact]
    public void Every_third_packet_lost_takes_a_bit_a_packet()
    {
        var arrivals = Enumerable.Range(0, 280).Where(index => index % 3 != 1).Select(index => new PacketArrival(index, 4 * index)).ToArray();
        var buffer = new byte[1200];
        var writer = new RtcpWriter(buffer);
        Assert.True(writer.TryAddTransportWideFeedback(new(1, 2, 0, 0), arrivals, out var consumed));
        Assert.Equal(arrivals.Length, consumed);
        Assert.InRange(writer.Length, 0, 20 + (280 / 14 * 2) + arrivals.Length + 3);
    }

    [Fact]
    public void A_time_or_a_number_that_leaps_too_far_begins_another_packet()
    {
        foreach (var leap in new[] { new PacketArrival(2, 100 + 32768), new PacketArrival(2, 100 - 32769), new PacketArrival(70_000, 100), new PacketArrival(1, 100) })
        {
            var writer = new RtcpWriter(new byte[500]);
            Assert.True(writer.TryAddTransportWideFeedback(new(1, 2, 0, 1), [new(1, 100), leap], out var consumed));
            Assert.Equal(1, consumed);
        }

        var hopeless = new RtcpWriter(new byte[500]);
        Assert.False(hopeless.TryAddTransportWideFeedback(new(1, 2, 0, 0), [new(70_000, 1)], out var none));
        Assert.Equal((0, 0), (none, hopeless.Length));
    }

    [Fact]
    public void A_claim_of_65535_missing_packets_costs_nothing_to_read()
    {
        // Nine runs of 8191 missing ones.
        var packet = Hex.Parse("8f cd 00 09 11 11 11 11 22 22 22 22 00 00 ff ff 00 00 00 00" + string.Concat(Enumerable.Repeat("1fff", 10)));
        Assert.Equal(["FB 286331153 572662306 TWCC 0+65535 0 #0"], RtcpText.Read(packet));
    }

    [Fact]
    public void The_chunks_that_the_draft_prints_are_read_as_it_says()
    {
        // Section 3.1.3: a run of 221 missing ones. Section 3.1.4: 14 symbols, of which 5 and 3 arrived.
        var packet = Hex.Parse("8f cd 00 08 11 11 11 11 22 22 22 22 00 00 00 eb 00 00 00 00 00 dd 9f 1c 01 01 01 01 01 01 01 01 00 00 00 00");
        Assert.Equal(["FB 286331153 572662306 TWCC 0+235 0 #0 222@1 223@2 224@3 225@4 226@5 230@6 231@7 232@8"], RtcpText.Read(packet));
        // Its two-bit example has the symbol 3, which the draft's own table reserves: such feedback is refused, as browsers refuse it.
        var reserved = Hex.Parse("8f cd 00 06 11 11 11 11 22 22 22 22 00 00 00 07 00 00 00 00 cd 50 01 01 01 01 00 00");
        Assert.Equal(["FB 286331153 572662306 ?"], RtcpText.Read(reserved));
    }

    [Fact]
    public void Reading_and_writing_allocates_nothing()
    {
        var arrivals = Enumerable.Range(0, 100).Where(index => index % 5 != 1).Select(index => new PacketArrival(index, 1000 * index)).ToArray();
        var buffer = new byte[1200];
        var allocated = Allocation.Of(() =>
        {
            var writer = new RtcpWriter(buffer);
            _ = writer.TryAddTransportWideFeedback(new(1, 2, 0, 0), arrivals, out _);
            _ = RtcpCompound.TryParse(buffer.AsSpan(0, writer.Length), out var compound);
            var count = 0;
            foreach (var packet in compound)
            {
                _ = FeedbackMessage.TryParse(packet, out var message);
                _ = TransportWideFeedback.TryParse(message, out var feedback);
                foreach (var _ in feedback)
                    count++;
            }

            if (count != 80)
                throw new InvalidOperationException("what was written is not read");
        });
        Assert.Equal(0, allocated);
    }

    private static PacketArrival[] RandomArrivals(Random random)
    {
        var arrivals = new List<PacketArrival>();
        var number = random.NextInt64(1 << 20);
        var time = random.NextInt64(1L << 30);
        // Few or many lost, long runs or short, deltas small or wild: each case has habits of its own.
        var (loss, burst, wild) = (random.Next(2) * random.Next(60), random.Next(1, 40), random.Next(3) * random.Next(40));
        for (var count = random.Next(1, 400); count > 0; count--)
        {
            number += random.Next(100) < loss ? random.Next(1, burst + 1) + (random.Next(50) == 0 ? random.Next(9000) : 0) : 1;
            time += random.Next(100) < wild ? random.Next(-3000, 9000) : random.Next(200);
            arrivals.Add(new PacketArrival(number, time));
        }

        return [.. arrivals];
    }

    /// <summary>Back to the long numbers and times of the first.</summary>
    private static PacketArrival[] Read(ReadOnlySpan<byte> datagram, PacketArrival first, byte number)
    {
        Assert.True(RtcpCompound.TryParse(datagram, out var compound));
        Assert.True(compound.MoveNext());
        Assert.True(FeedbackMessage.TryParse(compound.Current, out var message));
        Assert.True(TransportWideFeedback.TryParse(message, out var feedback));
        Assert.Equal(number, feedback.FeedbackNumber);
        var arrivals = new List<PacketArrival>();
        var wrap = first.ArrivalTime250us - (first.ArrivalTime250us & 0xFF) - (feedback.ReferenceTime64ms * 256L);
        foreach (var (sequence, time) in feedback)
            arrivals.Add(new PacketArrival(first.SequenceNumber + (ushort)(sequence - first.SequenceNumber), time + wrap));
        return [.. arrivals];
    }
}
