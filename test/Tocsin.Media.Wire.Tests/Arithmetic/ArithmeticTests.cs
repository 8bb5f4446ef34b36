using Tocsin.Media.Wire.Arithmetic;
using Tocsin.Testing;

namespace Tocsin.Media.Wire.Tests.Arithmetic;

public sealed class ArithmeticTests
{
    [Fact]
    public void Distances_go_the_shorter_way_round()
    {
        Assert.Equal(1, SequenceNumber.Distance(65535, 0));
        Assert.Equal(-1, SequenceNumber.Distance(0, 65535));
        Assert.True(SequenceNumber.IsNewer(3, 65530));
        Assert.False(SequenceNumber.IsNewer(5, 5));
        Assert.Equal(2, RtpTimestamp.Distance(uint.MaxValue, 1));
        Assert.True(RtpTimestamp.IsNewer(1, uint.MaxValue));
        Assert.False(RtpTimestamp.IsNewer(uint.MaxValue, 1));
    }

    [Fact]
    public void Numbers_unrolled_are_the_numbers_that_were_cut_to_16_bits()
    {
        Fuzz.Cases(200, random =>
        {
            var unroller = new SequenceUnroller();
            long number = random.Next(65536);
            var highest = long.MinValue;
            for (var index = 0; index < 300; index++)
            {
                Assert.Equal(number, unroller.Peek((ushort)number) + (index == 0 ? number - (ushort)number : 0));
                Assert.Equal(number, unroller.Unroll((ushort)number));
                highest = Math.Max(highest, number);
                Assert.Equal(highest, unroller.Highest);
                number = highest + random.Next(-32768, 32768);
            }
        });
    }

    [Fact]
    public void Timestamps_unrolled_are_the_timestamps_that_were_cut_to_32_bits()
    {
        Fuzz.Cases(200, random =>
        {
            var unroller = new TimestampUnroller();
            var timestamp = random.NextInt64(1L << 32);
            for (var index = 0; index < 300; index++)
            {
                Assert.Equal(timestamp, unroller.Unroll((uint)timestamp));
                timestamp = unroller.Highest + random.NextInt64(int.MinValue, int.MaxValue);
            }
        });
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(15)]
    [InlineData(16)]
    public void Narrow_numbers_unroll_over_their_own_width(int bits)
    {
        Fuzz.Cases(100, random =>
        {
            var unroller = new NarrowUnroller(bits);
            long number = random.Next(1 << bits);
            for (var index = 0; index < 300; index++)
            {
                Assert.Equal(number, unroller.Unroll((uint)(number & ((1 << bits) - 1))));
                number = unroller.Highest + random.Next(-(1 << (bits - 1)), 1 << (bits - 1));
            }
        });
    }
}
