using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using System.Xml;

namespace Tocsin.Server.Features.PublicPage;

/// <summary>Text on its way into HTML and XML: what somebody wrote stays the letters that it is.</summary>
internal static class PublicText
{
    private static readonly HtmlEncoder encoder = HtmlEncoder.Create(UnicodeRanges.All);

    public static string Html(string text) => encoder.Encode(Printable(text, keepLines: false));

    /// <summary>Paragraphs and lines as they were written.</summary>
    public static string Paragraphs(string text) => string.Concat(
        Printable(text, keepLines: true).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(paragraph => $"<p>{string.Join("<br>", paragraph.Trim('\n').Split('\n').Select(line => encoder.Encode(line)))}</p>\n"));

    /// <summary>Without what XML 1.0 (section 2.2) has no way to write, and without what nobody sees.</summary>
    public static string Printable(string text, bool keepLines)
    {
        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) clean.Append(c).Append(text[++i]);
            else if (c == '\n' && keepLines) clean.Append(c);
            else clean.Append(char.IsControl(c) || !XmlConvert.IsXmlChar(c) ? ' ' : c);
        }

        return clean.ToString();
    }
}
