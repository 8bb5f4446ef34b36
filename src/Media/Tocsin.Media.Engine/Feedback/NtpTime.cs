namespace Tocsin.Media.Engine.Feedback;

/// <summary>Conversions of the 64-bit times of sender reports: seconds in the upper half, fractions of 2^-32 s in the lower.</summary>
/// <remarks>RFC 3550 section 4.</remarks>
public static class NtpTime
{
    /// <summary>The time that much later; it wraps around as the format does.</summary>
    public static ulong Add(ulong ntp, TimeSpan duration) => ntp + (ulong)(((Int128)duration.Ticks << 32) / TimeSpan.TicksPerSecond);

    /// <summary>How much later the second is.</summary>
    public static TimeSpan Distance(ulong from, ulong to) => new((long)(((Int128)(long)(to - from) * TimeSpan.TicksPerSecond) >> 32));
}
