using System.Diagnostics;
using Tocsin.Media.Engine;

namespace Tocsin.Media.Host;

/// <summary>The one place where the media core's time comes from: monotonic, from the start of the process on.</summary>
internal static class MediaClock
{
    private static readonly long Start = Stopwatch.GetTimestamp();

    // At 1 GHz, which Linux has, a tick is a nanosecond; elsewhere 100 ns and the like.
    private static readonly double NanosecondsPerTick = 1e9 / Stopwatch.Frequency;

    public static Instant Now => new((long)((Stopwatch.GetTimestamp() - Start) * NanosecondsPerTick));
}
