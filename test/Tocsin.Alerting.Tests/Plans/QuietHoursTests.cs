using System.Globalization;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Plans;

namespace Tocsin.Alerting.Tests.Plans;

public sealed class QuietHoursTests
{
    private static readonly QuietHours Nights = new(new(22, 0), new(7, 0), "Europe/Paris");

    [Theory]
    [InlineData("2026-01-15T20:59:59Z", null)]
    [InlineData("2026-01-15T21:00:00Z", "2026-01-16T06:00:00Z")]
    [InlineData("2026-01-16T05:59:59Z", "2026-01-16T06:00:00Z")]
    [InlineData("2026-01-16T06:00:00Z", null)]
    [InlineData("2026-07-15T20:00:00Z", "2026-07-16T05:00:00Z")]
    public void Nights_last_from_evening_to_morning_on_the_wall_clock(string at, string? expected) => Assert.Equal(Time(expected), Nights.EndOf(Time(at)!.Value));

    [Theory]
    [InlineData("2026-03-28T22:30:00Z", "2026-03-29T05:00:00Z")]
    [InlineData("2026-10-24T21:30:00Z", "2026-10-25T06:00:00Z")]
    public void The_nights_when_clocks_change_end_by_the_wall_clock(string at, string expected) => Assert.Equal(Time(expected), Nights.EndOf(Time(at)!.Value));

    [Fact]
    public void An_end_that_the_clock_skips_is_the_first_moment_after_the_gap() =>
        Assert.Equal(Time("2026-03-29T01:00:00Z"), new QuietHours(new(22, 0), new(2, 30), "Europe/Paris").EndOf(Time("2026-03-29T00:30:00Z")!.Value));

    [Fact]
    public void An_end_that_occurs_twice_is_the_next_one_to_come()
    {
        var untilHalfPastTwo = new QuietHours(new(22, 0), new(2, 30), "Europe/Paris");

        Assert.Equal(Time("2026-10-25T00:30:00Z"), untilHalfPastTwo.EndOf(Time("2026-10-25T00:10:00Z")!.Value));
        Assert.Equal(Time("2026-10-25T01:30:00Z"), untilHalfPastTwo.EndOf(Time("2026-10-25T01:10:00Z")!.Value));
    }

    [Fact]
    public void Hours_that_cannot_be_understood_keep_nobody_from_being_told()
    {
        Assert.Null(new QuietHours(new(22, 0), new(22, 0), "Europe/Paris").EndOf(Time("2026-01-15T21:00:00Z")!.Value));
        Assert.Null(new QuietHours(new(0, 0), new(23, 59), "Europe/Nowhere").EndOf(Time("2026-01-15T21:00:00Z")!.Value));
    }

    [Theory]
    [InlineData(Severity.Info, false)]
    [InlineData(Severity.Advisory, false)]
    [InlineData(Severity.Severe, true)]
    [InlineData(Severity.Extreme, true)]
    public void Severe_and_extreme_alerts_pass_them(Severity severity, bool expected) => Assert.Equal(expected, QuietHours.ArePassedBy(severity));

    private static DateTimeOffset? Time(string? text) => text is null ? null : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
