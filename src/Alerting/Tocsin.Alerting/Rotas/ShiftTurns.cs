using NodaTime;
using Tocsin.Alerting.Time;

namespace Tocsin.Alerting.Rotas;

/// <summary>From a pattern to its single turns.</summary>
internal static class ShiftTurns
{
    private const int DaysPerWeek = 7;

    /// <summary>The turns that touch the stretch, by start, whole (not cut at its ends).</summary>
    public static IEnumerable<DutyAssignment> TurnsBetween(this ShiftPattern shift, DateTimeZone zone, DateTimeOffset from, DateTimeOffset until)
    {
        if (shift.Turns.Count == 0)
            yield break;

        // A day of slack at both ends: the wall's date may differ from that of UTC. Day numbers don't overflow at the ends of the calendar.
        var latest = shift.LastDay?.DayNumber ?? DateOnly.MaxValue.DayNumber - shift.EndsAfterDays;
        var firstDay = Math.Max(shift.Anchor.DayNumber, DayNumber(from) - shift.EndsAfterDays - 1);
        var lastDay = Math.Min(latest, DayNumber(until) + 1);
        for (var day = firstDay; day <= lastDay; day++)
        {
            if (!shift.StartsOn(day))
                continue;
            var start = zone.ToInstant(DateOnly.FromDayNumber(day).At(shift.StartsAt)).ToDateTimeOffset();
            var end = zone.ToInstant(DateOnly.FromDayNumber(day + shift.EndsAfterDays).At(shift.EndsAt)).ToDateTimeOffset();

            // In the night of the gap a short shift may vanish.
            if (start < end && start < until && end > from)
                yield return new DutyAssignment(start, end, shift.PersonOn(day), shift.Key, null);
        }
    }

    private static int DayNumber(DateTimeOffset moment) => (int)(moment.UtcTicks / TimeSpan.TicksPerDay);

    private static bool StartsOn(this ShiftPattern shift, int day)
    {
        if (shift.Cadence == ShiftCadence.Daily)
            return true;
        var weekday = DateOnly.FromDayNumber(day).DayOfWeek;
        return shift.Days.Count == 0 ? weekday == shift.Anchor.DayOfWeek : shift.Days.Contains(weekday);
    }

    private static PersonId PersonOn(this ShiftPattern shift, int day)
    {
        var periodLength = shift.Cadence == ShiftCadence.Daily ? 1 : DaysPerWeek;
        var period = (day - shift.Anchor.DayNumber) / periodLength;
        return shift.Turns[period / shift.PeriodsPerTurn % shift.Turns.Count];
    }
}
