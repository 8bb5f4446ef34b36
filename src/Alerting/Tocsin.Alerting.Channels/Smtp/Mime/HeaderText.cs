using System.Buffers;
using System.Text;

namespace Tocsin.Alerting.Channels.Smtp.Mime;

/// <summary>Writes free text into a header field so that it cannot become another field, whatever it holds.</summary>
/// <remarks>RFC 2047 encoded words (B encoding, UTF-8) where the text needs them, RFC 5322 folding. Control characters become spaces first.</remarks>
internal static class HeaderText
{
    /// <summary>
    /// A line with an encoded word is at most 76 characters (RFC 2047 section 2): 12 for <c>=?UTF-8?B?</c> and <c>?=</c>, up to 12 for the longest field name of
    /// ours, and 52 for 39 octets in base64.
    /// </summary>
    private const int OctetsPerWord = 39;

    /// <summary>RFC 5322 section 2.1.1 asks for at most 78 characters a line.</summary>
    private const int LineLength = 78;

    /// <summary>Writes <c>Name: text</c> and its line end, folded.</summary>
    public static void WriteUnstructured(IBufferWriter<byte> output, string name, string text)
    {
        var clean = Clean(text);
        Write(output, name);
        Write(output, ": ");
        if (NeedsEncoding(clean))
            WriteEncodedWords(output, clean);
        else
            WriteFolded(output, clean, name.Length + 2);
        Write(output, "\r\n");
    }

    /// <summary>Writes <c>Name: "display" &lt;address&gt;</c> and its line end.</summary>
    public static void WriteMailbox(IBufferWriter<byte> output, string name, string? display, Mailbox mailbox)
    {
        Write(output, name);
        Write(output, ": ");
        var clean = display is null ? "" : Clean(display);
        if (clean.Length > 0)
        {
            if (NeedsEncoding(clean) || clean.Length > LineLength - name.Length - 4)
                WriteEncodedWords(output, clean);
            else
                Write(output, $"\"{clean.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
            Write(output, "\r\n ");
        }
        Write(output, $"<{mailbox}>\r\n");
    }

    /// <summary>Line breaks, tabs, other control characters and lone surrogates become spaces; runs of spaces one; none at the ends.</summary>
    public static string Clean(string text)
    {
        var builder = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var writable = Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029 ? new Rune(' ') : rune;
            if (writable.Value == ' ' && (builder.Length == 0 || builder[^1] == ' '))
                continue;
            builder.Append(writable);
        }
        return builder.ToString().TrimEnd(' ');
    }

    /// <summary>Also for plain text that a reader would take for an encoded word, and for words too long to fold.</summary>
    private static bool NeedsEncoding(string text)
    {
        if (!Ascii.IsValid(text) || text.Contains("=?", StringComparison.Ordinal))
            return true;
        foreach (var word in text.AsSpan().Split(' '))
        {
            if (word.End.Value - word.Start.Value > 60)
                return true;
        }
        return false;
    }

    private static void WriteEncodedWords(IBufferWriter<byte> output, string text)
    {
        Span<byte> octets = stackalloc byte[OctetsPerWord];
        var filled = 0;
        var first = true;
        foreach (var rune in text.EnumerateRunes())
        {
            // A word holds whole characters: RFC 2047 section 5, rule 3 and its note on multi-octet characters.
            if (filled + rune.Utf8SequenceLength > OctetsPerWord)
            {
                WriteEncodedWord(output, octets[..filled], first);
                first = false;
                filled = 0;
            }
            filled += rune.EncodeToUtf8(octets[filled..]);
        }
        WriteEncodedWord(output, octets[..filled], first);
    }

    private static void WriteEncodedWord(IBufferWriter<byte> output, ReadOnlySpan<byte> octets, bool first)
    {
        Write(output, first ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?");
        var space = output.GetSpan(64);
        System.Buffers.Text.Base64.EncodeToUtf8(octets, space, out _, out var written);
        output.Advance(written);
        Write(output, "?=");
    }

    private static void WriteFolded(IBufferWriter<byte> output, string text, int column)
    {
        var first = true;
        foreach (var range in text.AsSpan().Split(' '))
        {
            var word = text.AsSpan()[range];
            if (!first)
            {
                var fold = column + 1 + word.Length > LineLength;
                Write(output, fold ? "\r\n " : " ");
                column = fold ? 1 : column + 1;
            }
            Write(output, word);
            column += word.Length;
            first = false;
        }
    }

    private static void Write(IBufferWriter<byte> output, ReadOnlySpan<char> text) => Encoding.UTF8.GetBytes(text, output);
}
