using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Tocsin.Server.Tests.PublicPage;

/// <summary>What OASIS CAP 1.2 (1 July 2010) demands of a message: elements, their order and number (3.1 and 3.4), their words, and its rules for times and identifiers.</summary>
internal static partial class CapRules
{
    public static readonly XNamespace Cap = "urn:oasis:names:tc:emergency:cap:1.2";

    private static readonly Dictionary<string, string[]> words = new(StringComparer.Ordinal)
    {
        ["status"] = ["Actual", "Exercise", "System", "Test", "Draft"],
        ["msgType"] = ["Alert", "Update", "Cancel", "Ack", "Error"],
        ["scope"] = ["Public", "Restricted", "Private"],
        ["category"] = ["Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other"],
        ["responseType"] = ["Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"],
        ["urgency"] = ["Immediate", "Expected", "Future", "Past", "Unknown"],
        ["severity"] = ["Extreme", "Severe", "Moderate", "Minor", "Unknown"],
        ["certainty"] = ["Observed", "Likely", "Possible", "Unlikely", "Unknown"],
    };

    private const string Alert = "identifier sender sent status msgType source? scope restriction? addresses? code* note? references? incidents? info*";
    private const string Info =
        "language? category+ event responseType* urgency severity certainty audience? eventCode* effective? onset? expires? senderName? headline? description? instruction? web? contact? parameter* resource* area*";
    private const string Area = "areaDesc polygon* circle* geocode* altitude? ceiling?";

    /// <returns>The message's root, checked.</returns>
    public static XElement Check(byte[] message)
    {
        var alert = XDocument.Load(new MemoryStream(message)).Root!;
        Assert.Equal(Cap + "alert", alert.Name);
        CheckChildren(alert, Alert);
        foreach (var info in alert.Elements(Cap + "info"))
        {
            CheckChildren(info, Info);
            foreach (var area in info.Elements(Cap + "area")) CheckChildren(area, Area);
        }

        foreach (var element in alert.Descendants())
        {
            Assert.Equal(Cap, element.Name.Namespace);
            Assert.DoesNotContain(element.Attributes(), attribute => !attribute.IsNamespaceDeclaration);
            if (words.TryGetValue(element.Name.LocalName, out var allowed)) Assert.Contains(element.Value, allowed);
            if (element.Name.LocalName is "sent" or "expires" or "effective" or "onset") CheckTime(element.Value);
            if (!element.HasElements) Assert.False(string.IsNullOrWhiteSpace(element.Value), $"{element.Name.LocalName} is empty");
        }

        foreach (var name in (string[])["identifier", "sender"]) Assert.DoesNotMatch(@"[\s,<&]", Text(alert, name));
        var references = alert.Element(Cap + "references")?.Value.Split(' ');
        foreach (var reference in references ?? [])
        {
            var parts = reference.Split(',');
            Assert.Equal(3, parts.Length);
            CheckTime(parts[2]);
        }

        // 3.2.1: what updates or cancels says what.
        Assert.Equal(Text(alert, "msgType") is "Update" or "Cancel", references is not null);
        return alert;
    }

    public static string Text(XElement parent, string name) => parent.Element(Cap + name)?.Value ?? throw new InvalidOperationException($"No {name}.");

    /// <summary>3.3.2: with the zone as an offset; the letter Z is not allowed.</summary>
    private static void CheckTime(string text)
    {
        Assert.Matches(Time(), text);
        Assert.True(DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _));
    }

    private static void CheckChildren(XElement parent, string model)
    {
        var pattern = string.Concat(model.Split(' ').Select(part => part[^1] is '?' or '*' or '+' ? $"(?:{part[..^1]} ){part[^1]}" : $"{part} "));
        var actual = string.Concat(parent.Elements().Select(child => child.Name.LocalName + " "));
        Assert.Matches(new Regex($@"\A{pattern}\z", RegexOptions.NonBacktracking), actual);
    }

    [GeneratedRegex(@"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d\z", RegexOptions.NonBacktracking)]
    private static partial Regex Time();
}
