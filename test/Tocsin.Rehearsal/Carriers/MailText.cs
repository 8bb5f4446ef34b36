using System.Text;

namespace Tocsin.Rehearsal.Carriers;

/// <summary>The first text/plain part of a mail as a person reads it (RFC 2045 and 2046). Written from the RFCs, not from the code under test.</summary>
internal static class MailText
{
    public static string Read(ReadOnlySpan<byte> content)
    {
        var mail = Encoding.Latin1.GetString(content).Replace("\r\n..", "\r\n.", StringComparison.Ordinal);
        var boundary = Between(mail, "boundary=\"", "\"");
        var part = mail.Split("\r\n--" + boundary)[1];
        var blank = part.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var (header, body) = (part[..blank], part[(blank + 4)..]);
        if (!header.Contains("text/plain; charset=utf-8", StringComparison.OrdinalIgnoreCase)) throw new InvalidDataException("The first part is not plain text.");
        var octets = TransferEncodingOf(header) switch
        {
            "base64" => Convert.FromBase64String(body.Replace("\r\n", "", StringComparison.Ordinal)),
            "quoted-printable" => Unquote(body),
            _ => Encoding.Latin1.GetBytes(body),
        };
        return Encoding.UTF8.GetString(octets);
    }

    private static string TransferEncodingOf(string header)
    {
        const string Field = "Content-Transfer-Encoding:";
        var at = header.IndexOf(Field, StringComparison.OrdinalIgnoreCase);
        if (at < 0) return "7bit";
        var value = header[(at + Field.Length)..];
        var end = value.IndexOf("\r\n", StringComparison.Ordinal);
        return (end < 0 ? value : value[..end]).Trim().ToLowerInvariant();
    }

    private static byte[] Unquote(string body)
    {
        var text = body.Replace("=\r\n", "", StringComparison.Ordinal);
        var octets = new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '=')
            {
                octets[length++] = (byte)text[i];
                continue;
            }

            octets[length++] = Convert.ToByte(text.Substring(i + 1, 2), 16);
            i += 2;
        }

        return octets[..length];
    }

    private static string Between(string text, string before, string after)
    {
        var start = text.IndexOf(before, StringComparison.Ordinal) + before.Length;
        return text[start..text.IndexOf(after, start, StringComparison.Ordinal)];
    }
}
