using System.Buffers;
using System.Globalization;
using System.Text;

namespace Tocsin.Alerting.Channels.Smtp;

/// <summary>A mail address that is safe to write into an SMTP command and a header: it holds no line break, space outside quotes, or angle bracket.</summary>
/// <remarks>RFC 5321 section 4.1.2, RFC 6531 section 3.3. Address literals (<c>user@[192.0.2.1]</c>) are not taken: people do not have them.</remarks>
public sealed record Mailbox
{
    /// <summary>RFC 5321 section 4.5.3.1.3: a path is at most 256 octets with its angle brackets.</summary>
    private const int MaximumOctets = 254;

    private const int MaximumLocalOctets = 64;

    private static readonly SearchValues<char> PlainDomainCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.");

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    private Mailbox(string localPart, string domain)
    {
        LocalPart = localPart;
        Domain = domain;
        NeedsSmtpUtf8 = !Ascii.IsValid(localPart);
    }

    public string LocalPart { get; }

    /// <summary>In ASCII, lower case; an internationalised domain is in its <c>xn--</c> form.</summary>
    public string Domain { get; }

    /// <summary>Whether the local part has characters that only a relay with SMTPUTF8 can carry.</summary>
    public bool NeedsSmtpUtf8 { get; }

    public static bool TryParse(string? text, out Mailbox mailbox)
    {
        mailbox = null!;
        if (text is null || text.Length is 0 or > MaximumOctets)
            return false;
        // The last '@' parts: a quoted local part may hold others.
        var at = text.LastIndexOf('@');
        if (at < 1 || at == text.Length - 1)
            return false;
        var local = text[..at];
        if (Encoding.UTF8.GetByteCount(local) > MaximumLocalOctets || !(IsDotAtom(local) || IsQuoted(local)) || !TryReadDomain(text[(at + 1)..], out var domain))
            return false;
        mailbox = new Mailbox(local, domain);
        return Encoding.UTF8.GetByteCount(local) + 1 + domain.Length <= MaximumOctets;
    }

    public override string ToString() => $"{LocalPart}@{Domain}";

    private static bool IsDotAtom(string local)
    {
        if (local[0] == '.' || local[^1] == '.' || local.Contains("..", StringComparison.Ordinal))
            return false;
        foreach (var rune in local.EnumerateRunes())
        {
            if (rune.IsAscii ? !IsAtomText((char)rune.Value) : !IsWritable(rune))
                return false;
        }
        return true;
    }

    private static bool IsAtomText(char c) => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~.".Contains(c, StringComparison.Ordinal);

    private static bool IsWritable(Rune rune) =>
        rune != Rune.ReplacementChar && !Rune.IsControl(rune) && !Rune.IsWhiteSpace(rune) && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned
            or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate);

    /// <summary>RFC 5321 <c>Quoted-string</c>, ASCII only: nobody has both quotes and other scripts.</summary>
    private static bool IsQuoted(string local)
    {
        if (local.Length < 3 || local[0] != '"' || local[^1] != '"')
            return false;
        for (var i = 1; i < local.Length - 1; i++)
        {
            var c = local[i];
            if (c is < ' ' or > '~' or '"')
                return false;
            if (c == '\\' && (++i == local.Length - 1 || local[i] is < ' ' or > '~'))
                return false;
        }
        return true;
    }

    private static bool TryReadDomain(string text, out string domain)
    {
        domain = "";
        try
        {
            // Nearly every domain is plain; only the others are worth a visit to the mapping.
            domain = (text.AsSpan().ContainsAnyExcept(PlainDomainCharacters) || text.Contains("--", StringComparison.Ordinal) ? Idn.GetAscii(text) : text).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            // The mapping has no form that answers instead of throwing.
            return false;
        }
        if (domain.Length is 0 or > 253 || domain[^1] == '.')
            return false;
        foreach (var label in domain.Split('.'))
        {
            if (label.Length is 0 or > 63 || label[0] == '-' || label[^1] == '-' || !label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
                return false;
        }
        return true;
    }
}
