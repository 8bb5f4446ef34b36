namespace Tocsin.Alerting.Time;

/// <summary>How far a wall clock is from UTC, as people read it: <c>UTC+1</c>, <c>UTC−3:30</c>, <c>UTC</c>. No abbreviation: CST is three zones.</summary>
public static class UtcOffset
{
    public static string Of(DateTimeOffset wallTime)
    {
        var offset = wallTime.Offset;
        if (offset == TimeSpan.Zero) return "UTC";
        var minutes = offset.Minutes == 0 ? "" : $":{Math.Abs(offset.Minutes):00}";
        return $"UTC{(offset < TimeSpan.Zero ? "−" : "+")}{Math.Abs(offset.Hours)}{minutes}";
    }
}
