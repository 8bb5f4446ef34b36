using System.Globalization;
using System.Text.RegularExpressions;

namespace Tocsin.Server.Features.Directory;

/// <summary>E-mail addresses as every mail server takes them: RFC 5321 with a dot-string before the at sign and a host name after it.</summary>
internal static partial class EmailAddress
{
    // RFC 5321, section 4.5.3.1: a path is at most 256 octets with its angle brackets.
    private const int Longest = 254;
    private const int LongestLocalPart = 64;

    /// <param name="address">As written, the domain in lower case and, where it is not ASCII, in its ASCII form (RFC 5891).</param>
    public static bool TryRead(string? text, out string address)
    {
        address = "";
        if (text is null || text.Length > 2 * Longest) return false;
        var trimmed = text.Trim();
        var at = trimmed.LastIndexOf('@');
        if (at is < 1 or > LongestLocalPart || !LocalPart().IsMatch(trimmed.AsSpan(0, at)) || !TryReadDomain(trimmed[(at + 1)..], out var domain)) return false;
        address = $"{trimmed[..at]}@{domain}";
        return address.Length <= Longest;
    }

    private static bool TryReadDomain(string text, out string domain)
    {
        domain = "";
        try
        {
            domain = new IdnMapping { UseStd3AsciiRules = true }.GetAscii(text).ToLowerInvariant();
            return Domain().IsMatch(domain);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex LocalPart();

    // A name without a dot is a machine of an intranet: allowed, an organisation's own relay may know it.
    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Domain();
}
