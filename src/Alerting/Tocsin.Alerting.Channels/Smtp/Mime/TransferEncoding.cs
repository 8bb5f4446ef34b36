using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Tocsin.Alerting.Channels.Smtp.Mime;

/// <summary>Writes text as lines that any relay carries unharmed: at most 76 ASCII characters, none beginning with a dot.</summary>
/// <remarks>
/// RFC 2045 section 6.7 and 6.8. No line begins with a dot, so the content needs no dot-stuffing (RFC 5321 section 4.5.2) and a relay that forgets to
/// undo it does no harm. Nor does any output hold "=_", which is how the multipart boundary can be a constant.
/// </remarks>
internal static class TransferEncoding
{
    private const int LineLength = 76;

    /// <summary>Quoted-printable costs 3 characters for an octet that is not ASCII, base64 costs 4/3 for every one: they meet at one in six.</summary>
    public static bool PrefersBase64(ReadOnlySpan<byte> utf8)
    {
        var high = 0;
        foreach (var octet in utf8)
            high += octet >> 7;
        return high * 6 > utf8.Length;
    }

    /// <summary>Writes <paramref name="text"/> (lines parted by '\n' or "\r\n") in quoted-printable, ending with a line end.</summary>
    public static void WriteQuotedPrintable(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        // The worst case is three characters an octet and a soft break every 73; asked for in pieces so that the buffer grows with the text.
        while (true)
        {
            var end = text.IndexOf((byte)'\n');
            var line = end < 0 ? text : text[..end];
            if (line.Length > 0 && line[^1] == '\r')
                line = line[..^1];
            WriteLine(output, line);
            if (end < 0)
                return;
            text = text[(end + 1)..];
            if (text.IsEmpty)
                return;
        }
    }

    public static void WriteBase64(IBufferWriter<byte> output, ReadOnlySpan<byte> content)
    {
        const int octetsPerLine = LineLength / 4 * 3;
        while (!content.IsEmpty)
        {
            var line = content[..Math.Min(octetsPerLine, content.Length)];
            var space = output.GetSpan(LineLength + 2);
            Base64.EncodeToUtf8(line, space, out _, out var written);
            "\r\n"u8.CopyTo(space[written..]);
            output.Advance(written + 2);
            content = content[line.Length..];
        }
    }

    private static void WriteLine(IBufferWriter<byte> output, ReadOnlySpan<byte> line)
    {
        var space = output.GetSpan((line.Length * 3) + (line.Length / 8) + 8);
        var written = 0;
        var column = 0;
        for (var i = 0; i < line.Length; i++)
        {
            var octet = line[i];
            var last = i == line.Length - 1;
            var literal = IsLiteral(octet) && !(octet == '.' && column == 0) && !(last && octet is (byte)' ' or (byte)'\t');
            var width = literal ? 1 : 3;
            // One column is kept for the '=' of a soft break, unless this is what ends the line.
            if (column + width > (last ? LineLength : LineLength - 1))
            {
                "=\r\n"u8.CopyTo(space[written..]);
                written += 3;
                column = 0;
                literal = literal && octet != '.';
                width = literal ? 1 : 3;
            }
            if (literal)
            {
                space[written] = octet;
            }
            else
            {
                space[written] = (byte)'=';
                space[written + 1] = HexDigit(octet >> 4);
                space[written + 2] = HexDigit(octet & 15);
            }
            written += width;
            column += width;
        }
        "\r\n"u8.CopyTo(space[written..]);
        output.Advance(written + 2);
    }

    private static bool IsLiteral(byte octet) => octet is >= (byte)' ' and <= (byte)'~' and not (byte)'=' or (byte)'\t';

    private static byte HexDigit(int value) => (byte)(value < 10 ? '0' + value : 'A' + value - 10);

    /// <summary>Encodes into the smaller of the two forms and says which, before the content.</summary>
    public static void WriteEntityBody(IBufferWriter<byte> output, string text)
    {
        var octets = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            var content = octets.AsSpan(0, Encoding.UTF8.GetBytes(text, octets));
            if (PrefersBase64(content))
            {
                output.Write("Content-Transfer-Encoding: base64\r\n\r\n"u8);
                WriteBase64(output, content);
            }
            else
            {
                output.Write("Content-Transfer-Encoding: quoted-printable\r\n\r\n"u8);
                WriteQuotedPrintable(output, content);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(octets);
        }
    }
}
