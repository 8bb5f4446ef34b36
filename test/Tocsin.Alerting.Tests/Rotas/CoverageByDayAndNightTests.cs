using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Tocsin.Alerting.Rotas;

namespace Tocsin.Alerting.Tests.Rotas;

public sealed class CoverageByDayAndNightTests
{
    private const string Paris = "Europe/Paris";

    [Fact]
    public void Nobody_on_duty_is_one_gap_of_twelve_hours_of_day_and_twelve_of_night()
    {
        var coverage = Of([], "2026-03-02T00:00:00+01:00", "2026-03-03T00:00:00+01:00");

        Assert.Equal((Hours(12), TimeSpan.Zero, Hours(12), TimeSpan.Zero), (coverage.Day, coverage.DayCovered, coverage.Night, coverage.NightCovered));
        Assert.Equal([new DutyInterval(Time("2026-03-02T00:00:00+01:00"), Time("2026-03-03T00:00:00+01:00"))], coverage.Gaps);
    }

    [Theory]
    [InlineData("2026-03-28T12:00:00+01:00", "2026-03-29T12:00:00+02:00", 23, 11)]
    [InlineData("2026-10-24T12:00:00+02:00", "2026-10-25T12:00:00+01:00", 25, 13)]
    public void The_night_in_which_clocks_change_is_an_hour_shorter_or_longer_and_the_day_is_not(string from, string until, int hours, int nightHours)
    {
        var coverage = Of([Duty(from, until)], from, until);

        Assert.Equal(Hours(hours), coverage.Day + coverage.Night);
        Assert.Equal((Hours(12), Hours(nightHours)), (coverage.Day, coverage.Night));
        Assert.Equal((coverage.Day, coverage.Night), (coverage.DayCovered, coverage.NightCovered));
        Assert.Empty(coverage.Gaps);
    }

    [Fact]
    public void A_gap_over_the_evening_is_parted_at_eight_on_the_wall_of_the_zone()
    {
        // On duty until 18:00 and from 23:00 on, in Paris; in New York all of the gap is in the day.
        DutyAssignment[] duties = [Duty("2026-07-01T00:00:00+02:00", "2026-07-01T18:00:00+02:00"), Duty("2026-07-01T23:00:00+02:00", "2026-07-02T00:00:00+02:00")];

        var paris = Of(duties, "2026-07-01T00:00:00+02:00", "2026-07-02T00:00:00+02:00");
        Assert.Equal((Hours(10), Hours(9)), (paris.DayCovered, paris.NightCovered));
        Assert.Equal([new DutyInterval(Time("2026-07-01T18:00:00+02:00"), Time("2026-07-01T23:00:00+02:00"))], paris.Gaps);

        var newYork = Of(duties, "2026-07-01T00:00:00+02:00", "2026-07-02T00:00:00+02:00", "America/New_York");
        Assert.Equal((Hours(12), Hours(12), Hours(7), Hours(12)), (newYork.Day, newYork.Night, newYork.DayCovered, newYork.NightCovered));
    }

    [Fact]
    public void What_lies_outside_the_stretch_or_overlaps_does_not_count_twice()
    {
        var coverage = Of(
            [
                Duty("2026-03-01T00:00:00Z", "2026-03-02T10:00:00Z"),
                Duty("2026-03-02T09:00:00Z", "2026-03-02T11:00:00Z"),
                Duty("2026-03-03T00:00:00Z", "2026-03-04T00:00:00Z"),
            ],
            "2026-03-02T08:00:00Z",
            "2026-03-02T12:00:00Z",
            "Etc/UTC");

        Assert.Equal((Hours(3), TimeSpan.Zero), (coverage.DayCovered, coverage.Night));
        Assert.Equal([new DutyInterval(Time("2026-03-02T11:00:00Z"), Time("2026-03-02T12:00:00Z"))], coverage.Gaps);
    }

    [Fact]
    public void It_comes_to_what_counting_minute_by_minute_does() =>
        Property.HoldsFor(
            Gen.Choose(0, int.MaxValue - 1),
            seed =>
            {
                var random = new Random(seed);

                // Around both changes of the clock.
                var from = Time(random.Next(2) == 0 ? "2026-03-28T00:00:00Z" : "2026-10-24T00:00:00Z").AddMinutes(random.Next(600));
                var until = from.AddMinutes(1 + random.Next(3 * 24 * 60));
                DutyAssignment[] duties =
                [
                    .. Enumerable.Range(0, random.Next(6)).Select(_ =>
                    {
                        var starts = from.AddMinutes(random.Next(-600, 4_000));
                        return new DutyAssignment(starts, starts.AddMinutes(1 + random.Next(1_500)), new PersonId(Guid.Empty), "shift", null);
                    }),
                ];
                var zone = TimeZoneInfo.FindSystemTimeZoneById(Paris);
                var (day, dayCovered, night, nightCovered) = (0, 0, 0, 0);
                for (var minute = from; minute < until; minute = minute.AddMinutes(1))
                {
                    var isDay = TimeZoneInfo.ConvertTime(minute, zone).Hour is >= 8 and < 20;
                    var isCovered = duties.Any(duty => duty.From <= minute && duty.Until > minute);
                    if (isDay) (day, dayCovered) = (day + 1, dayCovered + (isCovered ? 1 : 0));
                    else (night, nightCovered) = (night + 1, nightCovered + (isCovered ? 1 : 0));
                }

                var coverage = CoverageByDayAndNight.Of(duties, from, until, Paris);
                Assert.Equal(
                    (day, dayCovered, night, nightCovered),
                    ((int)coverage.Day.TotalMinutes, (int)coverage.DayCovered.TotalMinutes, (int)coverage.Night.TotalMinutes, (int)coverage.NightCovered.TotalMinutes));
            },
            cases: 60);

    private static CoverageByDayAndNight Of(DutyAssignment[] duties, string from, string until, string zone = Paris) => CoverageByDayAndNight.Of(duties, Time(from), Time(until), zone);

    private static DutyAssignment Duty(string from, string until) => new(Time(from), Time(until), new PersonId(Guid.Empty), "shift", null);

    private static TimeSpan Hours(int hours) => TimeSpan.FromHours(hours);

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
