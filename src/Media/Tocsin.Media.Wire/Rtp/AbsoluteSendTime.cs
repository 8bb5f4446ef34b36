namespace Tocsin.Media.Wire.Rtp;

/// <summary>When a packet left, in seconds as a fixed-point number of 6.18 bits: it wraps around every 64 s.</summary>
/// <param name="Value">24 bits, in units of 2^-18 s (3.8 us).</param>
/// <remarks>http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time: three bytes.</remarks>
public readonly record struct AbsoluteSendTime(uint Value)
{
    public const int Length = 3;
    private const long TicksOf64Seconds = 64 * TimeSpan.TicksPerSecond;

    /// <param name="sinceAnyEpoch">Of any clock that runs evenly.</param>
    public static AbsoluteSendTime From(TimeSpan sinceAnyEpoch)
    {
        var ticks = sinceAnyEpoch.Ticks % TicksOf64Seconds;
        if (ticks < 0)
            ticks += TicksOf64Seconds;
        return new AbsoluteSendTime((uint)((ticks << 18) / TimeSpan.TicksPerSecond));
    }

    public static bool TryParse(ReadOnlySpan<byte> value, out AbsoluteSendTime time)
    {
        time = value.Length < Length ? default : new AbsoluteSendTime((uint)((value[0] << 16) | (value[1] << 8) | value[2]));
        return value.Length >= Length;
    }

    public bool TryWrite(Span<byte> destination, out int written)
    {
        written = 0;
        if (destination.Length < Length || Value > 0xFFFFFF)
            return false;
        destination[0] = (byte)(Value >> 16);
        destination[1] = (byte)(Value >> 8);
        destination[2] = (byte)Value;
        written = Length;
        return true;
    }

    /// <summary>How much later <paramref name="to"/> is, by the shorter way round: less than 32 s either way.</summary>
    public static TimeSpan Distance(AbsoluteSendTime from, AbsoluteSendTime to)
    {
        var difference = (int)((to.Value - from.Value) << 8) >> 8;
        return new TimeSpan(difference * TimeSpan.TicksPerSecond >> 18);
    }
}
