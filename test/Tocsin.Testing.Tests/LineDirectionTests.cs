using Tocsin.Testing.Networks;

namespace Tocsin.Testing.Tests;

public sealed class LineDirectionTests
{
    private static readonly byte[] udp = Packet(17);
    private static readonly byte[] tcp = Packet(6);

    [Fact]
    public void A_narrow_line_sends_one_packet_after_the_other_and_drops_what_would_wait_too_long()
    {
        // A packet of 1,000 bytes takes 10 ms.
        var line = new LineDirection(TestSeed.Random()) { Quality = new LineQuality(800_000, TimeSpan.FromMilliseconds(5)) { LongestQueue = TimeSpan.FromMilliseconds(15) } };
        Assert.Equal([15, 25, null, null], Enumerable.Range(0, 4).Select(_ => line.Due(TimeSpan.Zero, udp)?.TotalMilliseconds));
        Assert.Equal((2, 2), (line.Passed, line.Dropped));
        Assert.Equal(115, line.Due(TimeSpan.FromMilliseconds(100), udp)?.TotalMilliseconds);
    }

    [Fact]
    public void Packets_never_overtake_each_other_when_the_delay_falls()
    {
        var line = new LineDirection(TestSeed.Random()) { Quality = new LineQuality(Delay: TimeSpan.FromMilliseconds(50)) };
        line.Due(TimeSpan.Zero, udp);
        line.Quality = LineQuality.Perfect;
        Assert.Equal(TimeSpan.FromMilliseconds(50), line.Due(TimeSpan.FromMilliseconds(1), udp));
    }

    [Fact]
    public void A_tenth_is_lost_where_a_tenth_is_to_be_lost_and_all_where_the_line_is_dead()
    {
        var line = new LineDirection(TestSeed.Random()) { Quality = new LineQuality(Loss: 0.1) };
        Assert.InRange(Enumerable.Range(0, 10_000).Count(_ => line.Due(TimeSpan.Zero, udp) is null), 800, 1_200);
        line.Quality = LineQuality.Dead;
        Assert.Null(line.Due(TimeSpan.Zero, tcp));
    }

    [Fact]
    public void Where_udp_is_blocked_tcp_passes()
    {
        var line = new LineDirection(TestSeed.Random()) { Quality = new LineQuality { BlocksUdp = true } };
        Assert.Null(line.Due(TimeSpan.Zero, udp));
        Assert.NotNull(line.Due(TimeSpan.Zero, tcp));
    }

    private static byte[] Packet(byte protocol)
    {
        var packet = new byte[1_000];
        packet[9] = protocol;
        return packet;
    }
}
