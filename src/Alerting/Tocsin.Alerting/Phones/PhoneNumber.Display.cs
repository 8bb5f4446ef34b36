using System.Text;

namespace Tocsin.Alerting.Phones;

public readonly partial record struct PhoneNumber
{
    // Leading digits of mobile numbers abroad, where the plan keeps them apart.
    private static readonly string[] ForeignMobilePrefixes =
    [
        "+324", "+417", "+3526", "+447", "+4915", "+4916", "+4917", "+346", "+347", "+393", "+3519", "+316", "+3538", "+3774", "+3776", "+436",
    ];

    /// <summary>What it probably is; what is unknown may be alerted by SMS all the same.</summary>
    public PhoneLineKind Kind
    {
        get
        {
            var digits = E164.AsSpan(1);
            if (digits.StartsWith(FrenchNumbering.Metropolitan))
                return FrenchNumbering.KindOf(digits[2..]);
            if (digits.Length == 12 && FrenchNumbering.IsCallingCode(digits[..3].ToString()))
                return FrenchNumbering.KindOf(digits[3..]);
            foreach (var prefix in ForeignMobilePrefixes)
            {
                if (E164.StartsWith(prefix, StringComparison.Ordinal))
                    return PhoneLineKind.Mobile;
            }

            return PhoneLineKind.Unknown;
        }
    }

    /// <summary>As people read it: <c>06 12 34 56 78</c> for France, <c>0692 12 34 56</c> overseas, <c>+32 471 23 45 67</c> elsewhere. The spaces are no-break.</summary>
    public string ToDisplay()
    {
        CallingCodes.Part(E164[1..], out var code, out _);
        var national = E164[(1 + code.Length)..];
        var text = code == FrenchNumbering.Metropolitan ? Group("0" + national, 2)
            : FrenchNumbering.IsCallingCode(code) && national.Length == 9 ? Group("0" + national, 4)
            : "+" + code + " " + Group(national, national.Length % 2 == 0 ? 2 : 3);
        return text.Replace(' ', '\u00A0');
    }

    /// <summary>The first <paramref name="first"/> digits, then pairs.</summary>
    private static string Group(string digits, int first)
    {
        var text = new StringBuilder(digits.Length * 2);
        for (var i = 0; i < digits.Length; i++)
        {
            if (i >= first && (i - first) % 2 == 0)
                text.Append(' ');
            text.Append(digits[i]);
        }

        return text.ToString();
    }
}
