using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Tocsin.Alerting.Rotas;

namespace Tocsin.Alerting.Tests.Rotas;

public sealed class RotaTests
{
    private static readonly PersonId Alice = Person(1);
    private static readonly PersonId Bob = Person(2);
    private static readonly PersonId Chloe = Person(3);

    // Monday 2 March 2026, 08:00 to 08:00, one person a week.
    private static readonly Rota Weekly = Rota(new ShiftPattern
    {
        Key = "week",
        Anchor = new(2026, 3, 2),
        Cadence = ShiftCadence.Weekly,
        StartsAt = new(8, 0),
        EndsAt = new(8, 0),
        EndsAfterDays = 7,
        Turns = [Alice, Bob, Chloe],
    });

    private static readonly Rota DayAndNight = Rota(
        Daily("day", new(7, 0), new(19, 0), 0, Alice, Bob),
        Daily("night", new(19, 0), new(7, 0), 1, Chloe));

    [Theory]
    [InlineData("2026-03-02T06:59:59Z", null)]
    [InlineData("2026-03-02T07:00:00Z", 1)]
    [InlineData("2026-03-09T06:59:59Z", 1)]
    [InlineData("2026-03-09T07:00:00Z", 2)]
    [InlineData("2026-03-16T07:00:00Z", 3)]
    [InlineData("2026-03-23T07:00:00Z", 1)]
    [InlineData("2026-03-30T05:59:59Z", 1)]
    [InlineData("2026-03-30T06:00:00Z", 2)]
    public void People_take_turns_by_the_week_at_the_same_wall_time_through_a_clock_change(string at, int? expected) =>
        Assert.Equal(expected is { } number ? [Person(number)] : [], Weekly.OnDutyAt(Time(at)));

    [Fact]
    public void A_shift_on_some_days_of_the_week_leaves_gaps_that_are_reported()
    {
        var office = Rota(new ShiftPattern
        {
            Key = "office",
            Anchor = new(2026, 3, 2),
            Cadence = ShiftCadence.Weekly,
            Days = [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday],
            StartsAt = new(9, 0),
            EndsAt = new(17, 0),
            Turns = [Alice, Bob],
        });

        var schedule = office.Schedule(Time("2026-03-05T23:00:00Z"), Time("2026-03-09T23:00:00Z"));

        Assert.Equal(
            [
                new(Time("2026-03-06T08:00:00Z"), Time("2026-03-06T16:00:00Z"), Alice, "office", null),
                new(Time("2026-03-09T08:00:00Z"), Time("2026-03-09T16:00:00Z"), Bob, "office", null),
            ],
            schedule.Assignments);
        Assert.Equal(
            [
                new(Time("2026-03-05T23:00:00Z"), Time("2026-03-06T08:00:00Z")),
                new(Time("2026-03-06T16:00:00Z"), Time("2026-03-09T08:00:00Z")),
                new(Time("2026-03-09T16:00:00Z"), Time("2026-03-09T23:00:00Z")),
            ],
            schedule.Gaps);
        Assert.Empty(schedule.Overlaps);
    }

    [Theory]
    [InlineData("2026-03-28T18:00:00Z", "2026-03-29T05:00:00Z", 11)]
    [InlineData("2026-10-24T17:00:00Z", "2026-10-25T06:00:00Z", 13)]
    public void The_night_shift_lasts_until_the_wall_clock_shows_its_end(string from, string until, int hours)
    {
        var night = Assert.Single(DayAndNight.Schedule(Time(from), Time(until)).Assignments);

        Assert.Equal("night", night.ShiftKey);
        Assert.Equal(TimeSpan.FromHours(hours), night.Until - night.From);
    }

    [Fact]
    public void A_shift_within_the_hour_that_is_skipped_does_not_take_place()
    {
        var rota = Rota(Daily("odd", new(2, 10), new(2, 50), 0, Alice));

        Assert.Empty(rota.Schedule(Time("2026-03-28T23:00:00Z"), Time("2026-03-29T12:00:00Z")).Assignments);
    }

    [Fact]
    public void Shifts_that_meet_on_the_wall_clock_never_leave_a_gap_nor_overlap_in_any_zone() =>
        Property.HoldsFor(Gen.Choose(0, int.MaxValue), seed =>
        {
            var random = new Random(seed);
            TimeOnly[] cuts = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => new TimeOnly(random.Next(24), random.Next(60))).Distinct().Order()];
            string[] zones = ["Europe/Paris", "America/Sao_Paulo", "Australia/Lord_Howe", "Atlantic/Azores", "Pacific/Apia"];
            var rota = Rota([
                .. cuts.Select((cut, i) => Daily(
                    "shift-" + i, cut, cuts[(i + 1) % cuts.Length], i == cuts.Length - 1 ? 1 : 0, Person(i + 1), Person(i + 11))),
            ]) with
            { TimeZone = zones[random.Next(zones.Length)] };
            var from = Time("2026-03-10T00:00:00Z").AddMinutes(random.Next(400_000));

            var schedule = rota.Schedule(from, from.AddDays(200));

            Assert.Empty(schedule.Gaps);
            Assert.Empty(schedule.Overlaps);
            Assert.Equal(from.AddDays(200) - from, schedule.Assignments.Aggregate(TimeSpan.Zero, (sum, next) => sum + (next.Until - next.From)));
        }, cases: 50);

    [Fact]
    public void Who_is_on_duty_at_a_moment_is_who_the_schedule_says() =>
        Property.HoldsFor(Gen.Choose(0, int.MaxValue), seed =>
        {
            var random = new Random(seed);
            var rota = DayAndNight with { Overrides = RandomOverrides(random) };

            // Around the two nights when clocks change in Paris.
            var night = random.Next(2) == 0 ? Time("2026-03-28T12:00:00Z") : Time("2026-10-24T12:00:00Z");
            var schedule = rota.Schedule(night, night.AddDays(2));
            var moment = night.AddMinutes(random.Next(2 * 24 * 60));

            var expected = schedule.Assignments.Where(a => a.From <= moment && moment < a.Until).Select(a => a.Person).Distinct().OrderBy(p => p.Value);
            Assert.Equal(expected, rota.OnDutyAt(moment).OrderBy(p => p.Value));
            Assert.Equal(schedule.Gaps.Any(gap => gap.From <= moment && moment < gap.Until), rota.OnDutyAt(moment).Count == 0);
            Assert.Equal(schedule.Overlaps.Any(o => o.From <= moment && moment < o.Until), rota.OnDutyAt(moment).Count > 1);
        });

    [Fact]
    public void An_override_replaces_a_person_for_its_time_and_only_where_the_pattern_has_them()
    {
        var rota = Weekly with
        {
            Overrides = [new() { From = Time("2026-03-08T12:00:00Z"), Until = Time("2026-03-20T12:00:00Z"), Replaces = Alice, Person = Chloe }],
        };

        Assert.Equal(
            [
                new(Time("2026-03-07T00:00:00Z"), Time("2026-03-08T12:00:00Z"), Alice, "week", null),
                new(Time("2026-03-08T12:00:00Z"), Time("2026-03-09T07:00:00Z"), Chloe, "week", Alice),
                new(Time("2026-03-09T07:00:00Z"), Time("2026-03-10T00:00:00Z"), Bob, "week", null),
            ],
            rota.Schedule(Time("2026-03-07T00:00:00Z"), Time("2026-03-10T00:00:00Z")).Assignments);
    }

    [Fact]
    public void Two_people_swap_by_two_overrides()
    {
        var (from, until) = (Time("2026-03-02T07:00:00Z"), Time("2026-03-16T07:00:00Z"));
        var rota = Weekly with
        {
            Overrides =
            [
                new() { From = from, Until = until, Replaces = Alice, Person = Bob },
                new() { From = from, Until = until, Replaces = Bob, Person = Alice },
            ],
        };

        Assert.Equal([Bob], rota.OnDutyAt(Time("2026-03-03T12:00:00Z")));
        Assert.Equal([Alice], rota.OnDutyAt(Time("2026-03-10T12:00:00Z")));
    }

    [Fact]
    public void The_later_of_two_overrides_wins_where_both_speak()
    {
        var rota = Weekly with
        {
            Overrides =
            [
                new() { From = Time("2026-03-03T00:00:00Z"), Until = Time("2026-03-06T00:00:00Z"), Replaces = Alice, Person = Bob },
                new() { From = Time("2026-03-04T00:00:00Z"), Until = Time("2026-03-05T00:00:00Z"), Replaces = Alice, Person = Chloe },
            ],
        };

        Assert.Equal([Bob], rota.OnDutyAt(Time("2026-03-03T12:00:00Z")));
        Assert.Equal([Chloe], rota.OnDutyAt(Time("2026-03-04T12:00:00Z")));
        Assert.Equal([Bob], rota.OnDutyAt(Time("2026-03-05T12:00:00Z")));
    }

    [Fact]
    public void Nobody_in_place_of_somebody_is_a_gap_and_somebody_in_addition_an_overlap()
    {
        var (from, until) = (Time("2026-03-03T00:00:00Z"), Time("2026-03-04T00:00:00Z"));
        var absence = Weekly with { Overrides = [new() { From = from, Until = until, Replaces = Alice }] };
        var reinforcement = Weekly with { Overrides = [new() { From = from, Until = until, Person = Chloe }] };

        Assert.Equal([new(from, until)], absence.Schedule(from.AddDays(-1).AddHours(12), until.AddDays(1)).Gaps);
        Assert.Equal([new(from, until)], reinforcement.Schedule(from.AddDays(-1).AddHours(12), until.AddDays(1)).Overlaps);
        Assert.Equal([Alice, Chloe], reinforcement.OnDutyAt(from));
    }

    [Fact]
    public void The_next_hand_over_says_who_goes_and_who_follows()
    {
        var handOver = Weekly.NextHandOver(Time("2026-03-05T00:00:00Z"))!;

        Assert.Equal(Time("2026-03-09T07:00:00Z"), handOver.At);
        Assert.Equal([Alice], handOver.Outgoing);
        Assert.Equal([Bob], handOver.Incoming);
    }

    [Fact]
    public void A_rota_of_one_person_hands_over_to_nobody() =>
        Assert.Null(Rota(Daily("always", new(8, 0), new(8, 0), 1, Alice)).NextHandOver(Time("2026-03-05T00:00:00Z")));

    [Fact]
    public void A_pattern_ends_after_its_last_day()
    {
        var rota = Rota(Daily("short", new(8, 0), new(8, 0), 1, Alice) with { LastDay = new(2026, 3, 3) });

        Assert.Equal([Alice], rota.OnDutyAt(Time("2026-03-04T06:59:59Z")));
        Assert.Empty(rota.OnDutyAt(Time("2026-03-04T07:00:00Z")));
    }

    [Fact]
    public void Moments_at_the_ends_of_the_calendar_have_nobody_on_duty_and_do_no_harm()
    {
        Assert.Empty(Weekly.OnDutyAt(DateTimeOffset.MinValue));
        Assert.NotNull(Weekly.OnDutyAt(DateTimeOffset.MaxValue.AddDays(-9)));
    }

    [Theory]
    [InlineData("time-zone-unknown")]
    [InlineData("turns-missing")]
    [InlineData("shift-length-invalid")]
    [InlineData("key-twice")]
    [InlineData("override-empty")]
    public void What_cannot_be_kept_is_refused_with_a_stable_code(string code)
    {
        var shift = Weekly.Shifts[0];
        var rota = code switch
        {
            "time-zone-unknown" => Weekly with { TimeZone = "Europe/Rennes" },
            "turns-missing" => Weekly with { Shifts = [shift with { Turns = [] }] },
            "shift-length-invalid" => Weekly with { Shifts = [shift with { EndsAfterDays = 0 }] },
            "key-twice" => Weekly with { Shifts = [shift, shift] },
            _ => Weekly with { Overrides = [new() { From = Time("2026-03-03T00:00:00Z"), Until = Time("2026-03-04T00:00:00Z") }] },
        };

        Assert.Empty(RotaValidation.Validate(Weekly));
        Assert.Equal(code, Assert.Single(RotaValidation.Validate(rota)).Code);
    }

    private static RotaOverride[] RandomOverrides(Random random) =>
    [
        .. Enumerable.Range(0, random.Next(4)).Select(_ =>
        {
            var from = (random.Next(2) == 0 ? Time("2026-03-28T12:00:00Z") : Time("2026-10-24T12:00:00Z")).AddMinutes(random.Next(2_000));
            return new RotaOverride
            {
                From = from,
                Until = from.AddMinutes(1 + random.Next(2_000)),
                Replaces = random.Next(4) == 0 ? null : Person(1 + random.Next(3)),
                Person = Person(1 + random.Next(4)),
            };
        }),
    ];

    private static Rota Rota(params ShiftPattern[] shifts) =>
        new() { Id = new(Guid.Empty), Name = "Astreinte", TimeZone = "Europe/Paris", Shifts = shifts };

    private static ShiftPattern Daily(string key, TimeOnly starts, TimeOnly ends, int endsAfterDays, params PersonId[] turns) => new()
    {
        Key = key,
        Anchor = new(2026, 3, 1),
        Cadence = ShiftCadence.Daily,
        StartsAt = starts,
        EndsAt = ends,
        EndsAfterDays = endsAfterDays,
        Turns = turns,
    };

    private static PersonId Person(int number) => new(new Guid(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]));

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
