using System.Globalization;
using System.Xml.Linq;

namespace Tocsin.Server.Tests.PublicPage;

/// <summary>What RFC 4287 demands of a feed document.</summary>
internal static class AtomRules
{
    public static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";

    /// <returns>The entries, checked.</returns>
    public static IReadOnlyList<XElement> Check(byte[] document)
    {
        var feed = XDocument.Load(new MemoryStream(document)).Root!;
        Assert.Equal(Atom + "feed", feed.Name);
        CheckCommon(feed);

        // 4.1.1: at least one author where an entry has none; one link to itself is what it should have.
        Assert.NotEmpty(feed.Elements(Atom + "author"));
        Assert.All(feed.Elements(Atom + "author"), author => Assert.Single(author.Elements(Atom + "name")));
        Assert.Single(feed.Elements(Atom + "link"), link => (string?)link.Attribute("rel") == "self");
        var entries = feed.Elements(Atom + "entry").ToList();
        Assert.All(entries, CheckCommon);
        Assert.All(entries, entry => Assert.Single(entry.Elements(Atom + "content")));
        Assert.All(entries, entry => CheckTime(Assert.Single(entry.Elements(Atom + "published"))));

        // 4.2.6: no two entries have the same id.
        Assert.Equal(entries.Count, entries.Select(entry => entry.Element(Atom + "id")!.Value).Distinct(StringComparer.Ordinal).Count());
        Assert.All(feed.Descendants(), element => Assert.Equal(Atom, element.Name.Namespace));
        return entries;
    }

    /// <summary>4.1.1 and 4.1.2: exactly one id (an IRI), title and updated.</summary>
    private static void CheckCommon(XElement element)
    {
        Assert.True(Uri.TryCreate(Assert.Single(element.Elements(Atom + "id")).Value, UriKind.Absolute, out _));
        Assert.False(string.IsNullOrWhiteSpace(Assert.Single(element.Elements(Atom + "title")).Value));
        CheckTime(Assert.Single(element.Elements(Atom + "updated")));
        Assert.All(element.Elements(Atom + "link"), link => Assert.True(Uri.TryCreate((string?)link.Attribute("href"), UriKind.Absolute, out _)));
    }

    /// <summary>3.3: RFC 3339, with an upper-case T and Z.</summary>
    private static void CheckTime(XElement element) =>
        Assert.True(DateTimeOffset.TryParseExact(element.Value, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _), element.Value);
}
