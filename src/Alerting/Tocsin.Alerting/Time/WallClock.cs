using System.Diagnostics.CodeAnalysis;
using NodaTime;

namespace Tocsin.Alerting.Time;

/// <summary>From wall time to the moment it means, on the two nights a year when that is not plain.</summary>
internal static class WallClock
{
    public static bool TryFindZone(string id, [NotNullWhen(true)] out DateTimeZone? zone)
    {
        zone = id is { Length: > 0 and <= 64 } ? DateTimeZoneProviders.Tzdb.GetZoneOrNull(id) : null;
        return zone is not null;
    }

    /// <summary>A wall time in the gap means the first moment after it; one that occurs twice means the first of the two. Never goes back as the wall time goes on.</summary>
    public static Instant ToInstant(this DateTimeZone zone, LocalDateTime wall)
    {
        var mapping = zone.MapLocal(wall);
        return mapping.Count == 0 ? mapping.LateInterval.Start : mapping.First().ToInstant();
    }

    /// <summary>The first moment after <paramref name="now"/> at which the wall shows <paramref name="wall"/>, the second of two if the first has passed.</summary>
    public static Instant ToInstantAfter(this DateTimeZone zone, LocalDateTime wall, Instant now)
    {
        var mapping = zone.MapLocal(wall);
        if (mapping.Count == 0)
            return mapping.LateInterval.Start;
        var first = mapping.First().ToInstant();
        return first > now ? first : mapping.Last().ToInstant();
    }

    public static LocalDateTime At(this DateOnly day, TimeOnly time) => day.ToLocalDate().At(time.ToLocalTime());

    public static LocalDate ToLocalDate(this DateOnly day) => new(day.Year, day.Month, day.Day);

    public static LocalTime ToLocalTime(this TimeOnly time) => LocalTime.FromTicksSinceMidnight(time.Ticks);
}
