using System.Text.Json;
using Tocsin.Alerting.Phones;
using Tocsin.Alerting.Plans;

namespace Tocsin.Server.Features.Directory;

/// <summary>Brings an address into the one form in which it is kept and compared.</summary>
internal static class ContactAddress
{
    /// <summary>The country of national telephone numbers, where nobody says otherwise.</summary>
    public const string UsualCountry = "FR";

    private const int LongestPager = 20;

    /// <param name="code">Why it is refused: <c>phone-...</c>, <c>email-invalid</c>, <c>pager-invalid</c>, <c>kind-not-editable</c>.</param>
    public static bool TryRead(ContactPointKind kind, string? text, string country, out string address, out string code)
    {
        code = "";
        switch (kind)
        {
            case ContactPointKind.Mobile or ContactPointKind.Landline:
                return TryReadPhone(text, country, out address, out code);
            case ContactPointKind.Email:
                code = EmailAddress.TryRead(text, out address) ? "" : string.IsNullOrWhiteSpace(text) ? DirectoryText.Missing : "email-invalid";
                return code.Length == 0;
            case ContactPointKind.Pager:
                return TryReadPager(text, out address, out code);
            default:
                // A device adds itself when it subscribes to push.
                (address, code) = ("", "kind-not-editable");
                return false;
        }
    }

    private static bool TryReadPhone(string? text, string country, out string address, out string code)
    {
        (address, code) = ("", "");
        if (PhoneNumber.TryParse(text, country, out var number, out var error))
        {
            address = number.E164;
            return true;
        }

        code = error == PhoneNumberError.Empty ? DirectoryText.Missing : "phone-" + JsonNamingPolicy.KebabCaseLower.ConvertName(error.ToString());
        return false;
    }

    /// <summary>A radio identity code (POCSAG: seven digits) or a pager provider's number.</summary>
    private static bool TryReadPager(string? text, out string address, out string code)
    {
        address = (text ?? "").Length > 100 ? "" : string.Concat((text ?? "").Where(c => c is not (' ' or '.' or '-')));
        code = address.Length == 0 && string.IsNullOrWhiteSpace(text) ? DirectoryText.Missing
            : address.Length is 0 or > LongestPager || !address.All(char.IsAsciiDigit) ? "pager-invalid"
            : "";
        if (code.Length > 0) address = "";
        return code.Length == 0;
    }
}
