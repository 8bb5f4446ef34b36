using System.Collections.Frozen;

namespace Tocsin.Alerting.Phones;

/// <summary>How a country's own numbers are dialled at home: what has to be known to read one that has no '+'.</summary>
/// <param name="CallingCode">Without '+'.</param>
/// <param name="TrunkPrefix">Dialled before a national number at home and never from abroad; empty where there is none.</param>
internal sealed record NationalPlan(string CallingCode, string TrunkPrefix)
{
    private static readonly FrozenDictionary<string, NationalPlan> Plans = new Dictionary<string, NationalPlan>(StringComparer.OrdinalIgnoreCase)
    {
        ["FR"] = new("33", "0"),
        ["GP"] = new("33", "0"),
        ["MQ"] = new("33", "0"),
        ["GF"] = new("33", "0"),
        ["RE"] = new("33", "0"),
        ["YT"] = new("33", "0"),
        ["PM"] = new("508", ""),
        ["MC"] = new("377", ""),
        ["BE"] = new("32", "0"),
        ["LU"] = new("352", ""),
        ["CH"] = new("41", "0"),
        ["DE"] = new("49", "0"),
        ["AT"] = new("43", "0"),
        ["NL"] = new("31", "0"),
        ["GB"] = new("44", "0"),
        ["IE"] = new("353", "0"),
        ["ES"] = new("34", ""),
        ["PT"] = new("351", ""),
        ["IT"] = new("39", ""),
        ["PL"] = new("48", ""),
        ["CZ"] = new("420", ""),
        ["DK"] = new("45", ""),
        ["SE"] = new("46", "0"),
        ["NO"] = new("47", ""),
        ["FI"] = new("358", "0"),
        ["GR"] = new("30", ""),
        ["NC"] = new("687", ""),
        ["PF"] = new("689", ""),
        ["WF"] = new("681", ""),
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> CodesWithTrunkZero =
        Plans.Values.Where(plan => plan.TrunkPrefix == "0").Select(plan => plan.CallingCode).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The plan of an ISO 3166-1 country; null where we know none, and only international numbers can be read.</summary>
    public static NationalPlan? Of(string country) => Plans.GetValueOrDefault(country);

    /// <summary>Whether a '0' after this calling code is the trunk prefix, written by mistake (<c>+33 06 ...</c>). In Italy it would be part of the number.</summary>
    public static bool DropsZeroAfter(string callingCode) => CodesWithTrunkZero.Contains(callingCode);
}
