namespace Tocsin.Media.Wire.Arithmetic;

/// <summary>Arithmetic of 16-bit sequence numbers that wrap around.</summary>
/// <remarks>RFC 3550 section 5.1; comparison as in RFC 1982 with 16 bits.</remarks>
public static class SequenceNumber
{
    /// <summary>How far <paramref name="to"/> is ahead of <paramref name="from"/>, by the shorter way round: -32768 to 32767.</summary>
    public static int Distance(ushort from, ushort to) => (short)(to - from);

    public static bool IsNewer(ushort candidate, ushort than) => Distance(than, candidate) > 0;
}

/// <summary>Arithmetic of 32-bit RTP timestamps that wrap around.</summary>
public static class RtpTimestamp
{
    /// <summary>How many ticks <paramref name="to"/> is ahead of <paramref name="from"/>, by the shorter way round.</summary>
    public static int Distance(uint from, uint to) => (int)(to - from);

    public static bool IsNewer(uint candidate, uint than) => Distance(than, candidate) > 0;
}
