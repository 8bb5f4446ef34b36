using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Tocsin.Alerting.Content;

namespace Tocsin.Alerting.Channels.Smtp.Mime;

/// <summary>The message as HTML: one column, system fonts, no picture, no script, nothing fetched; the answers as full-width buttons.</summary>
/// <remarks>
/// Styles stand on the elements because several readers drop style sheets; the sheet only adds the dark colours. Colours are those of the design tokens.
/// A button leads to the answer on the personal page by a fragment, which shows it to the person and never reaches the server: a link scanner can't answer with it.
/// </remarks>
internal static class AlertMailHtml
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private const string Head =
        """
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="supported-color-schemes" content="light dark">
        <style>
        :root{color-scheme:light dark}
        @media (prefers-color-scheme:dark){
        .paper{background:#0F1318!important}
        .ink{color:#EEF1F5!important}
        .soft{color:#A9B3C0!important}
        .line{border-color:#2A323D!important}
        .button{background:#5CC4D4!important;color:#0F1318!important}
        .info{color:#8DB4F0!important}
        .advisory{color:#F0C15C!important}
        .severe{color:#FF9A62!important}
        .extreme{color:#FF7A85!important}
        }
        </style>

        """;

    public static string Write(OutboundMessage message, bool repliesAreRead)
    {
        var wording = MailWording.In(message.Language);
        var html = new StringBuilder(4096);
        html.Append("<!DOCTYPE html>\n<html lang=\"").Append(wording.LanguageTag).Append("\">\n<head>\n").Append(Head);
        html.Append("<title>").Append(Encode(message.Title)).Append("</title>\n</head>\n");
        html.Append("<body class=\"paper\" style=\"margin:0;padding:0;background:#FBFAF7\">\n");
        html.Append("<div class=\"paper ink\" style=\"max-width:36em;margin:0 auto;background:#FBFAF7;color:#14181F;font:17px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif\">\n");
        if (message.Mode == AlertMode.Exercise)
            WriteExerciseBand(html, message.Language, wording);
        html.Append("<div style=\"padding:16px\">\n");
        WriteSender(html, message);
        html.Append("<h1 style=\"margin:4px 0 12px;font-size:24px;line-height:1.25\">").Append(Encode(MailWording.PurposePrefix(message.Language, message.Purpose))).Append(Encode(message.Title)).Append("</h1>\n");
        WriteParagraphs(html, message.Body);
        WriteButtons(html, message, wording);
        if (message.Answers.Count > 0 && repliesAreRead)
            html.Append("<p style=\"margin:0 0 12px\">").Append(Encode(wording.ReplyByMail)).Append("</p>\n");
        WriteFooter(html, message, wording, repliesAreRead);
        html.Append("</div>\n</div>\n</body>\n</html>\n");
        return html.ToString();
    }

    private static void WriteSender(StringBuilder html, OutboundMessage message)
    {
        if (!message.Purpose.IsOfAlert())
        {
            html.Append("<p class=\"soft\" style=\"margin:0;font-weight:bold;color:#4A5361\">").Append(Encode(message.Organisation)).Append("</p>\n");
            return;
        }
        var (name, colour, sign) = Look(message.Severity);
        html.Append("<p class=\"").Append(name).Append("\" style=\"margin:0;font-weight:bold;color:").Append(colour).Append("\">").Append(sign).Append(' ')
            .Append(MailWording.SeverityWord(message.Language, message.Severity)).Append(" · ").Append(Encode(message.Organisation)).Append("</p>\n");
    }

    private static void WriteExerciseBand(StringBuilder html, ContentLanguage language, MailWording wording) => html
        .Append("<div style=\"padding:14px 16px;background-color:#6B2FA0;background-image:repeating-linear-gradient(45deg,#6B2FA0 0,#6B2FA0 12px,#57248A 12px,#57248A 24px);color:#FFFFFF;font-weight:bold\">")
        .Append("<span style=\"font-size:20px;letter-spacing:.12em\">").Append(ExerciseMark.In(language)).Append("</span><br>").Append(Encode(wording.NotReal)).Append("</div>\n");

    private static void WriteParagraphs(StringBuilder html, string body)
    {
        var clean = AlertMailText.Printable(body, keepLines: true);
        foreach (var range in clean.AsSpan().Split("\n\n"))
        {
            var paragraph = clean[range].Trim('\n');
            if (paragraph.Length > 0)
                html.Append("<p style=\"margin:0 0 12px;overflow-wrap:anywhere\">").Append(Encoder.Encode(paragraph).Replace("&#xA;", "<br>\n", StringComparison.Ordinal)).Append("</p>\n");
        }
    }

    private static void WriteButtons(StringBuilder html, OutboundMessage message, MailWording wording)
    {
        if (message.AnswerLink is null)
        {
            WriteChoicesWithoutLink(html, message, wording);
            return;
        }
        var link = message.AnswerLink.AbsoluteUri;
        if (message.Answers.Count == 0)
            WriteButton(html, link, wording.PageOf(message.Purpose));
        foreach (var answer in message.Answers)
            WriteButton(html, $"{link}#answer-{Uri.EscapeDataString(answer.Key)}", answer.Label);
        html.Append("<p class=\"soft\" style=\"margin:12px 0;font-size:15px;color:#4A5361;overflow-wrap:anywhere\">").Append(Encode(link)).Append("</p>\n");
    }

    private static void WriteButton(StringBuilder html, string link, string label) => html
        .Append("<p style=\"margin:0 0 10px\"><a class=\"button\" href=\"").Append(Encode(link))
        .Append("\" style=\"display:block;padding:14px 16px;min-height:20px;border-radius:10px;background:#0B5C6B;color:#FFFFFF;font-weight:bold;text-align:center;text-decoration:none\">")
        .Append(Encode(label)).Append("</a></p>\n");

    private static void WriteChoicesWithoutLink(StringBuilder html, OutboundMessage message, MailWording wording)
    {
        if (message.Answers.Count == 0)
            return;
        html.Append("<p style=\"margin:0\">").Append(Encode(wording.AnswersAsked)).Append("</p>\n<ol style=\"margin:4px 0 12px\">\n");
        foreach (var answer in message.Answers)
            html.Append("<li>").Append(Encode(answer.Label)).Append("</li>\n");
        html.Append("</ol>\n");
    }

    private static void WriteFooter(StringBuilder html, OutboundMessage message, MailWording wording, bool repliesAreRead)
    {
        html.Append("<p class=\"soft line\" style=\"margin:16px 0 0;padding-top:12px;border-top:1px solid #D9DCE1;font-size:15px;color:#4A5361\">")
            .Append(!message.Purpose.IsOfAlert() ? Encode(wording.DoNotReply) : Encode(MailWording.Provenance(message.Language, message.AlertNumber, message.RaisedAt)));
        if (message.AnswerLink is not null)
            html.Append("<br>").Append(Encode(wording.PersonalLink));
        if (!repliesAreRead && message.Purpose.IsOfAlert())
            html.Append("<br>").Append(Encode(wording.DoNotReply));
        html.Append("</p>\n");
    }

    private static string Encode(string text) => Encoder.Encode(AlertMailText.Printable(text, keepLines: false));

    /// <summary>Class, colour on light paper, and a shape, so that colour is never the only sign.</summary>
    private static (string Class, string Colour, string Sign) Look(Severity severity) => severity switch
    {
        Severity.Info => ("info", "#2456A6", "●"),
        Severity.Advisory => ("advisory", "#8A5A00", "◆"),
        Severity.Severe => ("severe", "#A83C07", "▲"),
        _ => ("extreme", "#B00020", "■"),
    };
}
