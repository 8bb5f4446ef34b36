using System.Globalization;
using System.Xml;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Raising;

namespace Tocsin.Server.Features.PublicPage;

/// <summary>What an alert said at one moment, as the Common Alerting Protocol 1.2 (OASIS Standard, 1 July 2010) writes it.</summary>
/// <remarks>Section numbers below are of that standard. Update, all-clear and cancellation name all that they follow, in <c>references</c> (3.2.1).</remarks>
internal static class CapMessage
{
    public const string Namespace = "urn:oasis:names:tc:emergency:cap:1.2";

    /// <summary>Longer headlines are cut off by the systems that show them (3.2.2).</summary>
    private const int LongestHeadline = 160;

    /// <param name="sender">Who sends, unique in the world: no space, comma, '&lt;' or '&amp;' (3.2.1).</param>
    public static byte[] Write(PublicContent content, ShownAlert alert, SaidToPublic said, string sender)
    {
        using var memory = new MemoryStream();
        using (var xml = XmlWriter.Create(memory, new XmlWriterSettings { Encoding = new System.Text.UTF8Encoding(false), Indent = true, NewLineChars = "\n" }))
        {
            xml.WriteStartElement("alert", Namespace);
            Element(xml, "identifier", Identifier(alert, said));
            Element(xml, "sender", sender);
            Element(xml, "sent", Time(content, said.At));
            Element(xml, "status", alert.Alert.Mode == AlertMode.Exercise ? "Exercise" : "Actual");
            Element(xml, "msgType", TypeOf(said));
            Element(xml, "scope", "Public");
            if (alert.Alert.Mode == AlertMode.Exercise) Element(xml, "note", $"{ExerciseMark.In(ContentLanguage.Fr)} / {ExerciseMark.In(ContentLanguage.En)}");
            var before = alert.Said.TakeWhile(earlier => earlier.Revision < said.Revision).Select(earlier => $"{sender},{Identifier(alert, earlier)},{Time(content, earlier.At)}").ToList();
            if (before.Count > 0) Element(xml, "references", string.Join(' ', before));
            foreach (var language in LanguagesOf(said.Text)) WriteInfo(xml, content, alert, said, language);
            xml.WriteEndElement();
        }

        return memory.ToArray();
    }

    /// <summary>The same for the same message, whenever it is written.</summary>
    private static string Identifier(ShownAlert alert, SaidToPublic said) => FormattableString.Invariant($"{alert.Alert.Id}.{said.Revision}");

    private static void WriteInfo(XmlWriter xml, PublicContent content, ShownAlert alert, SaidToPublic said, ContentLanguage language)
    {
        var mark = alert.Alert.Mode == AlertMode.Exercise ? $"{ExerciseMark.In(language)} - " : "";
        var isOver = said.Purpose is MessagePurpose.AllClear or MessagePurpose.Cancellation;
        xml.WriteStartElement("info", Namespace);
        Element(xml, "language", language == ContentLanguage.En ? "en-GB" : "fr-FR");
        Element(xml, "category", alert.Public.Category);
        Element(xml, "event", mark + PublicWords.In(language).Category(alert.Public.Category));
        if (said.Purpose == MessagePurpose.AllClear) Element(xml, "responseType", "AllClear");
        Element(xml, "urgency", isOver ? nameof(CapUrgency.Past) : alert.Public.Urgency);
        Element(xml, "severity", SeverityOf(said.Severity));
        Element(xml, "certainty", alert.Public.Certainty);
        Element(xml, "expires", Time(content, alert.Alert.ExpiresAt));
        Element(xml, "senderName", content.Organisation);
        Element(xml, "headline", Cut(mark + said.Text.Title.In(language)));
        Element(xml, "description", mark + said.Text.Body.In(language));
        if (!isOver && Instruction(alert, language) is { } instruction) Element(xml, "instruction", mark + instruction);
        xml.WriteStartElement("area", Namespace);
        Element(xml, "areaDesc", new LocalizedText(alert.Public.AreaFr, alert.Public.AreaEn).In(language) is { Length: > 0 } area ? area : content.Organisation);
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static string? Instruction(ShownAlert alert, ContentLanguage language) =>
        new LocalizedText(alert.Public.InstructionFr, alert.Public.InstructionEn).In(language) is { Length: > 0 } text ? text : null;

    private static IEnumerable<ContentLanguage> LanguagesOf(AlertText text)
    {
        if (text.Title.Fr is not null || text.Body.Fr is not null) yield return ContentLanguage.Fr;
        if (text.Title.En is not null || text.Body.En is not null) yield return ContentLanguage.En;
    }

    private static string TypeOf(SaidToPublic said) => said.Purpose switch
    {
        MessagePurpose.Cancellation => "Cancel",
        MessagePurpose.Alert => "Alert",
        _ => "Update",
    };

    private static string SeverityOf(Severity severity) => severity switch
    {
        Severity.Info => "Minor",
        Severity.Advisory => "Moderate",
        Severity.Severe => "Severe",
        _ => "Extreme",
    };

    /// <summary>With seconds and the zone's offset, never <c>Z</c> (3.3.2).</summary>
    private static string Time(PublicContent content, DateTimeOffset at) => content.Zone.WallTimeOf(at).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    private static string Cut(string text) => text.Length <= LongestHeadline ? text : text[..(char.IsHighSurrogate(text[LongestHeadline - 2]) ? LongestHeadline - 2 : LongestHeadline - 1)] + "…";

    private static void Element(XmlWriter xml, string name, string text) => xml.WriteElementString(name, Namespace, PublicText.Printable(text, keepLines: true));
}
