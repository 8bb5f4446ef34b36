using Tocsin.Alerting.Time;

namespace Tocsin.Alerting.Tests.Time;

public sealed class IanaTimeZoneTests
{
    [Theory]
    [InlineData("Europe/Paris", "2026-03-29T00:59:59Z", "2026-03-29 01:59:59 UTC+1")]
    [InlineData("Europe/Paris", "2026-03-29T01:00:00Z", "2026-03-29 03:00:00 UTC+2")]
    [InlineData("Europe/Paris", "2026-10-25T00:30:00Z", "2026-10-25 02:30:00 UTC+2")]
    [InlineData("Europe/Paris", "2026-10-25T01:30:00Z", "2026-10-25 02:30:00 UTC+1")]
    [InlineData("America/St_Johns", "2026-01-01T00:00:00Z", "2025-12-31 20:30:00 UTC−3:30")]
    [InlineData("Asia/Kathmandu", "2026-01-01T00:00:00Z", "2026-01-01 05:45:00 UTC+5:45")]
    [InlineData("Etc/UTC", "2026-01-01T00:00:00Z", "2026-01-01 00:00:00 UTC")]
    public void A_moment_is_told_as_the_clock_on_the_wall_shows_it_with_its_offset(string id, string moment, string told)
    {
        Assert.True(IanaTimeZone.TryFind(id, out var zone));
        var wall = zone.WallTimeOf(DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(told, $"{wall:yyyy-MM-dd HH:mm:ss} {UtcOffset.Of(wall)}");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Europe/Valmont")]
    [InlineData("../../etc/localtime")]
    public void What_is_no_zone_is_not_found(string? id) => Assert.False(IanaTimeZone.TryFind(id, out _));

    [Fact]
    public void A_machine_with_a_name_of_its_own_for_its_zone_is_taken_to_live_in_UTC()
    {
        var odd = TimeZoneInfo.CreateCustomTimeZone("Machine room", TimeSpan.FromHours(3), "Machine room", "Machine room");
        Assert.Equal("UTC", IanaTimeZone.Of(odd).Id);
        Assert.Equal("Europe/Paris", IanaTimeZone.Of(TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris")).Id);
    }
}
