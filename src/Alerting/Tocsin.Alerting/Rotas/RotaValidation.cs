using System.Globalization;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Time;

namespace Tocsin.Alerting.Rotas;

/// <summary>Whether a rota can be kept. All violations at once.</summary>
public static class RotaValidation
{
    private const int LongestName = 120;
    private const int MostShifts = 32;
    private const int MostTurns = 200;
    private const int MostOverrides = 2_000;
    private const int LongestShiftDays = 31;
    private const int MostPeriodsPerTurn = 366;

    private static readonly DateOnly Earliest = new(1970, 1, 1);
    private static readonly DateOnly Latest = new(2200, 1, 1);

    public static IReadOnlyList<RuleViolation> Validate(Rota rota)
    {
        ArgumentNullException.ThrowIfNull(rota);
        var violations = new List<RuleViolation>();
        TextRules.CheckOne(rota.Name, LongestName, allowsLines: false, TextCodes.Name, "name", violations);
        if (!WallClock.TryFindZone(rota.TimeZone, out _))
            violations.Add(new(RuleCodes.TimeZoneUnknown, "timeZone"));
        if (rota.Shifts.Count > MostShifts)
            violations.Add(new(RuleCodes.ShiftsTooMany, "shifts"));
        if (rota.Overrides.Count > MostOverrides)
            violations.Add(new(RuleCodes.OverridesTooMany, "overrides"));
        if (violations.Count > 0)
            return violations;

        var keys = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < rota.Shifts.Count; i++)
            CheckShift(rota.Shifts[i], keys, string.Create(CultureInfo.InvariantCulture, $"shifts[{i}]"), violations);
        for (var i = 0; i < rota.Overrides.Count; i++)
            CheckOverride(rota.Overrides[i], string.Create(CultureInfo.InvariantCulture, $"overrides[{i}]"), violations);
        return violations;
    }

    private static void CheckShift(ShiftPattern shift, HashSet<string> keys, string path, List<RuleViolation> violations)
    {
        if (!Key.IsValid(shift.Key))
            violations.Add(new(RuleCodes.KeyInvalid, path + ".key"));
        else if (!keys.Add(shift.Key))
            violations.Add(new(RuleCodes.KeyTwice, path + ".key"));
        if (shift.Anchor < Earliest || shift.Anchor > Latest)
            violations.Add(new(RuleCodes.DateOutOfRange, path + ".anchor"));
        if (shift.LastDay < shift.Anchor || shift.LastDay > Latest)
            violations.Add(new(RuleCodes.DateOutOfRange, path + ".lastDay"));
        if (shift.EndsAfterDays is < 0 or > LongestShiftDays || (shift.EndsAfterDays == 0 && shift.EndsAt <= shift.StartsAt))
            violations.Add(new(RuleCodes.ShiftLengthInvalid, path + ".endsAt"));
        if (shift.PeriodsPerTurn is < 1 or > MostPeriodsPerTurn)
            violations.Add(new(RuleCodes.TurnLengthOutOfRange, path + ".periodsPerTurn"));
        if (shift.Turns.Count is 0 or > MostTurns)
            violations.Add(new(shift.Turns.Count == 0 ? RuleCodes.TurnsMissing : RuleCodes.TurnsTooMany, path + ".turns"));
        if (shift.Days.Count > 0 && (shift.Cadence == ShiftCadence.Daily || shift.Days.Distinct().Count() < shift.Days.Count))
            violations.Add(new(RuleCodes.DaysInvalid, path + ".days"));
    }

    private static void CheckOverride(RotaOverride change, string path, List<RuleViolation> violations)
    {
        if (change.Until <= change.From || change.Until - change.From > Rota.LongestSchedule)
            violations.Add(new(RuleCodes.OverrideLengthInvalid, path + ".until"));
        if (change is { Replaces: null, Person: null })
            violations.Add(new(RuleCodes.OverrideEmpty, path));
    }
}
