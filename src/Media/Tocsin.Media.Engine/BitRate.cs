namespace Tocsin.Media.Engine;

/// <summary>Bits a second. A kilobit is 1,000 bits.</summary>
public readonly record struct BitRate(long BitsPerSecond) : IComparable<BitRate>
{
    public static BitRate Zero { get; }

    public static BitRate FromKilobits(long kilobitsPerSecond) => new(kilobitsPerSecond * 1_000);

    public static BitRate FromMegabits(long megabitsPerSecond) => new(megabitsPerSecond * 1_000_000);

    public static BitRate operator +(BitRate left, BitRate right) => new(left.BitsPerSecond + right.BitsPerSecond);

    public static BitRate operator -(BitRate left, BitRate right) => new(left.BitsPerSecond - right.BitsPerSecond);

    public static BitRate operator *(BitRate rate, double factor) => new((long)(rate.BitsPerSecond * factor));

    /// <summary>What passes in <paramref name="duration"/>, rounded down to whole bytes.</summary>
    public static DataSize operator *(BitRate rate, TimeSpan duration) =>
        new((long)((Int128)rate.BitsPerSecond * duration.Ticks / TimeSpan.TicksPerSecond / 8));

    public static bool operator <(BitRate left, BitRate right) => left.BitsPerSecond < right.BitsPerSecond;

    public static bool operator >(BitRate left, BitRate right) => left.BitsPerSecond > right.BitsPerSecond;

    public static bool operator <=(BitRate left, BitRate right) => left.BitsPerSecond <= right.BitsPerSecond;

    public static bool operator >=(BitRate left, BitRate right) => left.BitsPerSecond >= right.BitsPerSecond;

    public int CompareTo(BitRate other) => BitsPerSecond.CompareTo(other.BitsPerSecond);
}
