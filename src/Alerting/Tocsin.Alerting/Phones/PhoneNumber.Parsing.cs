using System.Text;

namespace Tocsin.Alerting.Phones;

public readonly partial record struct PhoneNumber
{
    // Longer than any number written with every separator; a longer text is something else.
    private const int LongestText = 40;

    // The longest French short number (118 218).
    private const int LongestShortNumber = 6;

    /// <summary>Reads a number as people write it: national of <paramref name="defaultCountry"/>, or international with '+' or '00'.</summary>
    /// <param name="defaultCountry">ISO 3166-1, two letters (<c>FR</c>). Where its plan is unknown only international numbers are read.</param>
    /// <remarks>
    /// For France a lost leading '0' or '+' is restored (<c>612345678</c>, <c>33612345678</c>): spreadsheets drop them from columns they take for numbers.
    /// </remarks>
    public static bool TryParse(string? text, string defaultCountry, out PhoneNumber number, out PhoneNumberError error)
    {
        number = default;
        error = Clean(text, out var digits, out var isInternational);
        if (error == PhoneNumberError.None)
            error = isInternational ? ReadInternational(digits, out digits) : ReadNational(digits, defaultCountry, out digits);
        if (error != PhoneNumberError.None)
            return false;
        number = new PhoneNumber("+" + digits);
        return true;
    }

    /// <summary>Reads the form of <see cref="E164"/>, as it stands in the database.</summary>
    public static bool TryParseE164(string? text, out PhoneNumber number)
    {
        number = default;
        return text is ['+', ..] && TryParse(text, "", out number, out _) && string.Equals(number.E164, text, StringComparison.Ordinal);
    }

    /// <summary>Keeps the digits, and whether '+' or '00' stood before them.</summary>
    private static PhoneNumberError Clean(string? text, out string digits, out bool isInternational)
    {
        digits = "";
        isInternational = false;
        var rest = (text ?? "").AsSpan().Trim();
        if (rest.StartsWith("tel:", StringComparison.OrdinalIgnoreCase))
            rest = rest[4..];
        if (rest.Length > LongestText)
            return PhoneNumberError.TooLong;

        var kept = new StringBuilder(LongestText);
        var plus = false;
        for (var i = 0; i < rest.Length; i++)
        {
            var c = rest[i];
            if (char.IsAsciiDigit(c))
            {
                kept.Append(c);
            }
            else if (c == '+' && kept.Length == 0 && !plus)
            {
                plus = true;
            }
            else if (rest[i..].StartsWith("(0)") && (plus || StartsWithDoubleZero(kept)))
            {
                // The trunk prefix, written for those who call from within: "+33 (0)1 23 ...".
                i += 2;
            }
            else if (!IsSeparator(c))
            {
                return PhoneNumberError.InvalidCharacter;
            }
        }

        isInternational = plus || StartsWithDoubleZero(kept);
        digits = isInternational && !plus ? kept.ToString(2, kept.Length - 2) : kept.ToString();
        return digits.Length == 0 ? PhoneNumberError.Empty : PhoneNumberError.None;
    }

    private static bool StartsWithDoubleZero(StringBuilder digits) => digits.Length >= 2 && digits[0] == '0' && digits[1] == '0';

    /// <summary>Spaces of any width, usual punctuation, and the invisible marks that copying from a contact card brings along.</summary>
    private static bool IsSeparator(char c) =>
        char.IsWhiteSpace(c)
        || c is '.' or '-' or '/' or '(' or ')' or '_'
        || c is >= '\u2010' and <= '\u2015'
        || c is '\u200B' or '\u200E' or '\u200F' or '\u2060' or '\uFEFF'
        || c is >= '\u202A' and <= '\u202E';

    private static PhoneNumberError ReadInternational(string digits, out string international)
    {
        international = digits;
        var error = CallingCodes.Part(digits, out var code, out var length);
        if (error != PhoneNumberError.None)
            return error;
        var national = digits[code.Length..];
        if (FrenchNumbering.IsCallingCode(code) || NationalPlan.DropsZeroAfter(code))
        {
            national = national is ['0', ..] ? national[1..] : national;
            if (national is ['0', ..])
                return PhoneNumberError.NotInNumberingPlan;
        }

        if (code == FrenchNumbering.Metropolitan)
            return FrenchNumbering.Read(national, out international);
        international = code + national;
        return national.Length < length.Shortest ? PhoneNumberError.TooShort
            : national.Length > length.Longest ? PhoneNumberError.TooLong
            : PhoneNumberError.None;
    }

    private static PhoneNumberError ReadNational(string digits, string country, out string international)
    {
        international = digits;
        if (NationalPlan.Of(country) is not { } plan)
            return PhoneNumberError.UnknownCountry;
        if (plan.CallingCode == FrenchNumbering.Metropolitan)
            return ReadFrench(digits, out international);
        if (plan.TrunkPrefix.Length > 0)
        {
            if (!digits.StartsWith(plan.TrunkPrefix, StringComparison.Ordinal))
                return digits.Length <= LongestShortNumber ? PhoneNumberError.SpecialNumber : PhoneNumberError.NotInNumberingPlan;
            digits = digits[plan.TrunkPrefix.Length..];
        }

        return ReadInternational(plan.CallingCode + digits, out international);
    }

    private static PhoneNumberError ReadFrench(string digits, out string international)
    {
        if (digits[0] == '0')
            return FrenchNumbering.Read(digits.AsSpan(1), out international);
        if (digits.Length > 9 && CallingCodes.Part(digits, out var code, out _) == PhoneNumberError.None && FrenchNumbering.IsCallingCode(code))
            return ReadInternational(digits, out international);
        if (digits.Length > LongestShortNumber)
            return FrenchNumbering.Read(digits, out international);
        international = digits;
        return PhoneNumberError.SpecialNumber;
    }
}
