namespace Tocsin.Alerting.Channels.Smtp.Inbound;

/// <summary>Undoes quoted-printable (RFC 2045 section 6.7) leniently: what is no escape stays as it is.</summary>
internal static class QuotedPrintable
{
    public static byte[] Decode(ReadOnlySpan<byte> text)
    {
        var output = new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '=')
            {
                output[length++] = text[i];
                continue;
            }
            if (i + 2 < text.Length && Hex(text[i + 1]) is >= 0 and var high && Hex(text[i + 2]) is >= 0 and var low)
            {
                output[length++] = (byte)((high << 4) | low);
                i += 2;
                continue;
            }
            var lineEnd = SoftBreakLength(text[(i + 1)..]);
            if (lineEnd < 0)
                output[length++] = (byte)'=';
            else
                i += lineEnd;
        }
        return output[..length];
    }

    /// <summary>Of the line end after '=', with the spaces that relays add before it; -1 where there is none.</summary>
    private static int SoftBreakLength(ReadOnlySpan<byte> rest)
    {
        var at = 0;
        while (at < rest.Length && rest[at] is (byte)' ' or (byte)'\t')
            at++;
        if (at == rest.Length)
            return at;
        if (rest[at] == '\r' && at + 1 < rest.Length && rest[at + 1] == '\n')
            return at + 2;
        return rest[at] == '\n' ? at + 1 : -1;
    }

    private static int Hex(byte digit) => char.IsAsciiHexDigit((char)digit) ? Convert.ToInt32(((char)digit).ToString(), 16) : -1;
}
