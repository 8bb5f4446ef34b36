namespace Tocsin.Alerting.Phones;

/// <summary>
/// The French numbering plan (ARCEP decision 2018-0881 as amended): nine digits after the trunk '0'. The overseas territories are dialled alike at
/// home but have calling codes of their own.
/// </summary>
internal static class FrenchNumbering
{
    public const string Metropolitan = "33";

    private const int NationalLength = 9;

    // National prefix -> calling code, the longer first.
    private static readonly (string Prefix, string CallingCode)[] Overseas =
    [
        ("70938", "262"), ("70939", "262"), ("7090", "590"), ("7091", "596"), ("7092", "262"), ("7093", "594"),
        ("590", "590"), ("690", "590"), ("691", "590"),
        ("594", "594"), ("694", "594"),
        ("596", "596"), ("696", "596"), ("697", "596"),
        ("262", "262"), ("263", "262"), ("269", "262"), ("639", "262"), ("692", "262"), ("693", "262"),
    ];

    public static bool IsCallingCode(string code) => code is Metropolitan or "262" or "590" or "594" or "596" or "508";

    /// <summary>Reads a significant number (without trunk '0' or calling code) as digits after a '+'.</summary>
    public static PhoneNumberError Read(ReadOnlySpan<char> significant, out string international)
    {
        international = "";
        if (significant.Length < NationalLength)
            return PhoneNumberError.TooShort;
        if (significant.Length > NationalLength)
            return significant.StartsWith("700") ? PhoneNumberError.SpecialNumber : PhoneNumberError.TooLong;
        if (significant[0] == '0')
            return PhoneNumberError.NotInNumberingPlan;

        // 08: free, shared-cost, premium and machine numbers. 0700: machines that talk to machines.
        if (significant[0] == '8' || significant.StartsWith("700"))
            return PhoneNumberError.SpecialNumber;

        // Saint-Pierre-et-Miquelon: six digits after its code, dialled 0508 and six digits from the rest of France.
        if (significant.StartsWith("508"))
        {
            international = string.Concat("508", significant[3..]);
            return significant[3] == '0' ? PhoneNumberError.NotInNumberingPlan : PhoneNumberError.None;
        }

        international = string.Concat(CallingCodeOf(significant), significant);
        return PhoneNumberError.None;
    }

    public static PhoneLineKind KindOf(ReadOnlySpan<char> significant) =>
        significant.Length != NationalLength ? PhoneLineKind.Unknown
        : significant[0] is '6' or '7' ? PhoneLineKind.Mobile
        : PhoneLineKind.Landline;

    private static string CallingCodeOf(ReadOnlySpan<char> significant)
    {
        foreach (var (prefix, code) in Overseas)
        {
            if (significant.StartsWith(prefix))
                return code;
        }

        return Metropolitan;
    }
}
