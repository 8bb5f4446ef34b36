namespace Tocsin.Media.Wire.Tests;

/// <summary>RFC 7983 section 7 and RFC 5761 section 4.</summary>
public sealed class DatagramTests
{
    [Fact]
    public void The_first_two_bytes_tell_the_protocol()
    {
        for (var first = 0; first < 256; first++)
        {
            for (var second = 0; second < 256; second++)
                Assert.Equal(Expected(first, second), Datagram.Classify([(byte)first, (byte)second]));
        }
    }

    [Fact]
    public void What_is_too_short_to_tell_is_nothing()
    {
        Assert.Equal(DatagramKind.Unknown, Datagram.Classify([]));
        Assert.Equal(DatagramKind.Unknown, Datagram.Classify([0x80]));
    }

    [Fact]
    public void An_address_survives_being_made_an_end_point_and_does_not_show_in_text()
    {
        var address = TransportAddress.IPv4(0xC0000201, 32853);
        Assert.Equal("192.0.2.1:32853", address.ToEndPoint().ToString());
        Assert.Equal(address, TransportAddress.From(address.ToEndPoint()));
        Assert.Equal(address, TransportAddress.From(new(System.Net.IPAddress.Parse("::ffff:192.0.2.1"), 32853)));
        Assert.DoesNotContain("192", address.ToString(), StringComparison.Ordinal);
        var six = TransportAddress.From(new(System.Net.IPAddress.Parse("2001:db8::1"), 5));
        Assert.Equal("[2001:db8::1]:5", six.ToEndPoint().ToString());
        Assert.NotEqual(address, six);
    }

    private static DatagramKind Expected(int first, int second)
    {
        if (first < 4)
            return DatagramKind.Stun;
        if (first is >= 20 and < 64)
            return DatagramKind.Dtls;
        if (first is < 128 or > 191)
            return DatagramKind.Unknown;
        return second is >= 192 and <= 223 ? DatagramKind.Rtcp : DatagramKind.Rtp;
    }
}
