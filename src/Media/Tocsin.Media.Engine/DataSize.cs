namespace Tocsin.Media.Engine;

/// <summary>An amount of data, in bytes.</summary>
public readonly record struct DataSize(long Bytes) : IComparable<DataSize>
{
    public static DataSize Zero { get; }

    public static DataSize operator +(DataSize left, DataSize right) => new(left.Bytes + right.Bytes);

    public static DataSize operator -(DataSize left, DataSize right) => new(left.Bytes - right.Bytes);

    /// <summary>The rate at which this much passes in <paramref name="duration"/>, which is longer than zero.</summary>
    public static BitRate operator /(DataSize size, TimeSpan duration) =>
        new((long)((Int128)size.Bytes * 8 * TimeSpan.TicksPerSecond / duration.Ticks));

    /// <summary>How long this much takes at <paramref name="rate"/>, which is more than zero.</summary>
    public static TimeSpan operator /(DataSize size, BitRate rate) =>
        new((long)((Int128)size.Bytes * 8 * TimeSpan.TicksPerSecond / rate.BitsPerSecond));

    public static bool operator <(DataSize left, DataSize right) => left.Bytes < right.Bytes;

    public static bool operator >(DataSize left, DataSize right) => left.Bytes > right.Bytes;

    public static bool operator <=(DataSize left, DataSize right) => left.Bytes <= right.Bytes;

    public static bool operator >=(DataSize left, DataSize right) => left.Bytes >= right.Bytes;

    public int CompareTo(DataSize other) => Bytes.CompareTo(other.Bytes);
}
