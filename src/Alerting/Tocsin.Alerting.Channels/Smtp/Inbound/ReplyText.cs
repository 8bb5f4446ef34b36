using System.Net;
using System.Text;

namespace Tocsin.Alerting.Channels.Smtp.Inbound;

/// <summary>Finds what a person wrote in a reply, and leaves what their mail program put around it.</summary>
internal static class ReplyText
{
    private const int MaximumLength = 1600;

    /// <summary>An answer is at the top; whoever writes more than this before it writes something else.</summary>
    private const int MaximumHtmlLength = 256 * 1024;

    /// <summary>The first line of the person's own words; null where there is none.</summary>
    public static string? FirstLine(MimePart message)
    {
        var texts = message.Walk().Where(part => part.Parts.Count == 0 && part.Parameter("Content-Disposition", "filename") is null).ToList();
        var plain = texts.FirstOrDefault(part => part.MediaType == "text/plain");
        if (plain is not null && FirstLine(plain.DecodeText()) is { } line)
            return line;
        var html = texts.FirstOrDefault(part => part.MediaType == "text/html");
        return html is null ? null : FirstLine(WithoutMarkup(html.DecodeText()));
    }

    public static string? FirstLine(string text)
    {
        foreach (var range in text.AsSpan().SplitAny('\n', '\r'))
        {
            var line = text.AsSpan()[range].Trim();
            if (line.IsEmpty)
                continue;
            // Quotes begin with '>', a signature with "--", and both mean that nothing was written above.
            if (line[0] == '>' || line.SequenceEqual("--") || IsAttribution(line))
                return null;
            return Printable(line.Length > MaximumLength ? line[..MaximumLength] : line);
        }
        return null;
    }

    /// <summary>"On … wrote:", "Le … a écrit :" and the rules and header blocks that Outlook puts above what it quotes.</summary>
    private static bool IsAttribution(ReadOnlySpan<char> line) =>
        line.StartsWith("-----") || line.StartsWith("_____")
        || (line[^1] == ':' && (line.Contains(" wrote", StringComparison.OrdinalIgnoreCase) || line.Contains("a écrit", StringComparison.OrdinalIgnoreCase)))
        || line.StartsWith("From:", StringComparison.OrdinalIgnoreCase) || line.StartsWith("De :", StringComparison.OrdinalIgnoreCase) || line.StartsWith("De\u00A0:", StringComparison.OrdinalIgnoreCase);

    private static string Printable(ReadOnlySpan<char> line)
    {
        var text = new StringBuilder(line.Length);
        foreach (var rune in line.EnumerateRunes())
            text.Append(Rune.IsControl(rune) ? new Rune(' ') : rune);
        return text.ToString().Trim();
    }

    /// <summary>Text of an HTML body, in one pass: tags out, line ends where blocks end, styles and scripts and everything from the quote on dropped.</summary>
    private static string WithoutMarkup(string html)
    {
        var text = new StringBuilder();
        var at = 0;
        var length = Math.Min(html.Length, MaximumHtmlLength);
        while (at < length)
        {
            var tag = html.IndexOf('<', at, length - at);
            text.Append(html, at, (tag < 0 ? length : tag) - at);
            if (tag < 0)
                break;
            var end = TagEnd(html.AsSpan(0, length), tag);
            if (end < 0)
                break;
            var name = TagName(html.AsSpan(tag + 1, end - tag - 1));
            if (name.Equals("blockquote", StringComparison.OrdinalIgnoreCase))
                break;
            if (IsBlock(name))
                text.Append('\n');
            at = end + 1;
            if (IsHidden(name) && html[tag + 1] != '/')
            {
                var close = html.IndexOf($"</{name}", at, length - at, StringComparison.OrdinalIgnoreCase);
                at = close < 0 ? length : close;
            }
        }
        return WebUtility.HtmlDecode(text.ToString());
    }

    /// <summary>Where the tag that begins at <paramref name="at"/> ends, its quoted values passed over; -1 where it does not.</summary>
    private static int TagEnd(ReadOnlySpan<char> html, int at)
    {
        var quote = '\0';
        for (; at < html.Length; at++)
        {
            var c = html[at];
            if (quote == '\0' && c == '>')
                return at;
            if (c is '"' or '\'')
                quote = quote == '\0' ? c : quote == c ? '\0' : quote;
        }
        return -1;
    }

    private static ReadOnlySpan<char> TagName(ReadOnlySpan<char> tag)
    {
        var name = tag.TrimStart('/');
        var end = name.IndexOfAny(" \t\r\n/");
        return end < 0 ? name : name[..end];
    }

    private static bool IsBlock(ReadOnlySpan<char> name) =>
        name.Equals("br", StringComparison.OrdinalIgnoreCase) || name.Equals("p", StringComparison.OrdinalIgnoreCase)
        || name.Equals("div", StringComparison.OrdinalIgnoreCase) || name.Equals("tr", StringComparison.OrdinalIgnoreCase) || name.Equals("li", StringComparison.OrdinalIgnoreCase);

    private static bool IsHidden(ReadOnlySpan<char> name) =>
        name.Equals("style", StringComparison.OrdinalIgnoreCase) || name.Equals("script", StringComparison.OrdinalIgnoreCase)
        || name.Equals("head", StringComparison.OrdinalIgnoreCase) || name.Equals("title", StringComparison.OrdinalIgnoreCase);
}
