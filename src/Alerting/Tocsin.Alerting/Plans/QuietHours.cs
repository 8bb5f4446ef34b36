using NodaTime;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Time;

namespace Tocsin.Alerting.Plans;

public sealed partial record QuietHours
{
    /// <summary>Severe and extreme alerts are emergencies: quiet hours and preferences are made for everything below.</summary>
    public static bool ArePassedBy(Severity severity) => severity >= Severity.Severe;

    /// <summary>When they end, if <paramref name="moment"/> is in them; otherwise null. Equal ends mean no quiet hours, as an unknown time zone does: silence by mistake is worse.</summary>
    public DateTimeOffset? EndOf(DateTimeOffset moment)
    {
        if (From == Until || !WallClock.TryFindZone(TimeZone, out var zone))
            return null;
        var now = Instant.FromDateTimeOffset(moment);
        var wall = now.InZone(zone).LocalDateTime;
        var time = new TimeOnly(wall.TimeOfDay.TickOfDay);

        // IsBetween understands an end before the start as past midnight.
        if (!time.IsBetween(From, Until))
            return null;
        var day = time >= Until ? wall.Date.PlusDays(1) : wall.Date;
        return zone.ToInstantAfter(day.At(Until.ToLocalTime()), now).ToDateTimeOffset();
    }
}
