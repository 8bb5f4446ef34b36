using System.Buffers.Text;
using System.Text;

namespace Tocsin.Alerting.Channels.Smtp.Relays;

/// <summary>An enhanced status code (RFC 3463): class, subject, detail.</summary>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
internal readonly record struct EnhancedStatus(int Class, int Subject, int Detail)
{
    public override string ToString() => $"{Class}.{Subject}.{Detail}";

    /// <summary>Reads one at the start of <paramref name="text"/>, ended by a space or the text's end.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out EnhancedStatus status)
    {
        status = default;
        if (text.Length < 5 || text[0] is not ((byte)'2' or (byte)'4' or (byte)'5') || text[1] != '.')
            return false;
        var rest = text[2..];
        if (!TryReadNumber(ref rest, (byte)'.', out var subject) || !TryReadNumber(ref rest, (byte)' ', out var detail))
            return false;
        status = new EnhancedStatus(text[0] - '0', subject, detail);
        return true;
    }

    private static bool TryReadNumber(ref ReadOnlySpan<byte> text, byte end, out int value)
    {
        var at = text.IndexOf(end);
        var digits = at >= 0 ? text[..at] : end == ' ' ? text : [];
        text = at >= 0 ? text[(at + 1)..] : [];
        value = 0;
        return digits.Length is >= 1 and <= 3 && Utf8Parser.TryParse(digits, out value, out var used) && used == digits.Length && value >= 0 && digits[0] is >= (byte)'0' and <= (byte)'9';
    }
}

/// <summary>One reply of a relay.</summary>
/// <param name="Lines">The text of each line without its code; empty unless it was asked for.</param>
internal readonly record struct SmtpReply(int Code, EnhancedStatus? Enhanced, IReadOnlyList<string> Lines)
{
    public bool IsPositive => Code is >= 200 and < 300;

    public bool IsTransient => Code is >= 400 and < 500;

    /// <summary>What may be stored and shown of it: never its text, which quotes addresses.</summary>
    public string CarrierCode => Enhanced is { } enhanced ? $"{Code} {enhanced}" : $"{Code}";
}

internal enum ReplyParse
{
    Incomplete,
    Complete,

    /// <summary>Not SMTP: the connection is of no more use.</summary>
    Malformed,
}

/// <summary>RFC 5321 section 4.2: reads replies, of one line or several, from whatever octets have come so far.</summary>
internal static class SmtpReplyParser
{
    /// <summary>RFC 5321 section 4.5.3.1.5 allows 512 octets; some relays write more, none needs this much.</summary>
    public const int MaximumLineOctets = 4096;

    /// <summary>EHLO of the most talkative relay has some 30.</summary>
    public const int MaximumLines = 128;

    /// <param name="keepText">False on the path of a mail, where only codes matter and nothing should be allocated.</param>
    public static ReplyParse TryParse(ReadOnlySpan<byte> octets, bool keepText, out int consumed, out SmtpReply reply)
    {
        consumed = 0;
        reply = default;
        var code = 0;
        EnhancedStatus? enhanced = null;
        List<string>? lines = keepText ? [] : null;
        for (var count = 1; ; count++)
        {
            var rest = octets[consumed..];
            var end = rest.IndexOf((byte)'\n');
            if (end < 0)
                return rest.Length > MaximumLineOctets || !CanBegin(rest, code) ? ReplyParse.Malformed : ReplyParse.Incomplete;
            if (end > MaximumLineOctets || count > MaximumLines)
                return ReplyParse.Malformed;
            var line = rest[..end];
            if (line.Length > 0 && line[^1] == '\r')
                line = line[..^1];
            consumed += end + 1;
            if (!TryReadLine(line, out var lineCode, out var isLast, out var text) || (count > 1 && lineCode != code))
                return ReplyParse.Malformed;
            code = lineCode;
            enhanced ??= EnhancedStatus.TryParse(text, out var status) && status.Class == code / 100 ? status : null;
            lines?.Add(Encoding.UTF8.GetString(text));
            if (isLast)
            {
                reply = new SmtpReply(code, enhanced, lines ?? (IReadOnlyList<string>)[]);
                return ReplyParse.Complete;
            }
        }
    }

    private static bool TryReadLine(ReadOnlySpan<byte> line, out int code, out bool isLast, out ReadOnlySpan<byte> text)
    {
        code = 0;
        isLast = true;
        text = [];
        if (line.Length < 3 || line[0] is < (byte)'2' or > (byte)'5' || line[1] is < (byte)'0' or > (byte)'9' || line[2] is < (byte)'0' or > (byte)'9')
            return false;
        code = ((line[0] - '0') * 100) + ((line[1] - '0') * 10) + line[2] - '0';
        if (line.Length == 3)
            return true;
        if (line[3] is not ((byte)' ' or (byte)'-'))
            return false;
        isLast = line[3] == ' ';
        text = line[4..];
        return true;
    }

    /// <summary>Finds a peer that speaks something else before its first line ends.</summary>
    private static bool CanBegin(ReadOnlySpan<byte> octets, int code) =>
        octets.IsEmpty || (code == 0 ? octets[0] is >= (byte)'2' and <= (byte)'5' : octets[0] == '0' + (code / 100));
}
