namespace Tocsin.Media.Engine.Srtp;

/// <summary>The index of a packet from its 16-bit sequence number: the one nearest to the highest index so far.</summary>
/// <remarks>RFC 3711 section 3.3.1 and appendix A.</remarks>
internal static class RolloverCounter
{
    private const long Cycle = 1L << 16;

    /// <param name="highest">The highest index so far, or -1 before the first packet, whose rollover counter is 0.</param>
    /// <returns>48 bits; negative where the number can only belong to a time before the first cycle, which no packet has.</returns>
    public static long GuessIndex(long highest, ushort sequenceNumber)
    {
        if (highest < 0) return sequenceNumber;
        var index = (highest & ~(Cycle - 1)) | sequenceNumber;
        var difference = index - highest;
        if (difference > Cycle / 2) return index - Cycle;
        return difference < -Cycle / 2 ? index + Cycle : index;
    }
}
