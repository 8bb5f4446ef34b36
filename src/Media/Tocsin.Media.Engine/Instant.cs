namespace Tocsin.Media.Engine;

/// <summary>A point on the media clock: nanoseconds since an origin that the host chooses once, never going back. It says nothing of the time of day.</summary>
/// <remarks>The media core has no clock: whoever calls it says what time it is, and the engine answers with the instant of its next wake-up.</remarks>
public readonly record struct Instant(long Nanoseconds) : IComparable<Instant>
{
    private const long NanosecondsPerTick = 1_000_000 / TimeSpan.TicksPerMillisecond;

    /// <summary>The wake-up of someone who waits for nothing.</summary>
    public static Instant Never { get; } = new(long.MaxValue);

    public static Instant operator +(Instant instant, TimeSpan duration) =>
        instant == Never ? Never : new(instant.Nanoseconds + duration.Ticks * NanosecondsPerTick);

    public static Instant operator -(Instant instant, TimeSpan duration) =>
        instant == Never ? Never : new(instant.Nanoseconds - duration.Ticks * NanosecondsPerTick);

    /// <summary>Rounded down to 100 ns, the unit of <see cref="TimeSpan"/>.</summary>
    public static TimeSpan operator -(Instant later, Instant earlier) => new((later.Nanoseconds - earlier.Nanoseconds) / NanosecondsPerTick);

    public static bool operator <(Instant left, Instant right) => left.Nanoseconds < right.Nanoseconds;

    public static bool operator >(Instant left, Instant right) => left.Nanoseconds > right.Nanoseconds;

    public static bool operator <=(Instant left, Instant right) => left.Nanoseconds <= right.Nanoseconds;

    public static bool operator >=(Instant left, Instant right) => left.Nanoseconds >= right.Nanoseconds;

    public static Instant Earlier(Instant left, Instant right) => left <= right ? left : right;

    public int CompareTo(Instant other) => Nanoseconds.CompareTo(other.Nanoseconds);
}
