using System.Buffers.Text;
using System.Text;

namespace Tocsin.Rehearsal.Carriers;

/// <summary>The first text/plain part of a mail as a person reads it (RFC 2045 and 2046). Written from the RFCs, not from the code under test.</summary>
/// <remarks>On octets and without a copy of the rest: the carrier must not be what is slow.</remarks>
internal static class MailText
{
    /// <param name="content">Without the final dot; dots at the start of a line still doubled.</param>
    public static string Read(ReadOnlySpan<byte> content)
    {
        var boundary = content[(content.IndexOf("boundary=\""u8) + 10)..];
        boundary = boundary[..boundary.IndexOf((byte)'"')];
        Span<byte> delimiter = stackalloc byte[boundary.Length + 4];
        "\r\n--"u8.CopyTo(delimiter);
        boundary.CopyTo(delimiter[4..]);
        var part = content[(content.IndexOf(delimiter) + delimiter.Length)..];
        part = part[..part.IndexOf(delimiter)];
        var blank = part.IndexOf("\r\n\r\n"u8);
        var header = Encoding.ASCII.GetString(part[..blank]);
        var body = part[(blank + 4)..];
        if (!header.Contains("text/plain; charset=utf-8", StringComparison.OrdinalIgnoreCase)) throw new InvalidDataException("The first part is not plain text.");
        if (header.Contains("Content-Transfer-Encoding: base64", StringComparison.OrdinalIgnoreCase)) return Encoding.UTF8.GetString(FromBase64(body));
        return header.Contains("Content-Transfer-Encoding: quoted-printable", StringComparison.OrdinalIgnoreCase) ? Unquote(body) : Encoding.UTF8.GetString(Undot(body));
    }

    private static byte[] FromBase64(ReadOnlySpan<byte> body)
    {
        var octets = new byte[Base64.GetMaxDecodedFromUtf8Length(body.Length)];
        Base64.DecodeFromUtf8(body, octets, out _, out var written);
        return octets[..written];
    }

    private static string Unquote(ReadOnlySpan<byte> body)
    {
        var octets = new byte[body.Length];
        var length = 0;
        var isLineStart = true;
        for (var i = 0; i < body.Length; i++)
        {
            var octet = body[i];
            if (octet == '.' && isLineStart && i + 1 < body.Length && body[i + 1] == '.') continue;
            isLineStart = octet == '\n';
            if (octet != '=')
            {
                octets[length++] = octet;
                continue;
            }

            // Before a line's end it takes the line's end away.
            if (body[i + 1] == '\r') isLineStart = true;
            else octets[length++] = (byte)((Digit(body[i + 1]) << 4) | Digit(body[i + 2]));
            i += 2;
        }

        return Encoding.UTF8.GetString(octets, 0, length);
    }

    private static int Digit(byte octet) => octet <= '9' ? octet - '0' : (octet | 0x20) - 'a' + 10;

    private static byte[] Undot(ReadOnlySpan<byte> body) => Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(body).Replace("\r\n..", "\r\n.", StringComparison.Ordinal));
}
