using Tocsin.Testing;

namespace Tocsin.Media.Engine.Tests;

public sealed class UnitTests
{
    [Fact]
    public void Instants_and_durations_add_up()
    {
        var start = new Instant(1_000);
        Assert.Equal(new Instant(2_501_000), start + TimeSpan.FromMilliseconds(2.5));
        Assert.Equal(TimeSpan.FromMilliseconds(2.5), start + TimeSpan.FromMilliseconds(2.5) - start);
        Assert.Equal(start, start + TimeSpan.FromDays(40) - TimeSpan.FromDays(40));
        Assert.True(start < start + TimeSpan.FromTicks(1));
    }

    [Fact]
    public void Never_is_later_than_any_time_and_stays_so()
    {
        Assert.True(new Instant(long.MaxValue - 1) < Instant.Never);
        Assert.Equal(Instant.Never, Instant.Never + TimeSpan.FromDays(1));
        Assert.Equal(Instant.Never, Instant.Never - TimeSpan.FromDays(1));
        Assert.Equal(new Instant(5), Instant.Earlier(Instant.Never, new Instant(5)));
    }

    [Fact]
    public void Sizes_rates_and_durations_convert_into_one_another()
    {
        var rate = BitRate.FromKilobits(800);
        Assert.Equal(new DataSize(100_000), rate * TimeSpan.FromSeconds(1));
        Assert.Equal(rate, new DataSize(100_000) / TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(1), new DataSize(100_000) / rate);
        Assert.Equal(BitRate.FromMegabits(1), BitRate.FromKilobits(500) * 2);
    }

    [Fact]
    public void Large_sizes_do_not_overflow()
    {
        var random = TestSeed.Random();
        for (var round = 0; round < 1_000; round++)
        {
            var size = new DataSize(random.NextInt64(1L << 50));
            Assert.Equal((double)size.Bytes * 8 / 3_600, (size / TimeSpan.FromHours(1)).BitsPerSecond, size.Bytes * 1e-12 + 1);
        }
    }
}
