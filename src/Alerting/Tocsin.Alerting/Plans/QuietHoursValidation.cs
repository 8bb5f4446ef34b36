using Tocsin.Alerting.Time;

namespace Tocsin.Alerting.Plans;

public static class QuietHoursValidation
{
    /// <returns>Empty if they can be kept.</returns>
    public static IReadOnlyList<RuleViolation> Validate(this QuietHours quietHours)
    {
        ArgumentNullException.ThrowIfNull(quietHours);
        var violations = new List<RuleViolation>();
        if (quietHours.From == quietHours.Until)
            violations.Add(new(RuleCodes.QuietHoursEmpty, "quietHours.until"));
        if (!WallClock.TryFindZone(quietHours.TimeZone, out _))
            violations.Add(new(RuleCodes.TimeZoneUnknown, "quietHours.timeZone"));
        return violations;
    }
}
