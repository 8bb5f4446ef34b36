using System.Diagnostics.CodeAnalysis;
using NodaTime;

namespace Tocsin.Alerting.Time;

/// <summary>A time zone by its IANA name, from the data that comes with the program: what people read is written in one.</summary>
public sealed class IanaTimeZone
{
    private readonly DateTimeZone zone;

    private IanaTimeZone(DateTimeZone zone) => this.zone = zone;

    public static IanaTimeZone Utc { get; } = new(DateTimeZone.Utc);

    /// <summary><c>Europe/Paris</c>. UTC is called so.</summary>
    public string Id => zone.Id;

    public static bool TryFind(string? id, [NotNullWhen(true)] out IanaTimeZone? found)
    {
        found = id is not null && WallClock.TryFindZone(id, out var zone) ? new IanaTimeZone(zone) : null;
        return found is not null;
    }

    /// <summary>The zone that a machine is set to; UTC where its name for it is not one of IANA's.</summary>
    public static IanaTimeZone Of(TimeZoneInfo local)
    {
        ArgumentNullException.ThrowIfNull(local);
        if (TryFind(local.Id, out var same)) return same;
        return TimeZoneInfo.TryConvertWindowsIdToIanaId(local.Id, out var id) && TryFind(id, out var converted) ? converted : Utc;
    }

    /// <summary>The same moment, with the day, the time and the offset that a clock on the wall there shows.</summary>
    public DateTimeOffset WallTimeOf(DateTimeOffset moment) => Instant.FromDateTimeOffset(moment).InZone(zone).ToDateTimeOffset();
}
