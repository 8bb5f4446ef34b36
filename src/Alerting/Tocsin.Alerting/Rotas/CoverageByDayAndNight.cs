using NodaTime;
using Tocsin.Alerting.Time;

namespace Tocsin.Alerting.Rotas;

/// <summary>For how much of a stretch of time somebody is on duty, by day (08:00 to 20:00 on the wall) and by night, and when nobody is.</summary>
/// <remarks>Elapsed time: the night in which clocks go back is an hour longer, the one in which they go forward an hour shorter.</remarks>
/// <param name="Day">How much of the stretch is day.</param>
/// <param name="Night">How much of the stretch is night: the rest.</param>
/// <param name="Gaps">By start; none touches the next.</param>
public sealed record CoverageByDayAndNight(TimeSpan Day, TimeSpan DayCovered, TimeSpan Night, TimeSpan NightCovered, IReadOnlyList<DutyInterval> Gaps)
{
    private static readonly TimeOnly DayBegins = new(8, 0);
    private static readonly TimeOnly NightBegins = new(20, 0);

    /// <param name="assignments">In any order; what lies outside the stretch does not count.</param>
    /// <param name="timeZone">IANA time zone whose wall clock tells day from night.</param>
    /// <exception cref="ArgumentOutOfRangeException">The stretch is empty or longer than <see cref="Rota.LongestSchedule"/>.</exception>
    public static CoverageByDayAndNight Of(IEnumerable<DutyAssignment> assignments, DateTimeOffset from, DateTimeOffset until, string timeZone)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(until, from);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(until - from, Rota.LongestSchedule, nameof(until));
        if (!WallClock.TryFindZone(timeZone, out var zone)) throw new ArgumentException("No such time zone.", nameof(timeZone));
        var within = assignments
            .Where(duty => duty.From < until && duty.Until > from)
            .Select(duty => duty with { From = duty.From > from ? duty.From : from, Until = duty.Until < until ? duty.Until : until })
            .ToList();
        var gaps = new DutyCoverage(within, from, until).Gaps;
        var (day, uncoveredDay) = (TimeSpan.Zero, TimeSpan.Zero);
        foreach (var daytime in Days(zone, from, until))
        {
            day += daytime.Until - daytime.From;
            foreach (var gap in gaps) uncoveredDay += Common(daytime, gap);
        }

        var night = until - from - day;
        var uncoveredNight = gaps.Aggregate(TimeSpan.Zero, (sum, gap) => sum + (gap.Until - gap.From)) - uncoveredDay;
        return new CoverageByDayAndNight(day, day - uncoveredDay, night, night - uncoveredNight, gaps);
    }

    /// <summary>What of each calendar day's daytime is in the stretch. A day of slack at both ends: the wall's date may differ from that of UTC.</summary>
    private static IEnumerable<DutyInterval> Days(DateTimeZone zone, DateTimeOffset from, DateTimeOffset until)
    {
        for (var date = DateOnly.FromDateTime(from.UtcDateTime).AddDays(-1); date <= DateOnly.FromDateTime(until.UtcDateTime).AddDays(1); date = date.AddDays(1))
        {
            var begins = zone.ToInstant(date.At(DayBegins)).ToDateTimeOffset();
            var ends = zone.ToInstant(date.At(NightBegins)).ToDateTimeOffset();
            var (start, end) = (begins > from ? begins : from, ends < until ? ends : until);
            if (start < end) yield return new DutyInterval(start, end);
        }
    }

    private static TimeSpan Common(DutyInterval one, DutyInterval other)
    {
        var start = one.From > other.From ? one.From : other.From;
        var end = one.Until < other.Until ? one.Until : other.Until;
        return start < end ? end - start : TimeSpan.Zero;
    }
}
