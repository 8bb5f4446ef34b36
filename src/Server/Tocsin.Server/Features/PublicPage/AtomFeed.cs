using System.Globalization;
using System.Xml;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;

namespace Tocsin.Server.Features.PublicPage;

/// <summary>What was published, in one language, as RFC 4287 has it. Section numbers are of that document.</summary>
internal static class AtomFeed
{
    private const string Namespace = "http://www.w3.org/2005/Atom";

    /// <param name="address">Where the page is found, with a trailing slash.</param>
    public static byte[] Write(PublicContent content, ContentLanguage language, Uri address, DateTimeOffset updatedAt)
    {
        var words = PublicWords.In(language);
        using var memory = new MemoryStream();
        using (var xml = XmlWriter.Create(memory, new XmlWriterSettings { Encoding = new System.Text.UTF8Encoding(false), Indent = true, NewLineChars = "\n" }))
        {
            xml.WriteStartElement("feed", Namespace);
            xml.WriteAttributeString("xml", "lang", null, words.Tag);
            Element(xml, "id", new Uri(address, $"feed.{words.Tag}.xml").AbsoluteUri);
            Element(xml, "title", $"{content.Organisation} - {words.Title}");
            Element(xml, "updated", Time(updatedAt));
            Link(xml, "self", $"{address}feed.{words.Tag}.xml", "application/atom+xml");
            Link(xml, "alternate", $"{address}{words.Tag}.html", "text/html");
            xml.WriteStartElement("author", Namespace);
            Element(xml, "name", content.Organisation);
            xml.WriteEndElement();
            foreach (var alert in content.Alerts)
            {
                foreach (var said in alert.Said.Reverse())
                    Entry(xml, words, address, $"urn:tocsin:alert:{alert.Alert.Id}:{said.Revision.ToString(CultureInfo.InvariantCulture)}", alert.Alert.Mode, said.Text.Title, said.Text.Body, said.At, said.At, Prefix(words, said), alert.FileOf(said));
            }

            foreach (var bulletin in content.Bulletins)
                Entry(xml, words, address, $"urn:tocsin:bulletin:{bulletin.Id}", bulletin.Mode, bulletin.Title, bulletin.Body, bulletin.FirstPublishedAt, bulletin.PublishedAt, "", null);
            xml.WriteEndElement();
        }

        return memory.ToArray();
    }

    /// <param name="cap">The alert as CAP, beside the page; null for a bulletin.</param>
    private static void Entry(
        XmlWriter xml, PublicWords words, Uri address, string id, AlertMode mode, LocalizedText title, LocalizedText body, DateTimeOffset published, DateTimeOffset updated, string prefix, string? cap)
    {
        var mark = mode == AlertMode.Exercise ? $"{ExerciseMark.In(words.Language)} - " : "";
        xml.WriteStartElement("entry", Namespace);
        Element(xml, "id", id);
        Element(xml, "title", mark + prefix + title.In(words.Language));
        Element(xml, "published", Time(published));
        Element(xml, "updated", Time(updated));
        Link(xml, "alternate", $"{address}{words.Tag}.html", "text/html");
        if (cap is not null) Link(xml, "related", address + cap, "application/cap+xml");
        xml.WriteStartElement("content", Namespace);
        xml.WriteAttributeString("type", "text");
        xml.WriteString(PublicText.Printable((mark.Length > 0 ? $"{mark}{words.ExerciseNotice}\n\n" : "") + body.In(words.Language), keepLines: true));
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static string Prefix(PublicWords words, SaidToPublic said) => said.Purpose switch
    {
        MessagePurpose.AllClear => $"{words.AllClear} - ",
        MessagePurpose.Cancellation => $"{words.Cancelled} - ",
        _ => $"{words.Severity(said.Severity)} - ",
    };

    private static void Link(XmlWriter xml, string relation, string address, string type)
    {
        xml.WriteStartElement("link", Namespace);
        xml.WriteAttributeString("rel", relation);
        xml.WriteAttributeString("type", type);
        xml.WriteAttributeString("href", address);
        xml.WriteEndElement();
    }

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static void Element(XmlWriter xml, string name, string text) => xml.WriteElementString(name, Namespace, PublicText.Printable(text, keepLines: false));
}
