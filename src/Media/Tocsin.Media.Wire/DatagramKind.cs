namespace Tocsin.Media.Wire;

/// <summary>What a datagram on the shared port is, told by its first bytes.</summary>
public enum DatagramKind
{
    /// <summary>Nothing that is spoken here, or too short to tell: dropped.</summary>
    Unknown,
    Stun,
    Dtls,
    Rtp,
    Rtcp,
}

/// <remarks>
/// RFC 7983 section 7 (as updated by RFC 9443), and RFC 5761 section 4 for RTP and RTCP on one port:
/// <code>
///            +----------------+
///            |        [0..3] -+--> STUN
/// packet --> |      [20..63] -+--> DTLS
///            |    [128..191] -+--> RTP, or RTCP where the second byte is 192..223
///            +----------------+
/// </code>
/// </remarks>
public static class Datagram
{
    /// <summary>Never fails; what it says is a hint for which parser to try. Does not allocate.</summary>
    public static DatagramKind Classify(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length < 2)
            return DatagramKind.Unknown;
        return datagram[0] switch
        {
            <= 3 => DatagramKind.Stun,
            >= 20 and <= 63 => DatagramKind.Dtls,
            // RTCP packet types 192 to 223 cannot be RTP: payload types 64 to 95 (with the marker bit) are not used with multiplexing.
            >= 128 and <= 191 => datagram[1] is >= 192 and <= 223 ? DatagramKind.Rtcp : DatagramKind.Rtp,
            _ => DatagramKind.Unknown,
        };
    }
}
